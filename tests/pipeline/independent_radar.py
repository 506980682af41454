"""A second evaluation of walls, radar, vacuum, bands and the calibration of norms, from the specification alone and in
another language. What happened to the orders is independent_replay.py's.

Runs `spymaster run` on a raw DBN file into a lake of its own, replays the file with copies of dictionaries, and compares: walls
exactly, the radar and what follows from it within 1e-12 relative.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/pipeline/independent_radar.py RAW SESSION [PRODUCT]
    ... simulated SESSION [PRODUCT]         on a simulated day instead: future_mbo, equity_mbo

Exit code 0: all agree; 77: the file is not there.
"""

import math
import sys
import tempfile

from independent_replay import Replay, half_even, measured_day, replayed, table

REACH = 600  # ticks from spot that walls are kept to
BANDS = (("at", 0, 2), ("near", 3, 5), ("mid", 6, 14), ("far", 15, 20))
BOOTSTRAP = {"pull_add_log": (-2.0, 2.0), "log1p_pull_intensity_rest": (0.0, 0.5), "log1p_erosion_norm": (0.0, 0.5),
             "d2_pull_add_log": (-1.0, 1.0), "wall_strength_log": (0.0, 10.0), "gex_abs": (0.0, 1e6)}


class Radar(Replay):
    """Radar spec 1.7 to 1.9 with its corrections; orders and depth are kept by Replay."""

    def __init__(self, *measure):
        super().__init__(*measure)
        self.unit = measure[6]  # walls and radar count in what prices move in
        self.kept = []  # what is known of each second of the session
        self.epoch = 0
        self.in_snapshot = False
        self.events = []

    def open(self, index):
        super().open(index)
        bids, asks, last = self.depth["B"], self.depth["A"], self.last_trade
        if last > 0 and (last in bids or last in asks):
            self.exact = last
        elif bids and asks:
            bid, ask = max(bids), min(asks)
            self.exact = (bid if abs(last - bid) <= abs(ask - last) else ask) if last > 0 else bid
        else:
            self.exact = max(bids, default=0) or min(asks, default=0) or last
        self.depth_at_start = {side: dict(depth) for side, depth in self.depth.items()}
        self.events = []
        self.cleared = False

    def close(self):
        end = (self.current + 1) * self.window
        if not self.start <= end <= self.end:
            return
        super().close()
        resting = {"A": {}, "B": {}}
        for side, price, qty, entered in self.orders.values():
            if end - entered >= self.rest:
                resting[side][price] = resting[side].get(price, 0) + qty
        now = {side: dict(depth) for side, depth in self.depth.items()}
        self.kept.append({"end": end, "spot": self.exact, "start": self.depth_at_start, "now": now, "flow": self.flow,
                          "resting": resting, "valid": self.book_valid and not self.disturbed, "epoch": self.epoch,
                          "events": self.events, "cleared": self.cleared})

    def apply(self, ts_event, order_id, price, size, flags, action, side, ts_recv):
        snapshot = bool(flags & 32)
        t = ts_recv if snapshot else ts_event
        self.advance(t // self.window)  # before the order is looked at: it belongs to the window of the record
        before = self.orders.get(order_id)
        before = tuple(before) if before else None
        pending, at = self.pending.get(order_id, (0, t))
        pending = pending if at == t and action in "CM" else 0
        if action == "R" or (snapshot and not self.in_snapshot):
            self.epoch += 1  # gaps too begin an epoch; their seconds are invalid, which is all that is asked here
        loading = self.loading or snapshot
        self.in_snapshot = snapshot
        super().apply(ts_event, order_id, price, size, flags, action, side, ts_recv)
        if action == "R":
            self.events, self.cleared = [], True
        elif action in "ACM" and not (loading and action == "A"):
            after = self.orders.get(order_id)
            filled = min(pending, before[2]) if before else 0
            self.events.append((t, action, before, tuple(after) if after else None, filled))


def ticks(price, spot, unit):
    return half_even(price - spot, unit)


def distance(side, price, spot, unit):
    """In ticks, ahead of spot on its own side; None outside of the 20 that count."""
    away = ticks(price, spot, unit) if side == "A" else ticks(spot, price, unit)
    return away if (price >= spot if side == "A" else price <= spot) and away <= 20 else None


def statistics(depth, side, spot, unit):
    inside = [(p, q, distance(side, p, spot, unit)) for p, q in depth[side].items()]
    inside = [level for level in inside if level[2] is not None]
    total = float(sum(q for _, q, _ in inside))
    by_band = {name: float(sum(q for _, q, k in inside if low <= k <= high)) for name, low, high in BANDS}
    mass = float(sum(p * q for p, q, _ in inside))
    if total < 1e-9:
        return total, by_band, 20.0, 20.0
    mean = mass / total
    com = max((mean - spot) / unit if side == "A" else (spot - mean) / unit, 0.0)
    touch = min(p for p, _, _ in inside) - spot if side == "A" else spot - max(p for p, _, _ in inside)
    return total, by_band, com, touch / unit


def flows(window, side, unit, rest):
    spot = window["spot"]
    sums = dict.fromkeys(("add", "pull", "pull_at", "pull_near", "toward", "away"), 0.0)
    for t, action, before, after, filled in window["events"]:
        old = distance(side, before[1], spot, unit) if before and before[0] == side else None
        new = distance(side, after[1], spot, unit) if after and after[0] == side else None
        old_qty = float(before[2] - filled) if old is not None else 0.0
        new_qty = float(after[2]) if new is not None else 0.0
        rested = before is not None and t - before[3] >= rest
        if new_qty > old_qty:
            sums["add"] += new_qty - old_qty
        elif new_qty < old_qty and rested and action in "CM":
            sums["pull"] += old_qty - new_qty
            sums["pull_at"] += old_qty - new_qty if old <= 2 else 0.0
            sums["pull_near"] += old_qty - new_qty if 3 <= old <= 5 else 0.0
        if action == "M" and old is not None and rested and after is not None and filled == 0:
            beyond = after[1] <= spot if side == "A" else after[1] >= spot  # there a change of size alone counts too (D-26)
            farther = after[1] > before[1] if side == "A" else after[1] < before[1]
            if beyond or after[1] != before[1]:
                sums["away" if farther and not beyond else "toward"] += old_qty
    return sums


def side_features(window, side, unit, rest):
    total0, bands0, com0, _ = statistics(window["start"], side, window["spot"], unit)
    total1, bands1, com1, touch = statistics(window["now"], side, window["spot"], unit)
    flow = flows(window, side, unit, rest)
    moved = flow["away"] + flow["toward"]
    return [
        math.log((com1 + 1.0) / (com0 + 1.0)),
        math.log((bands1["far"] + 1.0) / (bands1["near"] + 1.0)),
        math.log((bands1["near"] + 1.0) / (bands1["at"] + 1.0)),
        bands1["at"] / (total1 + 1.0) - bands0["at"] / (total0 + 1.0),
        bands1["near"] / (total1 + 1.0) - bands0["near"] / (total0 + 1.0),
        0.5 if moved == 0 else flow["away"] / (moved + 1.0),
        math.log((flow["pull"] + 1.0) / (flow["add"] + 1.0)),
        math.log1p(flow["pull"] / (total0 + 1.0)),
        flow["pull_at"] / (flow["pull"] + 1.0),
        flow["pull_near"] / (flow["pull"] + 1.0),
    ], touch, math.log1p(flow["add"] / (total0 + 1.0))


def features(window, unit, rest):
    """The 25 base and 24 up features in the order of appendix A."""
    ask, ask_touch, _ = side_features(window, "A", unit, rest)
    bid, bid_touch, bid_add = side_features(window, "B", unit, rest)
    f5, f6 = ask[0] + bid[0], ask[6] + bid[6]
    base = ask + bid + [f5, f6, f5 + f6, ask_touch, bid_touch]
    u15, u16 = ask[0] + -bid[0], ask[6] + -bid[6]
    up = [ask[0], ask[1], ask[2], -ask[3], -ask[4], ask[5], ask[6], ask[7], ask[8], ask[9], -bid[0], -bid[1], -bid[2], bid[3],
          bid[4], 1.0 - bid[5], -bid[6], bid_add, (1.0 - bid[8]) - bid[9], u15, u16, u15 + u16, ask_touch, bid_touch]
    return base + up


class Differences:
    """d1, d2, d3 of what is seen once a second; what was not seen for a second began anew, unless `silent` says what it was."""

    def __init__(self, silent=None):
        self.silent = silent
        self.memory = {}  # key -> (x, d1, d2)
        self.reach = None  # prices that were in range in the window before; None: nothing is remembered

    def window(self, values, alive, reach=None):
        out = {}
        after = {}
        for key, x in values.items():
            known = self.memory.get(key) if alive else None
            if known is None and alive and self.silent is not None and self.reach and self.reach[0] <= key[1] <= self.reach[1]:
                known = (self.silent, 0.0, 0.0)
            d1 = x - known[0] if known else 0.0
            d2 = d1 - known[1] if known else 0.0
            d3 = d2 - known[2] if known else 0.0
            out[key] = (d1, d2, d3)
            after[key] = (x, d1, d2)
        if alive and self.silent is not None:
            for key, (x, d1, d2) in self.memory.items():  # without a row: silent, if still in range
                if key not in values and reach[0] <= key[1] <= reach[1]:
                    step = self.silent - x
                    after[key] = (self.silent, step, step - d1)
        self.memory, self.reach = after, reach
        return out

    def forget(self):
        self.memory, self.reach = {}, None


def walls(window, unit):
    spot, rows = window["spot"], []
    for side in "BA":
        now, start, flow = window["now"][side], window["start"][side], window["flow"][side]
        touched = {p for p, f in flow.items() if f[0] or f[1] or f[3]}
        for price in sorted(set(now) | touched):
            if abs(price - spot) > REACH * unit:
                continue
            add, pull, pull_rest, fill = flow.get(price, (0, 0, 0, 0))
            end = now.get(price, 0)
            opening = max(0, end - add + pull + fill)
            rows.append({"price": price, "side": side, "rel": ticks(price, spot, unit), "start": float(opening),
                         "end": float(end), "add": float(add), "pull": float(pull), "pull_rest": float(pull_rest),
                         "rest": float(window["resting"][side].get(price, 0)), "fill": float(fill)})
            assert window["cleared"] or opening == start.get(price, 0) or not window["valid"], "identity"
    return rows


def clip01(x):
    return min(max(x, 0.0), 1.0)


def vacuum_score(bounds, pull_add, intensity, erosion, d2):
    def norm(name, x):
        low, high = bounds[name]
        return clip01((x - low) / ((high if high != low else low + 1.0) - low))

    return (((norm("pull_add_log", pull_add) + norm("log1p_pull_intensity_rest", math.log1p(intensity))) +
             norm("log1p_erosion_norm", math.log1p(erosion))) + norm("d2_pull_add_log", d2)) / 4.0


def close(name, ours, theirs, worst):
    error = abs(theirs - ours) / max(1.0, abs(ours))
    assert error <= 1e-12, f"{name}: lake {theirs}, evaluated {ours}"
    return max(worst, error)


def compare(windows, unit, rest, lake, product, symbol, dt):
    read = {name: table(lake, "silver", product, name, symbol, dt)[1].to_pydict()
            for name in ("wall_surface_1s", "radar_vacuum_1s", "vacuum_surface_1s", "physics_bands_1s")}
    wall, radar, vacuum = (read[name] for name in ("wall_surface_1s", "radar_vacuum_1s", "vacuum_surface_1s"))
    bands = read["physics_bands_1s"]
    names = [name for name in radar if name[0] in "fu"]
    depth, pulls, shape = Differences(0.0), Differences(0.0), Differences()
    row = second = 0
    worst = 0.0
    before = None
    for number, window in enumerate(windows):
        if window["spot"] <= 0:
            before = None
            continue
        adjacent = before is not None and before["valid"] and before["epoch"] == window["epoch"] and window["valid"]
        for memory in (depth, pulls, shape):
            if not adjacent:
                memory.forget()
        reach = (window["spot"] - REACH * unit, window["spot"] + REACH * unit)
        rows = walls(window, unit)
        keyed = {(r["side"], r["price"]): r for r in rows}
        pull_add = {key: math.log((r["pull_rest"] + 1.0) / (r["add"] + 1.0)) for key, r in keyed.items()}
        d_depth = depth.window({key: r["end"] for key, r in keyed.items()}, adjacent, reach)
        d_pull = pulls.window(pull_add, adjacent, reach)
        scored = {}
        for key, r in keyed.items():
            expected = {"window_end_ts_ns": window["end"], "price_int": r["price"], "side": r["side"], "rel_ticks": r["rel"],
                        "spot_ref_price_int": window["spot"], "depth_qty_start": r["start"], "depth_qty_end": r["end"],
                        "add_qty": r["add"], "pull_qty_total": r["pull"], "depth_qty_rest": r["rest"],
                        "pull_qty_rest": r["pull_rest"], "fill_qty": r["fill"], "d1_depth_qty": d_depth[key][0],
                        "d2_depth_qty": d_depth[key][1], "d3_depth_qty": d_depth[key][2], "window_valid": window["valid"]}
            for name, value in expected.items():
                assert wall[name][row] == value, f"wall row {row} {name}: lake {wall[name][row]}, evaluated {value}"
            erosion = max(-d_depth[key][0], 0.0)
            intensity = r["pull_rest"] / (r["start"] + 1.0)
            score = vacuum_score(BOOTSTRAP, pull_add[key], intensity, erosion / (r["start"] + 1.0), d_pull[key][1])
            scored[key] = (score, math.log(r["rest"] + 1.0), math.log1p(erosion / (r["start"] + 1.0)))
            for name, value in (("pull_add_log", pull_add[key]), ("d1_pull_add_log", d_pull[key][0]),
                                ("d2_pull_add_log", d_pull[key][1]), ("d3_pull_add_log", d_pull[key][2]),
                                ("pull_intensity_rest", intensity), ("wall_erosion", erosion),
                                ("wall_strength_log", math.log(r["rest"] + 1.0)), ("vacuum_score", score)):
                worst = close(f"vacuum row {row} {name}", value, vacuum[name][row], worst)
            row += 1
        values = features(window, unit, rest)
        if window["valid"] or not window["cleared"]:
            d_shape = shape.window(dict(enumerate(values)), adjacent)
            assert radar["window_end_ts_ns"][second] == window["end"]
            for place, name in enumerate(names):
                for prefix, value in zip(("", "d1_", "d2_", "d3_"), (values[place], *d_shape[place])):
                    worst = close(f"radar {window['end']} {prefix}{name}", value, radar[prefix + name][second], worst)
        worst = compare_bands(window, scored, unit, bands, number, worst)
        second += 1
        before = window
    assert row == len(wall["side"]) == len(vacuum["side"]) and second == len(radar["window_end_ts_ns"])
    return row, second, worst


def compare_bands(window, scored, unit, bands, number, worst):
    """Every tick of a band counts; a level that is not there has no depth and is silent."""
    silent = (vacuum_score(BOOTSTRAP, 0.0, 0.0, 0.0, 0.0), 0.0, 0.0)
    scores = {}
    for way, side in (("above", "A"), ("below", "B")):
        ease = {}
        for name, low, high in BANDS:
            inside = [scored[key] for key in scored if key[0] == side and distance(side, key[1], window["spot"], unit) is not None
                      and low <= distance(side, key[1], window["spot"], unit) <= high]
            inside += [silent] * (high - low + 1 - len(inside))
            vac, strength, erosion = (sum(level[i] for level in inside) / len(inside) for i in range(3))
            strength = clip01(strength / 10.0)
            erosion = clip01(erosion / 0.5)
            ease[name] = 0.50 * vac + 0.35 * erosion + 0.15 * (1.0 - strength)
            for kind, value in (("wall_strength", strength), ("wall_erosion", erosion), ("vacuum", vac)):
                column = f"{way}_{name}_{kind}_norm"
                worst = close(f"bands {window['end']} {column}", value, bands[column][number], worst)
        scores[way] = 0.60 * ease["at"] + 0.40 * ease["near"]
        worst = close(f"bands {window['end']} {way}_score", scores[way], bands[f"{way}_score"][number], worst)
    return close("vacuum_total_score", (scores["above"] + scores["below"]) / 2.0, bands["vacuum_total_score"][number], worst)


def main():
    product = sys.argv[3] if len(sys.argv) > 3 else "future_mbo"
    with tempfile.TemporaryDirectory() as lake:
        raw, symbol, dt, measure = measured_day(lake, *sys.argv[1:3], product)
        kept = replayed(Radar, raw, measure).kept
        rows, seconds, worst = compare(kept, measure["price_increment_int"], measure["rest_ns"], lake, product, symbol, dt)
        print(f"{symbol} {dt}: {rows} rows of walls, as many of vacuum, {seconds} of radar and bands agree, "
              f"largest difference {worst:.1e}")


if __name__ == "__main__":
    main()
