"""A second evaluation of options, from the raw files to gold, beside independent_replay.py and like it.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/pipeline/independent_chain.py PRODUCT SESSION

Simulates a day of the product and of what it is on, runs `spymaster run` over both, finds the 0DTE options in the definitions,
replays their records with plain dictionaries, option by option, and compares silver exactly and gold within 1e-12 relative.
Spot is taken from the underlying's silver, which independent_replay.py checks.
"""

import json
import math
import struct
import sys
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path

from independent_replay import (ALPHAS, MAYBE_BAD_BOOK, SNAPSHOT, UNDEF_PRICE, Replay, dbn_records, mbo, measure_of,
                                spymaster, table)

UNDEF_SIZE = 2**32 - 1
UNDERLYING = {"future_option_mbo": "future_mbo", "equity_option_mbo": "equity_mbo"}
CELLS = [(right, side) for right in "CP" for side in "AB"]


def text(record, start, length):
    return bytes(record[start : start + length]).split(b"\0")[0].decode()


def expires_on(product, expiration):
    """The calendar date on which an option expires (spec 1.2)."""
    day, time = divmod(expiration, 86_400 * 10**9)
    hours = 0 if product == "equity_option_mbo" and time == 0 else -5  # these days are in winter: New York is at UTC-5
    moment = datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(days=day, seconds=time // 10**9, hours=hours)
    return moment.date().isoformat()


def todays_options(product, path, underlying, dt):
    """instrument_id -> (right, strike), of the last definition of each."""
    last = {}
    for instrument_id, ts_event, record in dbn_records(path, 19):
        if instrument_id not in last or ts_event >= last[instrument_id][0]:
            last[instrument_id] = ts_event, record
    options = {}
    for instrument_id, (_, record) in last.items():
        kind, action, name = chr(record[487]), chr(record[493]), text(record, 238, 71)
        expiration, strike = struct.unpack_from("<Q", record, 40)[0], struct.unpack_from("<q", record, 104)[0]
        if kind in "CP" and action != "D" and "-" not in name and not name.startswith("UD:") and \
                text(record, 391, 21) == underlying and expires_on(product, expiration) == dt:
            options[instrument_id] = kind, strike
    return options


class OrderOption(Replay):
    """The book of one option; seconds holds what each did to it: (bid, ask, valid, {side: sums})."""

    def close(self):
        end = (self.current + 1) * self.window
        if not self.start <= end <= self.end:
            return
        sums = {}
        for side in "AB":
            rest = sum(o[2] for o in self.orders.values() if o[0] == side and end - o[3] >= self.rest)
            add, pull, pull_rest, fill = (sum(f[i] for f in self.flow[side].values()) for i in range(4))
            now = sum(self.depth[side].values())
            sums[side] = [now - add + pull + fill, now, add, pull, pull_rest, fill, rest]
        self.seconds.append((max(self.depth["B"], default=0), min(self.depth["A"], default=0), self.book_valid,
                             self.book_valid and not self.disturbed, sums))


class QuoteOption:
    """The best quotes of one option (spec 4.6), fills by what was traded and went away within the second."""

    def __init__(self, tick, half_width, window, rest, start, end):
        self.window, self.start, self.end = window, start, end
        self.top = {"A": (0, 0), "B": (0, 0)}
        self.flow = {}  # (side, price) -> [add, gone, traded]
        self.current, self.seconds = None, []

    advance = Replay.advance

    def open(self, index):
        self.current, self.flow = index, {}

    def close(self):
        if not self.start <= (self.current + 1) * self.window <= self.end:
            return
        sums = {}
        for side in "AB":
            flow = [(f[0], f[1], min(f[1], f[2])) for (s, _), f in self.flow.items() if s == side]
            add, gone, fill = (sum(f[i] for f in flow) for i in range(3))
            now = self.top[side][1]
            sums[side] = [now - add + gone, now, add, gone - fill, 0, fill, 0]
        self.seconds.append((self.top["B"][0], self.top["A"][0], True, True, sums))

    def account(self, side, price):
        return self.flow.setdefault((side, price), [0, 0, 0])

    def apply(self, price, size, action, side, flags, bid, ask, bid_size, ask_size):
        assert action != "R" and not flags & (SNAPSHOT | MAYBE_BAD_BOOK), "the simulated quotes have none of these"
        best_bid, best_ask = self.top["B"][0], self.top["A"][0]
        if action == "T" and 0 < price != UNDEF_PRICE and 0 < size != UNDEF_SIZE:
            hit = {"B": "A", "A": "B"}.get(side) or ("A" if best_ask and price >= best_ask else
                                                     "B" if best_bid and price <= best_bid else None)
            if hit:
                self.account(hit, price)[2] += size
        for side, price, size in (("A", ask, ask_size), ("B", bid, bid_size)):
            new = (price, size) if 0 < price != UNDEF_PRICE and 0 < size != UNDEF_SIZE else (0, 0)
            old, self.top[side] = self.top[side], new
            if old[0] == new[0]:
                change = new[1] - old[1]
                self.account(side, new[0])[0 if change > 0 else 1] += abs(change)
            else:
                self.account(side, old[0])[1] += old[1]
                self.account(side, new[0])[0] += new[1]


def replay(product, path, options, measure, names):
    """instrument_id -> its seconds. One clock for all: a record stamped before the second goes into it."""
    books, clock = {}, 0
    kind, rtype = (QuoteOption, 177) if product == "equity_option_mbo" else (OrderOption, 160)
    for instrument_id, ts_event, record in dbn_records(path, rtype):
        if instrument_id not in options:
            continue
        if instrument_id not in books:
            books[instrument_id] = kind(*(measure[name] for name in names))
        book = books[instrument_id]
        if rtype == 160:
            fields = mbo(ts_event, record)
            clock = max(clock, (fields[7] if fields[4] & SNAPSHOT else ts_event) // book.window)
        else:
            price, size, action, side, flags = struct.unpack_from("<qIccB", record, 16)
            fields = (price, size, action.decode(), side.decode(), flags, *struct.unpack_from("<qqII", record, 48))
            clock = max(clock, ts_event // book.window)
        book.advance(clock)
        book.apply(*fields)
    for book in books.values():
        book.advance(book.end // book.window)
    return {instrument_id: book.seconds for instrument_id, book in books.items()}


def strike_row(strike, spot, step, rows):
    offset = (2 * (strike - spot) + step) // (2 * step)  # ties go up
    return offset if abs(offset) <= rows else None


def chain(options, seconds, spots, measure):
    """Per second: (window_end, spot, quotes, cells), cells by (right, side) and row (spec 4.7, 4.8)."""
    step, rows = measure["tick_int"] * measure["step_ticks"], measure["half_width_ticks"] // measure["step_ticks"]
    for number, (end, spot) in enumerate(spots):
        cells = {key: [[0] * 7 + [spot > 0] for _ in range(2 * rows + 1)] for key in CELLS}
        quotes = []
        for instrument_id in sorted(seconds):
            right, strike = options[instrument_id]
            history = seconds[instrument_id]
            place = number - len(spots) + len(history)  # an option may be heard of late
            if place < 0:
                continue
            bid, ask, book_valid, valid, sums = history[place]
            if 0 < bid < ask:
                mid = (bid + ask) * 0.5
                quotes.append((instrument_id, right, strike, bid, ask, mid * 1e-9, mid, spot, book_valid))
            row = strike_row(strike, spot, step, rows) if spot > 0 else None
            if row is None:
                continue
            for side in "AB":
                cell = cells[right, side][row + rows]
                for i, value in enumerate(sums[side]):
                    cell[i] += value
                cell[7] = cell[7] and valid
        yield end, spot, quotes, cells


def compare_silver(windows, lake, product, symbol, dt, measure):
    _, snapshots = table(lake, "silver", product, "book_snapshot_1s", symbol, dt)
    _, flows = table(lake, "silver", product, "depth_and_flow_1s", symbol, dt)
    names = ("window_end_ts_ns", "instrument_id", "right", "strike_price_int", "bid_price_int", "ask_price_int", "mid_price",
             "mid_price_int", "spot_ref_price_int", "book_valid")
    theirs = list(zip(*(snapshots.column(name).to_pylist() for name in names)))
    ours = [(end, *quote) for end, _, quotes, _ in windows for quote in quotes]
    assert theirs == ours, f"{len(theirs)} quotes in the lake, {len(ours)} replayed; first difference: " \
        f"{next(((a, b) for a, b in zip(theirs, ours) if a != b), None)}"
    names = ["window_end_ts_ns", "right", "side", "rel_ticks", "strike_price_int", "strike_points", "depth_qty_start",
             "depth_qty_end", "add_qty", "pull_qty_total", "pull_qty_rest", "fill_qty", "depth_qty_rest", "window_valid"]
    if product == "equity_option_mbo":
        names.remove("depth_qty_rest")
    theirs = list(zip(*(flows.column(name).to_pylist() for name in names)))
    step, rows = measure["step_ticks"], measure["half_width_ticks"] // measure["step_ticks"]
    ours = []
    for end, spot, _, cells in windows:
        for right, side in CELLS:
            for offset in range(-rows, rows + 1):
                *amounts, rest, valid = cells[right, side][offset + rows]
                values = amounts + ([rest] if "depth_qty_rest" in names else [])
                ours.append((end, right, side, offset * step, spot + offset * step * measure["tick_int"],
                             spot * 1e-9 + offset * (step * measure["tick_int"] * 1e-9), *map(float, values), valid))
    assert len(theirs) == len(ours), f"{len(theirs)} rows in the lake, {len(ours)} replayed"
    for a, b in zip(theirs, ours):
        assert a == b, f"lake {a}, replay {b}"
    return len(ours)


def gold_rows(windows):
    """{field: values} per second, cells in the order of CELLS and rows (spec 5.1, 5.3, 5.5)."""
    emas = None
    for _, spot, _, cells in windows:
        flat = [cell for key in CELLS for cell in cells[key]]
        u = [(c[2] / (c[0] + 1.0) - c[3] / (c[0] + 1.0)) - c[5] / (c[0] + 1.0) for c in flat]
        if emas is None:
            emas = [list(u) for _ in ALPHAS]
        emas = [[e + alpha * (v - e) for e, v in zip(ema, u)] for ema, alpha in zip(emas, ALPHAS)]
        rho, phi = [math.log(1.0 + c[1]) for c in flat], [c[6] / (c[1] + 1.0) for c in flat]
        slow = [p * e for p, e in zip(phi, emas[2])]
        bands = [[a - b for a, b in zip(x, y)] for x, y in zip(emas, emas[1:])]
        yield {"liquidity_velocity": u, "rho_opt": rho, "phi_rest_opt": phi, "u_opt_p_slow": slow,
               "u_opt_ema_2": emas[0], "u_opt_ema_8": emas[1], "u_opt_ema_32": emas[2], "u_opt_ema_128": emas[3],
               "u_opt_band_fast": bands[0], "u_opt_band_mid": bands[1], "u_opt_band_slow": bands[2],
               "u_opt_wave_energy": [math.sqrt((a * a + b * b) + c * c) for a, b, c in zip(*bands)],
               "Omega_opt": [(r * (0.5 + 0.5 * p)) * (1.0 + max(0.0, s)) for r, p, s in zip(rho, phi, slow)]}


def compare_gold(windows, lake, product, symbol, dt):
    _, gold = table(lake, "gold", product, "physics_surface_1s", symbol, dt)
    columns, compared, worst = {}, 0, 0.0
    for fields in gold_rows(windows):
        for name, values in fields.items():
            columns.setdefault(name, []).extend(values)
    for name in set(columns) & set(gold.schema.names):
        theirs = gold.column(name).to_pylist()
        assert len(theirs) == len(columns[name]), (name, len(theirs), len(columns[name]))
        for number, (a, b) in enumerate(zip(theirs, columns[name])):
            error = abs(a - b) / max(1.0, abs(b))
            worst = max(worst, error)
            assert error <= 1e-12, f"gold row {number} {name}: lake {a}, replay {b}"
            compared += 1
    return compared, worst


def main():
    product, session = sys.argv[1:3]
    with tempfile.TemporaryDirectory() as lake:
        spymaster("simulate", "--products", f"{UNDERLYING[product]},{product}", "--lake", lake, "--session", session,
                  "--events-per-second", 60, "--option-events-per-second", 200, "--strikes", 40)
        root = "SPY" if product == "equity_option_mbo" else "ES"
        dt = next(part for path in Path(lake).rglob("*.dbn.zst") for part in path.name.split("-") if part[:8].isdigit())[:8]
        dt = f"{dt[:4]}-{dt[4:6]}-{dt[6:8]}"
        arguments = ("--symbol", root, "--dt", dt, "--session", session, "--lake", lake, "--layer", "all", "--json")
        for each in (UNDERLYING[product], product):
            report = json.loads(spymaster("run", "--product-type", each, *arguments))[0]
        symbol = next(p for p in report["partitions"] if p["dataset"].startswith("silver."))["symbol"]
        folder, _ = table(lake, "silver", product, "book_snapshot_1s", symbol, dt)
        measure = measure_of(folder)
        names = ("tick_int", "half_width_ticks", "window_ns", "rest_ns", "session_start_ns", "session_end_ns")
        _, underlying = table(lake, "silver", UNDERLYING[product], "book_snapshot_1s", symbol, dt)
        spots = list(zip(*(underlying.column(name).to_pylist() for name in ("window_end_ts_ns", "spot_ref_price_int"))))
        raw = Path(lake) / "raw"
        definitions = next(path for path in raw.rglob("*.definition.dbn.zst") if ("opra" in path.name) == (root == "SPY"))
        options = todays_options(product, definitions, symbol, dt)
        pattern = "*.cmbp-1.dbn.zst" if root == "SPY" else "product_type=future_option_mbo/**/*.mbo.dbn.zst"
        seconds = replay(product, next((raw / "source=databento").glob(f"**/{pattern}")), options, measure, names)
        windows = list(chain(options, seconds, spots, measure))
        rows = compare_silver(windows, lake, product, symbol, dt, measure)
        print(f"{symbol} {dt} {product}: {len(seconds)} options, {rows} flow rows and their quotes agree exactly")
        values, worst = compare_gold(windows, lake, product, symbol, dt)
        print(f"{symbol} {dt} gold: {values} values agree, largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
