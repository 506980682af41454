"""Follows a live session (spymaster live) from its first second to its last, and checks what comes against docs/protocol.md.

    .venv/bin/python scripts/fetch_live.py --url http://127.0.0.1:8001 [--reconnects 1]

Every second of the session has to come once and in order, whenever the client connects and whatever the feed goes through; what
the server says of the feed has to fit. Ends when the session does. Exit code 0 if everything is so, 1 otherwise.
"""

import argparse
import json
import sys
import time

import pyarrow as pa

from fetch_stream import check_page, check_window, read_surfaces
from stream_protocol import CLOSE, TEXT, Failed, WebSocket, expect, get, query_of

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
PATIENCE_S = 60  # until the session begins


def wait_for_session(base):
    """The first live session of the catalogue: it is there as soon as the day's contract is known."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for session in json.loads(get(base + "/v1/catalog")[1])["sessions"]:
            if session["dt"] == "live":
                print(f"catalogue  live: {session['product_type']} {session['symbol']} {session['date']}, {session['session']}")
                return session
        time.sleep(0.1)
    raise Failed(f"nothing is live after {PATIENCE_S} s: {get(base + '/v1/feed')[1].decode()}")


def follow(base, session):
    """Every window until the server closes: their ends, and what was said of the feed."""
    ws = WebSocket(f"{base}/v1/velocity/stream?{query_of(session, after_window_end_ts_ns=1)}")
    ends, feeds, total, moving = [], [], 0, 0
    while True:
        kind, data = ws.message()
        if kind == CLOSE:
            expect(data == 1000, f"closed with {data}")
            break
        message = json.loads(data) if kind == TEXT else {"type": "binary"}
        if message["type"] == "feed":
            feeds.append(message)
        elif message["type"] == "batch_start":
            tables, size = read_surfaces(ws, message)
            end = int(message["window_end_ts_ns"])
            check_window(end, tables, ends[-1] if ends else None)
            ends.append(end)
            total += size
            moving += sum(1 for velocity in tables["velocity"]["liquidity_velocity"].to_pylist() if velocity != 0.0)
        else:
            expect(message["type"] == "state", f"unexpected message {message}")
    print(f"stream     {len(ends)} windows in a row, {total:,} bytes, {moving:,} cells with velocity")
    return ends, feeds


def check_session(session, ends):
    first, last = int(session["session_start_ns"]), int(session["session_end_ns"])
    expect(ends == list(range(first, last + 1, NANOS)), f"{len(ends)} windows, not those of the session")


def check_feed(feeds, reconnects, gaps):
    expect(feeds, "not a word of the feed")
    states = [feed["state"] for feed in feeds]
    changes = [state for place, state in enumerate(states) if place == 0 or state != states[place - 1]]
    newest = feeds[-1]
    # A gateway may give out a day of the past: the lag is how late the server is, not how long ago that day was.
    expect(all(abs(int(feed["lag_ns"])) < DAY for feed in feeds), f"a lag of {newest['lag_ns']} ns")
    print(f"feed       {len(feeds)} messages: {', '.join(changes)}; {newest['reconnects']} reconnects, "
          f"{len(newest['gaps'])} gaps")
    expect(newest["reconnects"] >= reconnects, f"{newest['reconnects']} reconnects, not {reconnects}")
    expect(len(newest["gaps"]) == gaps, f"{len(newest['gaps'])} gaps, not {gaps}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8001")
    parser.add_argument("--reconnects", type=int, default=0, help="that there have to be at least")
    parser.add_argument("--gaps", type=int, default=0, help="that there have to be")
    arguments = parser.parse_args()
    base = arguments.url.rstrip("/")
    try:
        check_page(base)
        session = wait_for_session(base)
        ends, feeds = follow(base, session)
        check_session(session, ends)
        check_feed(feeds, arguments.reconnects, arguments.gaps)
    except (Failed, OSError, ValueError, KeyError, pa.ArrowInvalid) as problem:
        print(f"fetch_live: {base}: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
