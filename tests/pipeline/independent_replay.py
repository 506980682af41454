"""A second evaluation of the whole line, written from the specification alone and in another language.

Runs `spymaster run` on a raw DBN file into a lake of its own, replays the same file with plain dictionaries, rebuilds silver
for every second of the session and gold for some of them, and compares: silver exactly, gold within 1e-12 relative.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/pipeline/independent_replay.py RAW SESSION
    ... simulated SESSION [PRODUCT]         on a simulated day instead: future_mbo, equity_mbo; options: independent_chain.py

Exit code 0: all agree; 77: the file is not there.
"""

import json
import math
import os
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

import pyarrow.parquet as pq

LAST, SNAPSHOT, MAYBE_BAD_BOOK = 128, 32, 4
UNDEF_PRICE = 2**63 - 1
GOLD_EVERY = 60  # seconds between the gold surfaces compared


def dbn_records(path, rtype):
    """(instrument_id, ts_event, the record's bytes) of each record of a type, in file order."""
    data = memoryview(subprocess.run(["zstd", "-dcq", str(path)], check=True, capture_output=True).stdout)
    position = 8 + struct.unpack_from("<I", data, 4)[0]
    while position < len(data):
        length = data[position] * 4
        if data[position + 1] == rtype:
            instrument_id, ts_event = struct.unpack_from("<IQ", data, position + 4)
            yield instrument_id, ts_event, data[position : position + length]
        position += length


def mbo(ts_event, record):
    """(ts_event, order_id, price, size, flags, action, side, ts_recv) of a market-by-order record."""
    order_id, price, size, flags, _, action, side, ts_recv = struct.unpack_from("<QqIBBccQ", record, 16)
    return ts_event, order_id, price, size, flags, action.decode(), side.decode(), ts_recv


def mbo_records(path):
    for _, ts_event, record in dbn_records(path, 160):
        yield mbo(ts_event, record)


def half_even(a, b):
    q, r = divmod(a, b)
    return q + 1 if 2 * r > b or (2 * r == b and q % 2 == 1) else q


class Replay:
    """Spec 4.2.2 to 4.3, one dictionary per thing it names."""

    def __init__(self, tick, half_width, window, rest, start, end, increment=None):
        self.tick, self.half_width, self.window, self.rest = tick, half_width, window, rest
        self.buckets = increment is not None and increment < tick  # spec 4.4: prices are gathered to a tick
        self.start, self.end = start, end
        self.orders = {}  # id -> [side, price, qty, t_enter]
        self.depth = {"A": {}, "B": {}}
        self.flow = {"A": {}, "B": {}}  # price -> [add, pull, pull_rest, fill]
        self.pending = {}
        self.last_trade = 0
        self.book_valid = True
        self.loading = False
        self.awaiting_last = False
        self.current = None
        self.published = None  # (bid, its qty, ask, its qty) of the last state shown; None if nothing may be counted from it
        self.imbalance = 0
        self.seconds = []  # (snapshot dict, [flow row tuples])

    def run(self, records):
        for record in records:
            self.apply(*record)
        self.advance(self.end // self.window)
        return self.seconds

    def advance(self, index):
        """Closes what is before this window; what is before the session is not looked at."""
        first = self.start // self.window - 1
        if self.current is None or self.current < min(index, first):
            self.open(min(index, first))
        while self.current < index:
            self.close()
            self.open(self.current + 1)

    def open(self, index):
        self.current = index
        self.flow = {"A": {}, "B": {}}
        self.disturbed = self.loading or not self.book_valid
        self.imbalance = 0
        bids, asks = self.depth["B"], self.depth["A"]
        bid, ask, last = max(bids, default=0), min(asks, default=0), self.last_trade
        self.anchor = {"A": ask, "B": bid}
        if last > 0 and (last in bids or last in asks):
            self.spot = last
        elif bids and asks:
            self.spot = (bid if abs(last - bid) <= abs(ask - last) else ask) if last > 0 else bid
        else:
            self.spot = bid or ask or last
        if self.buckets:
            self.spot = half_even(self.spot, self.tick) * self.tick if self.spot > 0 else 0

    def place(self, price):
        """The row of a price."""
        return self.spot + half_even(price - self.spot, self.tick) * self.tick if self.buckets else price

    def gather(self, amounts):
        """By row of the grid: the sums of what is at each price."""
        rows = {}
        for price, values in amounts:
            row = self.place(price)
            if abs(row - self.spot) <= self.half_width * self.tick:
                rows[row] = [a + b for a, b in zip(rows.get(row, (0,) * len(values)), values)]
        return rows

    def close(self):
        end = (self.current + 1) * self.window
        if not self.start <= end <= self.end:
            return
        bids, asks = self.depth["B"], self.depth["A"]
        bid, ask = max(bids, default=0), min(asks, default=0)
        both = bool(bids) and bool(asks)
        snapshot = {
            "window_start_ts_ns": end - self.window,
            "window_end_ts_ns": end,
            "best_bid_price_int": bid,
            "best_bid_qty": bids.get(bid, 0),
            "best_ask_price_int": ask,
            "best_ask_qty": asks.get(ask, 0),
            "mid_price": ((bid + ask) * 0.5) * 1e-9 if both else 0.0,
            "mid_price_int": half_even(bid + ask, 2) if both else 0,
            "last_trade_price_int": self.last_trade,
            "spot_ref_price_int": self.spot,
            "book_valid": self.book_valid,
            "window_valid": self.book_valid and not self.disturbed,
            "order_flow_imbalance_qty": self.imbalance,
        }
        rows = [row for side in "BA" for row in self.flow_rows(side, end)] if self.spot > 0 else []
        self.seconds.append((snapshot, rows))

    def flow_rows(self, side, end):
        depth = self.gather((price, (qty,)) for price, qty in self.depth[side].items())
        flow = self.gather(self.flow[side].items())
        rest = self.gather((price, (qty,)) for order_side, price, qty, entered in self.orders.values()
                           if order_side == side and end - entered >= self.rest)
        prices = self.depth[side]
        best = max(prices, default=0) if side == "B" else min(prices, default=0)
        anchor = self.place(self.anchor[side] or best or self.spot)
        for price in sorted(set(depth) | {p for p, f in flow.items() if f[0] or f[1] or f[3]}):
            add, pull, pull_rest, fill = flow.get(price, (0, 0, 0, 0))
            now, resting = depth.get(price, (0,))[0], rest.get(price, (0,))[0]
            yield (end - self.window, end, price, side, self.spot, half_even(price - self.spot, self.tick),
                   half_even(price - anchor, self.tick), float(max(0, now - add + pull + fill)), float(now), float(add),
                   float(pull), float(resting), float(pull_rest), float(fill), self.book_valid and not self.disturbed)

    def account(self, side, price):
        return self.flow[side].setdefault(price, [0, 0, 0, 0])

    def change(self, side, price, qty):
        depth = self.depth[side]
        depth[price] = depth.get(price, 0) + qty
        if depth[price] == 0:
            del depth[price]

    def pull(self, side, price, qty, age):
        account = self.account(side, price)
        account[1] += qty
        if age >= self.rest:
            account[2] += qty

    def apply(self, ts_event, order_id, price, size, flags, action, side, ts_recv):
        snapshot = bool(flags & SNAPSHOT)
        t = ts_recv if snapshot else ts_event
        self.advance(t // self.window)
        if action == "R":
            self.orders.clear()
            self.depth = {"A": {}, "B": {}}
            self.pending.clear()
            self.book_valid, self.disturbed = False, True
            self.loading = snapshot
            self.awaiting_last = not snapshot
        elif snapshot and action == "A" and not self.loading:  # a snapshot without a leading Clear
            self.loading, self.book_valid, self.disturbed = True, False, True
        if self.loading and not snapshot:
            self.loading, self.book_valid = False, True
        if flags & MAYBE_BAD_BOOK:
            self.book_valid = False
        if action == "T":
            if 0 < price != UNDEF_PRICE:
                self.last_trade = price
        elif action == "F":
            self.fill(order_id, size, t)
        elif action == "C":
            self.cancel(order_id, size, t)
        elif action == "M" and order_id in self.orders:
            self.modify(order_id, price, size, t)
        elif action in "AM":
            self.orders[order_id] = [side, price, size, ts_event]
            self.change(side, price, size)
            if not self.loading:
                self.account(side, price)[0] += size
        if flags & LAST and (self.loading or self.awaiting_last):
            self.loading, self.awaiting_last, self.book_valid = False, False, True
        if action == "R" or snapshot:
            self.published = None  # what the book has now did not come about by orders
        if flags & LAST:
            self.publish()

    def publish(self):
        """Cont, Kukanov, Stoikov 2014: what buyers gained at the best prices since the state before, less what sellers did."""
        bids, asks = self.depth["B"], self.depth["A"]
        bid, ask = max(bids, default=None), min(asks, default=None)
        state = (bid, bids.get(bid), ask, asks.get(ask))
        if self.published is not None and self.book_valid:
            old_bid, old_bid_qty, old_ask, old_ask_qty = self.published
            if bid is not None and old_bid is not None:
                self.imbalance += (state[1] if bid >= old_bid else 0) - (old_bid_qty if bid <= old_bid else 0)
            if ask is not None and old_ask is not None:
                self.imbalance += (old_ask_qty if ask >= old_ask else 0) - (state[3] if ask <= old_ask else 0)
        self.published = state if self.book_valid else None

    def fill(self, order_id, size, t):
        if order_id in self.orders:
            qty, ts = self.pending.get(order_id, (0, t))
            self.pending[order_id] = (size + (qty if ts == t else 0), t)

    def filled(self, order_id, t):
        qty, ts = self.pending.pop(order_id, (0, t))
        return qty if ts == t else 0

    def cancel(self, order_id, size, t):
        if order_id not in self.orders:
            return
        order = self.orders[order_id]
        side, price, qty, entered = order
        gone = min(size, qty)
        fill = min(self.filled(order_id, t), gone)
        self.account(side, price)[3] += fill
        if gone > fill:
            self.pull(side, price, gone - fill, t - entered)
        self.change(side, price, -gone)
        order[2] -= gone
        if order[2] == 0:
            del self.orders[order_id]

    def modify(self, order_id, price, size, t):
        order = self.orders[order_id]
        side, old, qty, entered = order
        fill = min(self.filled(order_id, t), qty)
        base = qty - fill
        self.account(side, old)[3] += fill
        if price != old:
            if base:
                self.pull(side, old, base, t - entered)
            self.account(side, price)[0] += size
            order[3] = t
        elif size >= base:
            self.account(side, price)[0] += size - base
        else:
            self.pull(side, price, base - size, t - entered)
        self.change(side, old, -qty)
        if size:
            self.change(side, price, size)
            order[1], order[2] = price, size
        else:
            del self.orders[order_id]


TAUS = (2, 8, 32, 128)
ALPHAS = [1.0 - math.exp(-1.0 / tau) for tau in TAUS]


def kernel(sigma, reach):
    return [(d, math.exp(-(d * d) / (2.0 * sigma * sigma))) for d in range(-reach, reach + 1)]


NEAR, FAR = kernel(6, 16), kernel(24, 64)


def smooth(values, weights):
    total = 0.0
    for _, g in weights:
        total += g
    out = []
    for x in range(len(values)):
        num = 0.0
        for d, g in weights:
            if 0 <= x + d < len(values):
                num += values[x + d] * g
        out.append(num / total)
    return out


def gold_surfaces(seconds, half_width):
    """Yields (window_end, side, {field: list over rel_ticks}) every GOLD_EVERY seconds (spec 5.3)."""
    width = 2 * half_width + 1
    emas = {side: None for side in "AB"}
    fast = {side: [] for side in "AB"}  # u_ema_2 of the last three seconds
    for number, (snapshot, rows) in enumerate(seconds):
        cells = {side: [(0.0,) * 6] * width for side in "AB"}
        for row in rows:
            cells[row[3]][row[5] + half_width] = (row[7], row[8], row[9], row[10], row[11], row[13])
        for side in "AB":
            u = [(a / (s + 1.0) - p / (s + 1.0)) - f / (s + 1.0) for s, _, a, p, _, f in cells[side]]
            if emas[side] is None:
                emas[side] = [list(u) for _ in TAUS]
            else:
                emas[side] = [[e + alpha * (v - e) for e, v in zip(ema, u)] for ema, alpha in zip(emas[side], ALPHAS)]
            fast[side] = (fast[side] + [list(emas[side][0])])[-3:]
            if number % GOLD_EVERY == 0 or number == len(seconds) - 1:
                yield snapshot["window_end_ts_ns"], side, gold_fields(cells[side], u, emas[side], fast[side], side)


def gold_fields(cells, u, emas, fast, side):
    e2, e8, e32, e128 = emas
    width = len(u)
    zero = [0.0] * width
    du = [a - b for a, b in zip(fast[-1], fast[-2])] if len(fast) > 1 else zero
    du_before = [a - b for a, b in zip(fast[-2], fast[-3])] if len(fast) > 2 else zero
    rho = [math.log(1.0 + end) for _, end, _, _, _, _ in cells]
    phi = [rest / (end + 1.0) for _, end, _, _, rest, _ in cells]
    u_p, u_p_slow = [p * e for p, e in zip(phi, e8)], [p * e for p, e in zip(phi, e32)]
    omega = [(r * (0.5 + 0.5 * p)) * (1.0 + max(0.0, s)) for r, p, s in zip(rho, phi, u_p_slow)]
    u_near, u_far = smooth(e8, NEAR), smooth(e32, FAR)
    omega_near, omega_far = smooth(omega, NEAR), smooth(omega, FAR)
    prominence = [n - f for n, f in zip(omega_near, omega_far)]
    nu = [(1.0 + n) + 2.0 * max(0.0, p) for n, p in zip(omega_near, prominence)]
    inner = range(1, width - 1)
    bands = [[a - b for a, b in zip(x, y)] for x, y in ((e2, e8), (e8, e32), (e32, e128))]
    return {
        "liquidity_velocity": u, "u_ema_2": e2, "u_ema_8": e8, "u_ema_32": e32, "u_ema_128": e128,
        "u_band_fast": bands[0], "u_band_mid": bands[1], "u_band_slow": bands[2],
        "u_wave_energy": [math.sqrt((a * a + b * b) + c * c) for a, b, c in zip(*bands)],
        "du_dt": du, "d2u_dt2": [a - b for a, b in zip(du, du_before)] if len(fast) > 1 else zero,
        "u_near": u_near, "u_far": u_far, "u_prom": [n - f for n, f in zip(u_near, u_far)],
        "du_dx": [0.0] + [(u_near[x + 1] - u_near[x - 1]) * 0.5 for x in inner] + [0.0],
        "d2u_dx2": [0.0] + [(u_near[x + 1] - 2.0 * u_near[x]) + u_near[x - 1] for x in inner] + [0.0],
        "rho": rho, "phi_rest": phi, "u_p": u_p, "u_p_slow": u_p_slow, "Omega": omega,
        "Omega_near": omega_near, "Omega_far": omega_far, "Omega_prom": prominence,
        "nu": nu, "kappa": [1.0 / n for n in nu], "pressure_grad": u_p if side == "B" else [-p for p in u_p],
    }


def table(lake, layer, product, name, symbol, dt):
    folder = Path(lake) / layer / f"product_type={product}" / f"symbol={symbol}" / f"table={name}" / f"dt={dt}"
    return folder, pq.ParquetFile(folder / "part-00000.parquet").read()


def compare_silver(seconds, lake, product, symbol, dt):
    _, snapshots = table(lake, "silver", product, "book_snapshot_1s", symbol, dt)
    _, flows = table(lake, "silver", product, "depth_and_flow_1s", symbol, dt)
    stored = snapshots.to_pylist()
    assert len(stored) == len(seconds), f"{len(stored)} snapshots in the lake, {len(seconds)} replayed"
    for theirs, (ours, _) in zip(stored, seconds):
        for name, value in ours.items():
            assert theirs[name] == value, f"snapshot {ours['window_end_ts_ns']} {name}: lake {theirs[name]}, replay {value}"
    columns = [flows.column(i).to_pylist() for i in range(15)]
    ours = [row for _, rows in seconds for row in rows]
    assert flows.num_rows == len(ours), f"{flows.num_rows} flow rows in the lake, {len(ours)} replayed"
    for number, (theirs, row) in enumerate(zip(zip(*columns), ours)):
        assert theirs == row, f"flow row {number}: lake {theirs}, replay {row}"
    return len(ours)


def compare_gold(seconds, half_width, lake, product, symbol, dt):
    _, gold = table(lake, "gold", product, "physics_surface_1s", symbol, dt)
    assert gold.num_rows == len(seconds) * 2 * (2 * half_width + 1), gold.num_rows
    start = {end: i * 2 * (2 * half_width + 1) for i, end in enumerate(s["window_end_ts_ns"] for s, _ in seconds)}
    compared, worst = 0, 0.0
    for end, side, fields in gold_surfaces(seconds, half_width):
        first = start[end] + (0 if side == "A" else 2 * half_width + 1)
        rows = gold.slice(first, 2 * half_width + 1)
        assert set(rows.column("window_end_ts_ns").to_pylist()) == {end}
        for name, values in fields.items():
            for x, (theirs, ours) in enumerate(zip(rows.column(name).to_pylist(), values)):
                error = abs(theirs - ours) / max(1.0, abs(ours))
                worst = max(worst, error)
                assert error <= 1e-12, f"gold {end} {side} {x - half_width} {name}: lake {theirs}, replay {ours}"
                compared += 1
    return compared, worst


def spymaster(*arguments):
    command = [os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster"), *map(str, arguments)]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure_of(folder):
    """How a partition was measured, by its manifest."""
    properties = json.loads((folder / "_MANIFEST.json").read_text())["properties"]
    return {name: int(value) for name, value in properties.items() if name not in ("session", "source")}


def measured_day(lake, raw, session, product):
    """Bronze to gold of a raw file, or of a simulated one, in a lake: (raw file, symbol, date, how it was measured). Ends the
    program with 77 where there is no such file."""
    if raw == "simulated":
        spymaster("simulate", "--products", product, "--lake", lake, "--session", session)
        raw = next(Path(lake).rglob("*.mbo.dbn.zst"))
    elif not Path(raw).exists():
        print(f"no test data at {raw}")
        sys.exit(77)
    report = json.loads(spymaster("run", "--product-type", product, "--layer", "all", "--raw", raw, "--session", session,
                                  "--lake", lake, "--json"))[0]
    partition = next(p for p in report["partitions"] if p["dataset"].startswith("silver."))
    symbol, dt = partition["symbol"], report["dt"]
    measure = measure_of(table(lake, "silver", product, "book_snapshot_1s", symbol, dt)[0])
    return raw, symbol, dt, measure


def replayed(kind, raw, measure):
    names = ("tick_int", "half_width_ticks", "window_ns", "rest_ns", "session_start_ns", "session_end_ns", "price_increment_int")
    replay = kind(*(measure[name] for name in names))
    replay.run(mbo_records(raw))
    return replay


def main():
    product = sys.argv[3] if len(sys.argv) > 3 else "future_mbo"
    with tempfile.TemporaryDirectory() as lake:
        raw, symbol, dt, measure = measured_day(lake, *sys.argv[1:3], product)
        seconds = replayed(Replay, raw, measure).seconds
        rows = compare_silver(seconds, lake, product, symbol, dt)
        print(f"{symbol} {dt} silver: {len(seconds)} snapshots and {rows} flow rows agree exactly")
        values, worst = compare_gold(seconds, measure["half_width_ticks"], lake, product, symbol, dt)
        print(f"{symbol} {dt} gold: {values} values agree, largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
