"""live = replay = batch, byte for byte: a live session from the gateway, with forced disconnects, against a batch run of its
recording and a replay of that by the server; and with a hole that cannot be filled, which all three tell.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/live/three_ways_test.py
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))
from stream_protocol import CLOSE, TEXT, WebSocket, get  # noqa: E402

import pyarrow.parquet as pq  # noqa: E402

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
DT = "2026-01-06"
SESSION = "09:30-09:32"
KEY = "db-" + "0123456789" * 2 + "012345678"
SURFACES = "snap,velocity,options,forecast,book_snapshot,wall,vacuum,radar,physics_bands,gex,gex_levels"
DROPS = ["2026-01-06T14:30:20.500Z", "2026-01-06T14:31:10.250Z"]  # of New York 09:30:20.5 and 09:31:10.25


def spymaster(*arguments, **more):
    return subprocess.run([BIN, *map(str, arguments)], capture_output=True, text=True, timeout=600, **more)


def check(done):
    assert done.returncode == 0, f"{done.args}: {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


class Program:
    """A program that says where it listens, until the block ends."""

    def __init__(self, *arguments, says, environment=None):
        self.log = tempfile.TemporaryFile(mode="w+")
        self.process = subprocess.Popen([BIN, *map(str, arguments)], stdout=self.log, stderr=subprocess.STDOUT,
                                        env={**os.environ, **(environment or {})})
        self.said = None
        for _ in range(600):
            found = re.search(says, self.output())
            if found:
                self.said = found.group(1)
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise AssertionError(f"{arguments} did not start: {self.output()}")

    def output(self):
        self.log.flush()
        with open(f"/proc/self/fd/{self.log.fileno()}") as log:
            return log.read()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=60)


def wait_for_windows(test, live, symbol, windows=5):
    for _ in range(1200):
        sessions = json.loads(get(live.said + "/v1/catalog")[1])["sessions"]
        if any(session["dt"] == "live" and session["symbol"] == symbol and session["window_count"] >= windows
               for session in sessions):
            return
        test.assertIsNone(live.process.poll(), live.output())
        time.sleep(0.05)
    test.fail("no window came")


def stream_of(base, symbol, dt, **more):
    """Every message of windows, in order, until the server closes; and the others' texts."""
    query = "&".join(f"{name}={value}" for name, value in {"symbol": symbol, "dt": dt, "surfaces": SURFACES, **more}.items())
    ws = WebSocket(f"{base.replace('http', 'ws')}/v1/velocity/stream?{query}")
    windows, others = [], []
    while True:
        kind, data = ws.message()
        if kind == CLOSE:
            assert data == 1000, f"closed with {data}"
            return windows, others
        if kind == TEXT and json.loads(data)["type"] in ("feed", "state"):
            others.append(json.loads(data))
        else:
            windows.append(data)


def parquet(lake):
    """Every data file by what it is."""
    return {str(path.relative_to(lake)): path.read_bytes() for path in sorted(Path(lake).rglob("part-*.parquet"))}


def snapshots(lake, product, symbol):
    return pq.read_table(Path(lake) / f"silver/product_type={product}/symbol={symbol}/table=book_snapshot_1s/dt={DT}").to_pydict()


class ThreeWays(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="spymaster-live-"))
        cls.source = cls.folder / "source"
        check(spymaster("simulate", "--products", "all", "--lake", cls.source, "--dt", DT, "--session", SESSION,
                        "--events-per-second", 150, "--option-events-per-second", 200, "--strikes", 60))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def live(self, name, symbol, arguments, gateway):
        """A live session into a lake of its own: the lake, its stream and what the feed said of itself."""
        lake = self.folder / name
        with Program("gateway", "--raw", self.source / "raw", "--no-limits", *gateway, says=r"Live gateway: (\S+)") as served:
            with Program("live", *arguments, "--session", SESSION, "--lake", lake, "--gateway", served.said, "--port", 0,
                         says=r"live on (http\S+)", environment={"DATABENTO_API_KEY": KEY}) as live:
                for _ in range(1200):
                    catalog = json.loads(get(live.said + "/v1/catalog")[1])["sessions"]
                    if any(session["dt"] == "live" for session in catalog):
                        break
                    self.assertIsNone(live.process.poll(), live.output())
                    time.sleep(0.05)
                windows, others = stream_of(live.said, symbol, "live", after_window_end_ts_ns=1)
                for _ in range(1200):
                    if "stream.forecast_1s" in live.output():
                        break
                    self.assertIsNone(live.process.poll(), live.output())
                    time.sleep(0.1)
                self.assertIn("stream.forecast_1s", live.output())
                recorded_replay, _ = stream_of(live.said, symbol, DT, skip_minutes=0, speed=100000)
        return lake, windows, others, recorded_replay

    def batch(self, name, live_lake, symbol):
        """The recordings of a live session, run in a lake of its own; the lake and its replay."""
        lake = self.folder / name
        shutil.copytree(live_lake / "raw", lake / "raw")
        check(spymaster("run", "--product-type", "all", "--symbol", symbol, "--dt", DT, "--session", SESSION, "--lake", lake))
        with Program("serve", "--lake", lake, "--port", 0, says=r"(http\S+)") as server:
            replay, _ = stream_of(server.said, symbol, DT, skip_minutes=0, speed=100000)
        return lake, replay

    def expect_same(self, live_lake, live_windows, own_replay, batch_lake, replay):
        ours, theirs = parquet(live_lake), parquet(batch_lake)
        self.assertEqual(sorted(ours), sorted(theirs))
        self.assertGreaterEqual(len(ours), 10)
        self.assertEqual([name for name in ours if ours[name] != theirs[name]], [])
        seconds = 2 * 60 + 1
        self.assertEqual(len(live_windows), seconds * (1 + 2 * len(SURFACES.split(","))))
        for other in (own_replay, replay):
            self.assertEqual(len(live_windows), len(other))
            different = [i for i, (a, b) in enumerate(zip(live_windows, other)) if a != b]
            self.assertEqual(different, [])

    def test_futures_and_options_with_two_disconnects(self):
        lake, windows, feed, own = self.live(
            "ES-live", "ESH6", ["--dataset", "GLBX.MDP3", "--symbols", "ES.FUT", "--from", "all"],
            ["--speed", 20, "--from", "2026-01-06T14:30:05Z", "--drop-at", ",".join(DROPS)])
        self.assertEqual(max(said["reconnects"] for said in feed), 2)
        self.assertEqual(feed[-1]["gaps"], [])
        batch_lake, replay = self.batch("ES-batch", lake, "ESH6")
        self.expect_same(lake, windows, own, batch_lake, replay)
        # Nothing is missing: what was recorded measures as what the exchange sent does.
        direct = self.folder / "ES-direct"
        shutil.copytree(self.source / "raw", direct / "raw")
        check(spymaster("run", "--product-type", "all", "--symbol", "ESH6", "--dt", DT, "--session", SESSION, "--lake", direct))
        for product in ("future_mbo", "future_option_mbo"):
            for table in ("silver", "gold"):
                name = (f"{table}/product_type={product}/symbol=ESH6/" +
                        ("table=depth_and_flow_1s" if table == "silver" else "table=physics_surface_1s") + f"/dt={DT}")
                mine = pq.read_table(lake / name)
                self.assertTrue(mine.equals(pq.read_table(direct / name)), name)

    def test_stock_and_options_of_two_feeds(self):
        lake, windows, _, own = self.live(
            "SPY-live", "SPY", ["--dataset", "XNAS.ITCH", "--symbols", "SPY", "--from", "all"],
            ["--speed", 20, "--from", "2026-01-06T14:30:05Z", "--drop-at", DROPS[0]])
        batch_lake, replay = self.batch("SPY-batch", lake, "SPY")
        self.expect_same(lake, windows, own, batch_lake, replay)

    def test_killed_and_started_again(self):
        lake = self.folder / "killed"
        arguments = ["live", "--dataset", "GLBX.MDP3", "--symbols", "ES.FUT", "--from", "all", "--session", SESSION,
                     "--lake", lake, "--port", 0]
        key = {"DATABENTO_API_KEY": KEY}
        with Program("gateway", "--raw", self.source / "raw", "--no-limits", "--speed", 20, "--from", "2026-01-06T14:30:05Z",
                     says=r"Live gateway: (\S+)") as served:
            arguments += ["--gateway", served.said]
            for _ in range(2):  # in the middle of the session, and of whatever is being written
                with Program(*arguments, says=r"live on (http\S+)", environment=key) as live:
                    wait_for_windows(self, live, "ESH6")
                    live.process.kill()
            again = subprocess.run([BIN, *map(str, arguments), "--exit"], capture_output=True, text=True, timeout=300,
                                   env={**os.environ, **key})
            self.assertEqual(again.returncode, 0, again.stderr)
        batch_lake, _ = self.batch("killed-batch", lake, "ESH6")
        self.assertEqual(parquet(lake), parquet(batch_lake))
        self.assertEqual(len(snapshots(lake, "future_mbo", "ESH6")["epoch"]), 121)

    def test_stopped_and_started_again(self):
        """Ctrl-C in the middle: nothing in the lake, the recording is whole, and a batch run can measure it."""
        lake = self.folder / "stopped"
        with Program("gateway", "--raw", self.source / "raw", "--no-limits", "--speed", 20, "--from", "2026-01-06T14:30:05Z",
                     says=r"Live gateway: (\S+)") as served:
            with Program("live", "--symbols", "ES.FUT", "--from", "all", "--session", SESSION, "--lake", lake, "--port", 0,
                         "--gateway", served.said, says=r"live on (http\S+)", environment={"DATABENTO_API_KEY": KEY}) as live:
                wait_for_windows(self, live, "ESH6")
                live.process.terminate()
                self.assertEqual(live.process.wait(timeout=60), 0, live.output())
                self.assertIn("stopped before the session was over", live.output())
        self.assertEqual([name for name in parquet(lake) if "calibration" not in name], [])
        self.batch("stopped-batch", lake, "ESH6")

    def test_what_cannot_be_is_refused(self):
        lake = self.folder / "refused"
        def refused(code, text, *arguments, key=KEY):
            done = subprocess.run([BIN, "live", "--lake", str(lake), "--port", "0", "--exit", *arguments], capture_output=True,
                                  text=True, timeout=60, env={**os.environ, "DATABENTO_API_KEY": key})
            self.assertEqual(done.returncode, code, done.stderr)
            self.assertIn(text, done.stderr)
            self.assertNotIn(KEY, done.stdout + done.stderr)
        refused(2, "DATABENTO_API_KEY is not set", "--symbols", "ES.FUT", key="")
        refused(2, "GLBX.MDP3", "--symbols", "ES.FUT", "--dataset", "XEUR.EOBI")
        refused(2, "one market at a time", "--symbols", "ES.FUT,NQ.FUT")
        refused(2, "session", "--symbols", "ES.FUT", "--session", "25:00-26:00")
        with Program("gateway", "--raw", self.source / "raw", "--no-limits", says=r"Live gateway: (\S+)",
                     environment={"SPYMASTER_GATEWAY_KEY": "db-" + "9" * 29}) as served:
            refused(2, "", "--symbols", "ES.FUT", "--gateway", served.said)  # another key

    def test_a_hole_is_told_by_all_three(self):
        lake, windows, feed, own = self.live(
            "hole-live", "ESH6", ["--dataset", "GLBX.MDP3", "--symbols", "ES.FUT", "--from", "snapshot", "--no-options"],
            ["--speed", 20, "--from", "2026-01-06T14:29:30Z", "--drop-at", DROPS[0], "--replay-hours", 0.000001])
        self.assertEqual(len(feed[-1]["gaps"]), 1)
        batch_lake, replay = self.batch("hole-batch", lake, "ESH6")
        self.expect_same(lake, windows, own, batch_lake, replay)
        rows = snapshots(lake, "future_mbo", "ESH6")
        self.assertEqual(rows, snapshots(batch_lake, "future_mbo", "ESH6"))
        invalid = [end for end, valid in zip(rows["window_end_ts_ns"], rows["window_valid"]) if not valid]
        self.assertTrue(invalid, "no second says that something is missing")
        before = rows["epoch"][0]
        self.assertGreater(rows["epoch"][-1], before)
        gap = feed[-1]["gaps"][0]
        hole = range(int(gap["start_ts_ns"]) // 10**9, int(gap["end_ts_ns"]) // 10**9 + 2)
        self.assertTrue(all(int(end.value if hasattr(end, "value") else end) // 10**9 in hole for end in invalid), (gap, invalid))


if __name__ == "__main__":
    unittest.main(verbosity=2)
