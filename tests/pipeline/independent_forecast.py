"""A second evaluation of the forecast, written from the specification alone, beside independent_replay.py and like it.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/pipeline/independent_forecast.py RAW SESSION
    ... simulated SESSION [PRODUCT]         on a simulated day instead: future_mbo (with the options on it), equity_mbo

Runs `spymaster run` through gold (which independent_replay.py and independent_chain.py check), puts calibrations beside it,
runs `--layer stream`, evaluates spec 5.6 to 5.8 on the Parquet files of silver and gold, and compares every row: ticks and
distances exactly, numbers within 1e-9. A tick may differ only where the path is within 1e-9 of half a tick.

Exit code 0: all agree; 77: the file is not there.
"""

import json
import math
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path

from independent_replay import FAR, NEAR, half_even, smooth, spymaster, table

W_FORCE = [math.exp(-(k * k) / (2.0 * 12 * 12)) for k in range(1, 65)]
W_DAMPING = [math.exp(-(k * k) / (2.0 * 6 * 6)) for k in range(1, 17)]
W_CORRIDOR = [math.exp(-k / 16.0) for k in range(1, 65)]
SPREAD = [(d, math.exp(-(d * d) / (2.0 * 8 * 8))) for d in range(-24, 25)]


def in_order(values):
    total = 0.0
    for value in values:
        total += value
    return total


W_FORCE = [w / in_order(W_FORCE) for w in W_FORCE]
W_DAMPING = [w / in_order(W_DAMPING) for w in W_DAMPING]


def spread(obstacles, strikes, width):
    """Omega_opt of a second onto every tick (spec 5.6)."""
    total = in_order(g for _, g in SPREAD)
    kernel = {d: g / total for d, g in SPREAD}
    out = [0.0] * (2 * width + 1)
    for x in range(-width, width + 1):
        for s, obstacle in zip(strikes, obstacles):
            if abs(x - s) <= 24:
                out[x + width] += obstacle * kernel[x - s]
    return out


def beyond(field, width, value):
    """A field by rel_ticks that is `value` beyond the lattice."""
    return lambda x: field[x + width] if -width <= x <= width else value


def interpolated(field, y):
    i = math.floor(y)
    f = y - i
    return field(i) if f == 0 else field(i) + (field(i + 1) - field(i)) * f


def run_score(prominence, u_near, u_p_slow, direction):
    """(run score, D) one way (spec 5.7)."""
    ahead = [prominence(direction * k) for k in range(1, 65)]
    threshold = 0.60 * max(ahead)
    distance = next((k for k, p in enumerate(ahead, 1) if p >= threshold), 64)
    eroded = in_order(W_CORRIDOR[k - 1] * max(0.0, -u_near(direction * k)) for k in range(1, distance))
    vacuum = eroded / in_order(W_CORRIDOR[: distance - 1]) if distance > 1 else 0.0
    return vacuum - max(0.0, u_p_slow(direction * distance)), distance


def drive_at(delta, kappa, g, nu):
    """(F, NuLocal) of a particle at x + delta (spec 5.8, D-8)."""
    force = in_order((W_FORCE[abs(x) - 1] * interpolated(kappa, x + delta)) * interpolated(g, x + delta)
                     for x in range(-64, 65) if x)
    damping = in_order(W_DAMPING[abs(x) - 1] * interpolated(nu, x + delta) for x in range(-16, 17) if x)
    return force, damping


def clamp(value, bound):
    return max(-bound, min(bound, value))


def forecast(fields, option_spread, width, spot, previous, beta, gamma):
    """The rows of a valid second without their window, and the path before it is rounded. Fields: by side, then rel_ticks."""
    prominence, nu_sides = {}, {}
    for side in "AB":
        total = [a + 0.70 * b for a, b in zip(fields["Omega"][side], option_spread)]
        near, far = smooth(total, NEAR), smooth(total, FAR)
        prominence[side] = [a - b for a, b in zip(near, far)]
        nu_sides[side] = [(1.0 + n) + 2.0 * max(0.0, p) for n, p in zip(near, prominence[side])]

    def way(side, direction):
        return run_score(*(beyond(field[side], width, 0.0) for field in (prominence, fields["u_near"], fields["u_p_slow"])),
                         direction)

    (up, d_up), (down, d_down) = way("A", +1), way("B", -1)

    def directional(sides, middle):
        return sides["B"][:width] + [middle] + sides["A"][width + 1 :]

    nu_values = directional(nu_sides, 0.5 * (nu_sides["A"][width] + nu_sides["B"][width]))
    nu = beyond(nu_values, width, 1.0)
    kappa = beyond([1.0 / value for value in nu_values], width, 1.0)
    g = beyond(directional(fields["pressure_grad"], 0.0), width, 0.0)

    velocity = float(clamp(spot - previous, 8)) if previous is not None else 0.0
    delta, path, conviction = 0.0, [], None
    for _ in range(30):
        force, damping = drive_at(delta, kappa, g, nu)
        if conviction is None:
            conviction = math.tanh(abs(force) / (1.0 + damping))
        velocity = clamp((1.0 - gamma) * velocity + beta * force / (1.0 + damping), 8)
        delta = clamp(delta + velocity, 80)
        path.append(delta)
    rows = [(0, None, None, None, up, down, d_up, d_down)]
    for h, delta in enumerate(path, 1):
        ticks = round(delta)
        gate = math.tanh(max(0.0, up)) if ticks > 0 else math.tanh(max(0.0, down)) if ticks < 0 else 0.0
        rows.append((h, spot + ticks, ticks, conviction * gate, None, None, None, None))
    return rows, path


def surfaces(gold, names, lanes):
    """window_end -> {name: {lane: values by rel_ticks}}, and the rel_ticks of a lane. A lane is named by its side, of options
    by right and side, as its rows say."""
    keys = [gold.column(name).to_pylist() for name in lanes]
    ends, rel_ticks = gold.column("window_end_ts_ns").to_pylist(), gold.column("rel_ticks").to_pylist()
    columns = {name: gold.column(name).to_pylist() for name in names}
    found = {}
    for row, end in enumerate(ends):
        lane = "".join(key[row] for key in keys)
        for name, column in columns.items():
            found.setdefault(end, {}).setdefault(name, {}).setdefault(lane, []).append(column[row])
    return found, sorted(set(rel_ticks))


def in_force(calibrations, end):
    """(beta, gamma) of the calibration trained last of those trained before the window ended."""
    trained = [(until, parameters) for until, parameters in calibrations if until < end]
    return max(trained)[1] if trained else (1.0, 0.2)


def second_evaluation(lake, product, symbol, dt, calibrations):
    """(rows, the path) of every second, from silver and gold."""
    _, snapshots = table(lake, "silver", product, "book_snapshot_1s", symbol, dt)
    folder, gold = table(lake, "gold", product, "physics_surface_1s", symbol, dt)
    tick = int(json.loads((folder / "_MANIFEST.json").read_text())["properties"]["tick_int"])
    fields, rel_ticks = surfaces(gold, ("u_near", "u_p_slow", "Omega", "pressure_grad"), ("side",))
    width = rel_ticks[-1]
    options, strikes = {}, []
    if product == "future_mbo" and (Path(lake) / "gold/product_type=future_option_mbo").exists():
        options, strikes = surfaces(table(lake, "gold", "future_option_mbo", "physics_surface_1s", symbol, dt)[1],
                                    ("Omega_opt",), ("right", "side"))
    previous = 0
    for snapshot in snapshots.to_pylist():
        end, spot = snapshot["window_end_ts_ns"], snapshot["spot_ref_price_int"]
        if snapshot["book_valid"] and snapshot["window_valid"] and spot > 0:
            lanes = options[end]["Omega_opt"] if end in options else {}
            on_top = [in_order(strike) for strike in zip(*(lanes[lane] for lane in ("CA", "CB", "PA", "PB") if lanes))]
            rows, path = forecast(fields[end], spread(on_top, strikes, width), width, half_even(spot, tick),
                                  half_even(previous, tick) if previous > 0 else None, *in_force(calibrations, end))
        else:
            rows, path = [(0,) + (None,) * 7], []
        yield end, rows, path
        previous = spot


def compare(lake, product, symbol, dt, calibrations):
    names = ("horizon_s", "predicted_spot_tick", "predicted_tick_delta", "confidence", "RunScore_up", "RunScore_down", "D_up",
             "D_down")
    stored = table(lake, "stream", "forecast", "forecast_1s", symbol, dt)[1]
    theirs = zip(stored.column("window_end_ts_ns").to_pylist(), zip(*(stored.column(name).to_pylist() for name in names)))
    compared, on_edge, nulls, moving, worst = 0, 0, 0, 0, 0.0
    for end, rows, path in second_evaluation(lake, product, symbol, dt, calibrations):
        nulls += not path
        for row in rows:
            their_end, their_row = next(theirs)
            assert their_end == end, f"lake has a row of window {their_end}, not of {end}"
            edge = row[0] > 0 and abs(abs(path[row[0] - 1] - math.floor(path[row[0] - 1])) - 0.5) < 1e-9
            for name, a, b in zip(names, their_row, row):
                place = f"window {end} horizon {row[0]} {name}: lake {a}, second evaluation {b}"
                assert (a is None) == (b is None), place
                if isinstance(b, float):
                    worst = max(worst, abs(a - b))
                    assert abs(a - b) <= 1e-9 or (edge and name == "confidence"), place
                elif a != b:
                    assert edge and abs(a - b) == 1, place
                    on_edge += 1
            moving += bool(row[2])
            compared += 1
    assert next(theirs, None) is None, "the lake has more rows"
    assert moving, "no path ever moved: there was nothing to compare"
    return compared, nulls, moving, on_edge, worst


def store_calibration(lake, product, symbol, until, beta, gamma):
    """A document as calibration_store.hpp describes it."""
    name = datetime.fromtimestamp(until // 10**9, timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    path = Path(lake) / f"calibration/forecast/product_type={product}/symbol={symbol}/{name}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    fit = {"beta": beta, "gamma": gamma, "a": 1.0 - gamma, "b": beta, "a_std_error": 0.0, "b_std_error": 0.0, "r_squared": 0.0,
           "samples": 100}
    flow = [{"horizon_s": h, "slope": 0.0, "slope_std_error": 0.0, "samples": 0} for h in (1, 2, 5, 10, 20, 30)]
    day = {"symbol": symbol, "dt": datetime.fromtimestamp(until // 10**9, timezone.utc).date().isoformat(),
           "first_window_end_ts_ns": until - 60 * 10**9, "last_window_end_ts_ns": until, "samples": 100, "manifests": {}}
    path.write_text(json.dumps({
        "format": 1, "product_type": product, "symbol": symbol, "session": "made up", "path": fit, "order_flow": flow,
        "micro_price": {"adjustment": [[0.0] * 10] * 3, "samples": 0}, "confidence_scale": None, "days": [day], "contracts": {},
        "engine_sha256": "0" * 64}))
    return until, (beta, gamma)


def main():
    raw, session = sys.argv[1:3]
    product = sys.argv[3] if len(sys.argv) > 3 else "future_mbo"
    with tempfile.TemporaryDirectory() as lake:
        common = ["--session", session, "--lake", lake, "--json"]
        if raw == "simulated":
            with_options = product == "future_mbo"
            products = [product] + (["future_option_mbo"] if with_options else [])
            root = "ES" if with_options else "SPY"
            dt = "2026-01-06"
            spymaster("simulate", "--products", ",".join(products), "--symbol", root, "--dt", dt, "--seed", 16,
                      "--events-per-second", 60, "--option-events-per-second", 200, "--strikes", 40, *common)
            for each in products:
                report = json.loads(spymaster("run", "--product-type", each, "--symbol", root, "--dt", dt, "--layer", "all",
                                              *common))[0]
        elif not Path(raw).exists():
            print(f"{raw} is not there")
            sys.exit(77)
        else:
            report = json.loads(spymaster("run", "--product-type", product, "--raw", raw, "--layer", "all", *common))[0]
        silver = next(p for p in report["partitions"] if p["dataset"].startswith("silver."))
        symbol, dt = silver["symbol"], silver["dt"]
        ends = table(lake, "silver", product, "book_snapshot_1s", symbol, dt)[1].column("window_end_ts_ns").to_pylist()
        third = len(ends) // 3
        push = 60.0 if product == "future_mbo" else 6000.0  # so that paths move: a tick of a share is half a dollar
        calibrations = [store_calibration(lake, product, symbol, ends[third], push, 0.35),
                        store_calibration(lake, product, symbol, ends[2 * third], push / 10, 0.9)]
        report = json.loads(spymaster("run", "--product-type", product, "--symbol", symbol, "--dt", dt, "--layer", "stream",
                                      *common[2:]))[0]
        assert report["partitions"][0]["dataset"] == "stream.forecast_1s" and report["partitions"][0]["written"], report
        compared, nulls, moving, on_edge, worst = compare(lake, product, symbol, dt, calibrations)
        print(f"{symbol} {dt} {product}: {compared} rows of {len(ends)} seconds agree ({nulls} without a forecast, {moving} that "
              f"move, {on_edge} on the edge of a tick), largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
