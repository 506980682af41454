#!/usr/bin/env python3
"""Asks a running server for its page, its catalogue and some windows of the stream, checks them, and says what came.

    .venv/bin/python scripts/fetch_stream.py [--url http://127.0.0.1:8001] [--windows 10] [--speed 10]
        [--symbol S --dt D --product-type P] [--surfaces wall,gex]

`--surfaces` are asked of both streams and of /v1/hud; without it, the tables that the session has. Exit code 0 if everything
is as the protocol says, 1 otherwise.
"""

import argparse
import json
import re
import sys
import time
import urllib.parse

import pyarrow as pa

from hud_stream import check_hud
from stream_protocol import BINARY, TEXT, Failed, WebSocket, expect, get, get_table, query_of, read_table

SURFACES = {
    "snap": ["window_end_ts_ns", "mid_price", "spot_ref_price_int", "book_valid"],
    "velocity": ["window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "side", "liquidity_velocity", "rho", "nu", "kappa",
                 "pressure_grad", "u_wave_energy", "Omega"],
    "options": ["window_end_ts_ns", "spot_ref_price_int", "rel_ticks", "liquidity_velocity"],
    "forecast": ["window_end_ts_ns", "horizon_s", "predicted_spot_tick", "predicted_tick_delta", "confidence",
                 "RunScore_up", "RunScore_down", "D_up", "D_down"],
}
RANGE_WINDOWS = 1800  # that one answer may have


def check_page(base):
    kind, page = get(base + "/")
    expect(kind == "text/html", f"/ is {kind}, not a page")
    scripts = re.findall(r'(?:src|href)="([^"]+\.(?:js|css))"', page.decode())
    expect(scripts, "the page names no script")
    total = len(page)
    for script in scripts:
        total += len(get(urllib.parse.urljoin(base + "/", script))[1])
    print(f"page       {1 + len(scripts)} files, {total:,} bytes")


def choose_session(base, wanted):
    """The first session of the catalogue that has all of `wanted`, {member: value}."""
    sessions = json.loads(get(base + "/v1/catalog")[1])["sessions"]
    expect(sessions, "the catalogue is empty")
    for session in sessions:
        if wanted.items() <= session.items():
            print(f"catalogue  {len(sessions)} sessions; {session['product_type']} {session['symbol']} {session['dt']}, "
                  f"{session['session']}, {session['window_count']} windows, tick {int(session['tick_int']) / 1e9:g}, "
                  f"{session['source']}")
            return session
    raise Failed(f"the catalogue has no {' '.join(wanted.values())}")


def read_window(ws):
    """The nine messages of a window, decoded: (batch_start, {surface: table}, bytes)."""
    kind, text = ws.message()
    expect(kind == TEXT, f"expected batch_start, got {(kind, text)!r}")
    start = json.loads(text)
    expect(start["type"] == "batch_start", f"expected batch_start, got {text}")
    return start, *read_surfaces(ws, start)


def read_surfaces(ws, start):
    """What follows a batch_start: ({surface: table}, bytes)."""
    expect(start["surfaces"] == list(SURFACES), f"surfaces are {start['surfaces']}")
    tables, size = {}, 0
    for surface, names in SURFACES.items():
        kind, text = ws.message()
        expect(kind == TEXT and json.loads(text) == {"type": "surface_header", "surface": surface},
               f"expected the header of {surface}, got {text!r}")
        kind, data = ws.message()
        expect(kind == BINARY, f"{surface} is not binary")
        tables[surface] = read_table(data)
        expect(tables[surface].schema.names == names, f"{surface} has the fields {tables[surface].schema.names}")
        size += len(data)
    return tables, size


def check_window(end, tables, previous_end):
    expect(previous_end is None or end == previous_end + 1_000_000_000, f"window {end} after {previous_end}")
    snap, velocity = tables["snap"], tables["velocity"]
    expect(snap.num_rows == 1, f"snap has {snap.num_rows} rows")
    for name, table in tables.items():
        expect(set(table["window_end_ts_ns"].to_pylist()) <= {end}, f"{name} has rows of another window")
    if snap["book_valid"][0].as_py():
        sides = velocity["side"].to_pylist()
        expect(sides == sorted(sides) and set(sides) == {"A", "B"}, "velocity is not A then B")
        ticks = velocity["rel_ticks"].to_pylist()
        half = len(ticks) // 2
        expect(ticks[:half] == list(range(ticks[0], ticks[0] + half)) == ticks[half:], "rel_ticks are not dense and ascending")
    for name, table in tables.items():
        if name != "forecast":
            expect(all(column.null_count == 0 for column in table.columns), f"{name} has nulls")


def check_options(base, session, tables):
    """The options of windows in a row: on the grid of the catalogue, and the same when asked for as a range."""
    streamed = pa.concat_tables(tables[:RANGE_WINDOWS])
    options = session["options"]
    if options is None:
        expect(streamed.num_rows == 0, "options that the catalogue does not have")
        return
    half, step = options["half_width_ticks"], options["step_ticks"]
    for table in tables:
        ticks = table["rel_ticks"].to_pylist()
        expect(ticks in ([], list(range(-half, half + 1, step))), f"options stand at {ticks}, not every {step} to {half}")
    ends = streamed["window_end_ts_ns"].to_pylist()
    if ends:
        query = query_of(session, start=ends[0], end=ends[-1])
        expect(get_table(f"{base}/v1/options.arrow?{query}")[0].equals(streamed), "/v1/options.arrow and the stream differ")
    strikes = sum(1 for v in streamed["liquidity_velocity"].to_pylist() if v != 0.0)
    print(f"options    {options['product_type']}: {sum(1 for table in tables if table.num_rows)} of these windows, "
          f"{1 + 2 * half // step} strikes each, {strikes:,} strikes with velocity{'' if options['fresh'] else ', stale'}")


PATH = ["predicted_spot_tick", "predicted_tick_delta", "confidence"]
SCORES = ["RunScore_up", "RunScore_down", "D_up", "D_down"]


def check_forecast(start, tables, tick):
    """The forecast of a window: 31 rows, or one of nulls; whether it is one. (A second may be invalid without the snap
    saying so: window_valid is not streamed.)"""
    problem = start.get("forecast_problem")
    expect(problem is None, f"no forecast: {problem}")
    expect(start["calibration"] is None or isinstance(start["calibration"], str), "calibration is neither a name nor null")
    rows = tables["forecast"].to_pylist()
    expect([row["horizon_s"] for row in rows] in ([0], list(range(31))), f"forecast has {len(rows)} rows")
    given = len(rows) > 1
    snap = tables["snap"].to_pylist()[0]
    expect(snap["book_valid"] and snap["spot_ref_price_int"] > 0 or not given, "a forecast of a second that is not valid")
    for row in rows:
        for names, there in (SCORES, given and row["horizon_s"] == 0), (PATH, row["horizon_s"] > 0):
            expect(all((row[name] is not None) == there for name in names), f"nulls of a forecast: {row}")
    for row in rows[1:]:
        expect(0.0 <= row["confidence"] <= 1.0, f"confidence {row['confidence']}")
        expect(row["predicted_spot_tick"] - row["predicted_tick_delta"] == snap["spot_ref_price_int"] // tick,
               "a predicted tick is not the spot of the second and the delta")
    return given


def check_forecasts(base, session, starts, tables):
    """The forecasts of windows in a row; the same when asked for as a range, and one of them in full."""
    tick = int(session["tick_int"])
    given = [place for place, (start, window) in enumerate(zip(starts, tables)) if check_forecast(start, window, tick)]
    expect(given, "not one forecast")
    streamed = pa.concat_tables([window["forecast"] for window in tables[:RANGE_WINDOWS]])
    ends = streamed["window_end_ts_ns"].to_pylist()
    ranged, _ = get_table(f"{base}/v1/forecast.arrow?{query_of(session, start=ends[0], end=ends[-1])}")
    expect(ranged.equals(streamed), "/v1/forecast.arrow and the stream differ")
    rows = tables[given[-1]]["forecast"].to_pylist()
    explained = json.loads(get(f"{base}/v1/forecast/explain?"
                               f"{query_of(session, window_end_ts_ns=rows[0]['window_end_ts_ns'])}")[1])
    expect([(int(step["predicted_spot_tick"]), step["confidence"]) for step in explained["path"]] ==
           [(row["predicted_spot_tick"], row["confidence"]) for row in rows[1:]], "/v1/forecast/explain and the stream differ")
    names = {start["calibration"] for start in starts}
    listed = {each["name"] for each in json.loads(get(f"{base}/v1/calibration?{query_of(session)}")[1])["calibrations"]}
    expect(names - {None} <= listed, f"/v1/calibration has {listed}, the stream {names}")
    last = rows[-1]
    print(f"forecast   {len(given)} of these windows, {', '.join(sorted(name or 'uncalibrated' for name in names))}; the last: "
          f"{last['predicted_tick_delta']:+d} ticks in 30 s, confidence {last['confidence']:.3g}, walls {rows[0]['D_up']} up and "
          f"{rows[0]['D_down']} down, run scores {rows[0]['RunScore_up']:.3g} and {rows[0]['RunScore_down']:.3g}")


def check_stream(base, session, windows, speed):
    ws = WebSocket(f"{base}/v1/velocity/stream?{query_of(session, speed=speed, skip_minutes=0)}")
    end, rows, total, moving, starts, windows_read = None, {name: 0 for name in SURFACES}, 0, 0, [], []
    began = time.monotonic()
    count = min(windows, int(session["window_count"]))
    for _ in range(count):
        previous_end = end
        start, tables, size = read_window(ws)
        end = int(start["window_end_ts_ns"])
        check_window(end, tables, previous_end)
        total += size
        moving += sum(1 for v in tables["velocity"]["liquidity_velocity"].to_pylist() if v != 0.0)
        starts.append(start)
        windows_read.append(tables)
        for name, table in tables.items():
            rows[name] += table.num_rows
    ws.close()
    expect(rows["velocity"] > 0, "no velocity rows at all")
    expect(moving > 0, "liquidity_velocity is zero everywhere")
    print(f"stream     {count} windows in {time.monotonic() - began:.1f} s at speed {speed:g}, {total:,} bytes, "
          f"{moving:,} cells with velocity")
    for name, number in rows.items():
        print(f"           {name:<9} {number:>6} rows  {' '.join(SURFACES[name])}")
    check_options(base, session, [tables["options"] for tables in windows_read])
    check_forecasts(base, session, starts, windows_read)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8001")
    parser.add_argument("--windows", type=int, default=10)
    parser.add_argument("--speed", type=float, default=10.0)
    parser.add_argument("--symbol")
    parser.add_argument("--dt")
    parser.add_argument("--product-type")
    parser.add_argument("--surfaces", help="with commas between them")
    arguments = parser.parse_args()
    base = arguments.url.rstrip("/")
    wanted = {name: value for name in ("product_type", "symbol", "dt") if (value := getattr(arguments, name))}
    try:
        check_page(base)
        session = choose_session(base, wanted)
        check_stream(base, session, arguments.windows, arguments.speed)
        check_hud(base, session, arguments.surfaces.split(",") if arguments.surfaces else None, arguments.windows)
    except (Failed, OSError, ValueError, KeyError, pa.ArrowInvalid) as problem:
        print(f"fetch_stream: {base}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
