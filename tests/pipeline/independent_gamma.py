"""A second evaluation of gamma exposure, from docs/gamma.md alone and in another language: from the definitions, the open
interest as published and the quotes of a lake to the surface and the levels of some of its seconds.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/pipeline/independent_gamma.py SYMBOL SESSION

SYMBOL: ES or SPY, of which a day is simulated. Exit code 0: all agree.
"""

import math
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow.parquet as pq

from independent_replay import spymaster

EVERY = 20  # seconds between those compared
RATE = 0.05
YEAR_NS = 365 * 86_400 * 10**9
MEASURES = {"ES": ("future_mbo", "future_option", 12, 0.0, 50.0), "SPY": ("equity_mbo", "equity_option", 25, RATE, 100.0)}


def rows(lake, layer, product, symbol, table):
    (path,) = Path(lake).glob(f"{layer}/**/product_type={product}/symbol={symbol}/table={table}/dt=2026-01-06/part-00000.parquet")
    return pq.ParquetFile(path).read().to_pylist()


def normal(x):
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


class Chain:
    """The options of a day: terms by instrument, and what was published of their open interest, in the order it was known."""

    def __init__(self, lake, product, symbol, carry, multiplier):
        self.carry = carry
        self.terms = {}
        for one in rows(lake, "bronze", "shared", symbol, "instrument_definitions"):
            expiration = one["expiration"]
            if one["instrument_class"] not in "CP" or one["security_update_action"] == "D":
                continue
            if expiration % (86_400 * 10**9) == 0:  # a date: 16:00 New York of it
                day = datetime.fromtimestamp(expiration // 10**9, ZoneInfo("UTC"))
                closing = datetime(day.year, day.month, day.day, 16, tzinfo=ZoneInfo("America/New_York"))
                expiration = int(closing.timestamp()) * 10**9
            self.terms[one["instrument_id"]] = (one["instrument_class"], one["strike_price"], expiration,
                                                one["multiplier"] or multiplier, one["raw_symbol"])
        self.published = {}
        for one in rows(lake, "bronze", product, symbol, "statistics"):
            known = 0.0 if one["update_action"] == "D" else one["open_interest"]
            self.published.setdefault(one["option_symbol"], []).append((one["ts_recv_ns"], known))
        self.listed = sorted({terms[1] for terms in self.terms.values()})

    def open_interest(self, instrument, moment):
        """The last that was received up to a moment; 0 before the first."""
        known = 0.0
        for received, contracts in self.published.get(self.terms[instrument][4], []):
            if received <= moment:
                known = contracts
        return known


def value(right, forward, strike, discount, total):
    """Black's formula; `total` is the volatility to the expiration."""
    d1 = math.log(forward / strike) / total + total / 2.0
    d2 = d1 - total
    if right == "C":
        return discount * (forward * normal(d1) - strike * normal(d2))
    return discount * (strike * normal(-d2) - forward * normal(-d1))


def volatility(right, spot, strike, years, carry, price):
    """By bisection; None if no volatility gives the price, or next to none does."""
    forward, discount = spot * math.exp(carry * years), math.exp(-RATE * years)
    exercised = discount * max(0.0, forward - strike if right == "C" else strike - forward)
    if not exercised + 1e-10 * forward < price < discount * (forward if right == "C" else strike):
        return None
    low, high = 0.001 * math.sqrt(years), 20.0
    if value(right, forward, strike, discount, low) >= price:
        return None
    for _ in range(200):
        middle = (low + high) / 2.0
        low, high = (middle, high) if value(right, forward, strike, discount, middle) < price else (low, middle)
    return (low + high) / 2.0 / math.sqrt(years)


def gamma(spot, strike, years, carry, sigma):
    forward, total = spot * math.exp(carry * years), sigma * math.sqrt(years)
    d1 = math.log(forward / strike) / total + total / 2.0
    density = math.exp(-d1 * d1 / 2.0) / math.sqrt(2.0 * math.pi)
    return math.exp(-RATE * years) * (forward / spot) ** 2 * density / (forward * total)


def exposure_of(chain, option, spot, moment):
    right, strike, expiration, multiplier, contracts, sigma = option
    years = (expiration - moment) / YEAR_NS
    return gamma(spot, strike * 1e-9, years, chain.carry, sigma) * contracts * multiplier * spot * spot * 0.01


def priced(chain, quotes, spot, moment):
    """(options with a volatility, how many with open interest have none)."""
    by_instrument = {quote["instrument_id"]: quote for quote in quotes}
    options, unpriced = [], 0
    for instrument, (right, strike, expiration, multiplier, _) in chain.terms.items():
        contracts = chain.open_interest(instrument, moment)
        if contracts <= 0.0:
            continue
        quote = by_instrument.get(instrument)
        years = (expiration - moment) / YEAR_NS
        sigma = None
        if quote and quote["book_valid"] and 0 < quote["bid_price_int"] < quote["ask_price_int"]:
            sigma = volatility(right, spot, strike * 1e-9, years, chain.carry, quote["mid_price"])
        if sigma is None:
            unpriced += 1
        else:
            options.append((right, strike, expiration, multiplier, contracts, sigma))
    return options, unpriced


def near(name, ours, theirs, scale):
    assert abs(ours - theirs) <= 1e-6 * max(scale, 1.0), f"{name}: lake {theirs}, evaluated {ours}"
    return abs(ours - theirs) / max(scale, 1.0)


def compare_levels(chain, options, unpriced, spot, moment, level):
    totals = {right: sum(exposure_of(chain, o, spot, moment) for o in options if o[0] == right) for right in "CP"}
    scale = totals["C"] + totals["P"]
    worst = max(near("call total", totals["C"], level["gex_call_total"], scale),
                near("put total", totals["P"], level["gex_put_total"], scale),
                near("total", totals["C"] - totals["P"], level["gex_total"], scale))
    assert (level["options_priced"], level["options_unpriced"]) == (len(options), unpriced)
    flip = level["flip_price_int"]
    if flip is not None:  # there the total is next to nothing, and it changes sign
        def net(price):
            return sum((1 if o[0] == "C" else -1) * exposure_of(chain, o, price, moment) for o in options)
        assert abs(net(flip * 1e-9)) <= 1e-3 * scale, f"at the flip {flip} of {moment} the total is {net(flip * 1e-9)}"
        assert net(flip * 1e-9 - 0.5) * net(flip * 1e-9 + 0.5) < 0
    for name, right in (("call_wall_price_int", "C"), ("put_wall_price_int", "P")):
        at = {}
        for option in options:
            if option[0] == right:
                at[option[1]] = at.get(option[1], 0.0) + exposure_of(chain, option, spot, moment)
        assert at.get(level[name], 0.0) >= max(at.values(), default=0.0) * (1.0 - 1e-9), f"{name} of {moment}"
    return worst


def compare_surface(chain, options, spot, anchor, moment, surface, reach):
    place = min(range(len(chain.listed)), key=lambda i: (abs(chain.listed[i] - anchor), -chain.listed[i]))
    strikes = chain.listed[max(0, place - reach):place + reach + 1]
    assert [row["strike_price_int"] for row in surface] == strikes, f"strikes of {moment}"
    worst = 0.0
    for row in surface:
        sums = {right: sum(exposure_of(chain, o, spot, moment) for o in options if o[:2] == (right, row["strike_price_int"]))
                for right in "CP"}
        scale = sums["C"] + sums["P"]
        worst = max(worst, near("calls", sums["C"], row["gex_call_abs"], scale),
                    near("puts", sums["P"], row["gex_put_abs"], scale), near("net", sums["C"] - sums["P"], row["gex"], scale))
    return worst


def main():
    symbol, session = sys.argv[1:3]
    product, option, reach, carry, multiplier = MEASURES[symbol]
    with tempfile.TemporaryDirectory() as lake:
        spymaster("simulate", "--products", f"{product},{option}_mbo", "--lake", lake, "--session", session)
        spymaster("run", "--product-type", "all", "--symbol", symbol, "--dt", "2026-01-06", "--session", session, "--lake", lake)
        name = next(Path(lake).glob(f"silver/product_type={option}_mbo/symbol=*")).name.removeprefix("symbol=")
        chain = Chain(lake, option, name, carry, multiplier)
        under = {row["window_end_ts_ns"]: row for row in rows(lake, "silver", product, name, "book_snapshot_1s")}
        tables = {}
        for table in ("book_snapshot_1s", "gex_surface_1s", "gex_levels_1s"):
            tables[table] = {}
            for row in rows(lake, "silver", f"{option}_mbo", name, table):
                tables[table].setdefault(row["window_end_ts_ns"], []).append(row)
        worst = seconds = strikes = 0
        for moment in sorted(under)[::EVERY]:
            snapshot = under[moment]
            if snapshot["spot_ref_price_int"] == 0:
                continue
            crossed = not 0 < snapshot["best_bid_price_int"] < snapshot["best_ask_price_int"]
            spot = snapshot["spot_ref_price_int"] * 1e-9 if crossed else snapshot["mid_price"]
            options, unpriced = priced(chain, tables["book_snapshot_1s"].get(moment, []), spot, moment)
            (level,) = tables["gex_levels_1s"][moment]
            surface = tables["gex_surface_1s"][moment]
            worst = max(worst, compare_levels(chain, options, unpriced, spot, moment, level),
                        compare_surface(chain, options, spot, snapshot["spot_ref_price_int"], moment, surface, reach))
            seconds, strikes = seconds + 1, strikes + len(surface)
        assert seconds > 0 and strikes > 0, "nothing was compared"
        print(f"{symbol}: {strikes} strikes and the levels of {seconds} seconds agree, largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
