"""Surfaces that are asked for: on both streams, and of /v1/hud (docs/protocol.md)."""

import json

import pyarrow as pa

from stream_protocol import BINARY, CLOSE, TEXT, WebSocket, expect, get_table, query_of, read_table

TABLES = ["book_snapshot", "wall", "vacuum", "radar", "physics_bands", "gex", "gex_levels"]
SURFACES = ["snap", "velocity", "options", "forecast"] + TABLES
NEWEST_WINDOWS = 1800  # of bootstrap


def read_surface(ws, head):
    kind, text = ws.message()
    expect(kind == TEXT and json.loads(text) == head, f"expected {head}, got {text!r}")
    kind, data = ws.message()
    expect(kind == BINARY, f"{head['surface']} is not binary")
    return read_table(data)


def read_velocity_stream(base, session, surfaces, ends):
    """{surface: table} of as many windows, off /v1/velocity/stream."""
    ws = WebSocket(f"{base}/v1/velocity/stream?{query_of(session, speed=1e6, skip_minutes=0, surfaces=','.join(surfaces))}")
    tables = {name: [] for name in surfaces}
    for end in ends:
        kind, text = ws.message()
        start = json.loads(text)
        expect(kind == TEXT and start["type"] == "batch_start" and start["window_end_ts_ns"] == end,
               f"expected the window {end}, got {text!r}")
        expect(start["surfaces"] == surfaces, f"asked for {surfaces}, got {start['surfaces']}")
        for name in surfaces:
            tables[name].append(read_surface(ws, {"type": "surface_header", "surface": name}))
    ws.close()
    return {name: pa.concat_tables(parts) for name, parts in tables.items()}


def read_hud_stream(base, session, surfaces, ends):
    """The same off /v1/hud/stream, from the window that is as many before the last to the end of the day."""
    ws = WebSocket(f"{base}/v1/hud/stream?{query_of(session, speed=1e6, start_ts_ns=ends[0], surfaces=','.join(surfaces))}")
    tables = {name: [] for name in surfaces}
    for end in ends:
        for name in surfaces:
            tables[name].append(read_surface(ws, {"type": "hud_batch", "surface": name, "window_end_ts_ns": end}))
    expect(ws.message() == (TEXT, '{"type":"end"}'), "the hud stream does not say its end")
    expect(ws.message() == (CLOSE, 1000), "the hud stream is not closed with 1000")
    return {name: pa.concat_tables(parts) for name, parts in tables.items()}


def check_ranges(base, session, ends, tables):
    """What /v1/hud/surfaces and /v1/hud/bootstrap answer of windows is what the stream sent."""
    for name, streamed in tables.items():
        if streamed.num_rows == 0 or name == "snap":  # there, snap is an old name of book_snapshot
            continue
        query = query_of(session, surface=name, start_ts_ns=ends[0], end_ts_ns=ends[-1])
        ranged, headers = get_table(f"{base}/v1/hud/surfaces?{query}")
        expect(ranged.equals(streamed), f"/v1/hud/surfaces and the stream differ in {name}")
        told = {member: headers[f"X-HUD-{member}"] for member in ("Surface", "Start-Ts-Ns", "End-Ts-Ns", "Windows")}
        expect(told == {"Surface": name, "Start-Ts-Ns": ends[0], "End-Ts-Ns": ends[-1], "Windows": str(len(ends))},
               f"headers of {name}: {told}")
        if name in TABLES:
            expect(headers["X-HUD-Rows"] == str(ranged.num_rows), f"{headers['X-HUD-Rows']} rows told of {ranged.num_rows}")
        newest, headers = get_table(f"{base}/v1/hud/bootstrap?{query_of(session, surface=name, end_ts_ns=ends[-1])}")
        expect(int(headers["X-HUD-Windows"]) <= NEWEST_WINDOWS, f"bootstrap has {headers['X-HUD-Windows']} windows")
        expect(newest.slice(newest.num_rows - ranged.num_rows).equals(ranged) or len(ends) > NEWEST_WINDOWS,
               f"bootstrap does not end with the newest rows of {name}")


def check_hud(base, session, asked, windows):
    """Both streams and the ranges, of the surfaces asked for; without any, of the tables that the session has."""
    surfaces = sorted(asked or [name for name in session["surfaces"] if name in TABLES], key=SURFACES.index)
    first, last = int(session["first_window_end_ts_ns"]), int(session["last_window_end_ts_ns"])
    all_ends, _ = get_table(f"{base}/v1/hud/surfaces?{query_of(session, surface='book_snapshot')}")
    ends = [str(end) for end in all_ends["window_end_ts_ns"].to_pylist()]
    expect((ends[0], ends[-1]) == (str(first), str(last)), "the catalogue and the snapshots differ in their windows")
    oldest, newest = ends[:windows], ends[-windows:]
    tables = read_velocity_stream(base, session, surfaces, oldest)
    check_ranges(base, session, oldest, tables)
    on_hud = [name for name in surfaces if name != "snap"]
    if on_hud:
        tables = read_hud_stream(base, session, on_hud, newest)
        check_ranges(base, session, newest, tables)
    for name, table in tables.items():
        print(f"hud        {name:<13} {table.num_rows:>6} rows of {len(newest)} windows, {table.num_columns} columns")
