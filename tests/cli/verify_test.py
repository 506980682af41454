"""`spymaster verify --dt` on a simulated day of ES and of SPY, and on copies of it that are broken where only a check of what the
rows say can tell: every file and manifest is hashed again, so that bytes and lineage are in order.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/cli/verify_test.py
"""

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
DATE = "2026-01-06"
SESSION = "09:30-09:31"
SECOND = 1_000_000_000


def spymaster(*arguments):
    return subprocess.run([BIN, *map(str, arguments)], capture_output=True, text=True, timeout=600)


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write_manifest(folder, manifest):
    (folder / "_MANIFEST.json").write_text(json.dumps(manifest, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def hash_lineage_again(lake):
    """Every manifest names the manifests of its inputs as they are now."""
    folders = {}
    for path in lake.rglob("_MANIFEST.json"):
        manifest = json.loads(path.read_text())
        folders[manifest["dataset"], manifest["symbol"], manifest["dt"]] = path.parent
    changed = True
    while changed:
        changed = False
        for folder in folders.values():
            manifest = json.loads((folder / "_MANIFEST.json").read_text())
            for given in manifest["inputs"]:
                now = sha256(folders[given["dataset"], given["symbol"], given["dt"]] / "_MANIFEST.json")
                changed |= given["manifest_sha256"] != now
                given["manifest_sha256"] = now
            write_manifest(folder, manifest)


def rewrite(lake, table, change):
    """Replaces the rows of one partition of ES by change(columns); columns: lists by name."""
    folder = next(lake.glob(f"silver/product_type=future*/symbol=ESH6/table={table}/dt={DATE}"))
    part = folder / "part-00000.parquet"
    rows = pq.read_table(part, partitioning=None)
    columns = rows.to_pydict()
    change(columns)
    pq.write_table(pa.table({f.name: pa.array(columns[f.name], f.type) for f in rows.schema}), part)
    manifest = json.loads((folder / "_MANIFEST.json").read_text())
    manifest["row_count"] = len(columns["window_end_ts_ns"])
    manifest["files"] = [{"name": part.name, "sha256": sha256(part), "size_bytes": part.stat().st_size}]
    write_manifest(folder, manifest)
    hash_lineage_again(lake)


def set_value(column, row, value):
    def change(columns):
        columns[column][row] = value
    return change


def cross(columns):
    columns["best_bid_price_int"][30] = columns["best_ask_price_int"][30]


def second_twice(columns):
    for values in columns.values():
        values[30] = values[29]


def never_valid(columns):
    columns["window_valid"] = [False] * len(columns["window_valid"])


def earlier_spot(columns):
    columns["spot_ref_price_int"][30] += 250_000_000


def other_ends(columns):
    """Of the first window, which is streamed, and of the last, which is in the range."""
    columns["depth_qty_end"][0] = columns["depth_qty_end"][-1] = 12345.0


class Day(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.lake = Path(cls.folder.name) / "lake"
        made = spymaster("simulate", "--lake", cls.lake, "--products", "all", "--dt", DATE, "--session", SESSION,
                         "--events-per-second", 100, "--option-events-per-second", 100)
        assert made.returncode == 0, made.stderr
        for symbol in ("ES", "SPY"):
            run = spymaster("run", "--product-type", "all", "--symbol", symbol, "--dt", DATE, "--session", SESSION,
                            "--lake", cls.lake)
            assert run.returncode == 0, run.stdout + run.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def verify(self, lake, *arguments):
        return spymaster("verify", "--lake", lake, "--dt", DATE, *arguments)

    def checks(self, lake, *arguments):
        done = self.verify(lake, "--json", *arguments)
        return done.returncode, json.loads(done.stdout)

    def test_a_good_day_passes(self):
        code, results = self.checks(self.lake)
        self.assertEqual((code, [r for r in results if r["verdict"] not in ("passed", "noted")]), (0, []))
        self.assertEqual({r["group"] for r in results}, {"files", "data", "physics"})
        self.assertEqual({r["symbol"] for r in results}, {"all", "ESH6", "SPY"})
        for symbol in ("ES", "ESH6", "SPY"):
            self.assertEqual(self.verify(self.lake, "data", "--symbol", symbol).returncode, 0, symbol)
        shown = self.verify(self.lake, "physics").stdout
        self.assertIn("passed  physics  lineage", shown)
        self.assertNotIn("data     ", shown)

    def test_each_broken_lake_fails_and_the_row_is_named(self):
        faults = {
            "broken identity": ("wall_surface_1s", set_value("add_qty", 5000, 1e6), "wall identity", "1000000 added"),
            "crossed book": ("book_snapshot_1s", cross, "no crossed book", "at or above best ask"),
            "a second twice": ("book_snapshot_1s", second_twice, "every second", "1 windows back"),
            "never valid": ("book_snapshot_1s", never_valid, "valid windows", "0 of 61 windows are"),
            "spot disagreement": ("radar_vacuum_1s", earlier_spot, "radar spot", "the snapshot has"),
            "not a number": ("radar_vacuum_1s", set_value("d1_f5_vacuum_expansion_log", 7, float("nan")), "finite",
                             "d1_f5_vacuum_expansion_log is nan"),
            "score out of range": ("vacuum_surface_1s", set_value("vacuum_score", 5000, 1.5), "vacuum scores 0 to 1",
                                   "vacuum_score 1.5"),
            "gamma exposure": ("gex_surface_1s", set_value("gex", 30, 1e12), "gex sums", "net 1000000000000"),
        }
        for name, (table, change, check, what) in faults.items():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                lake = Path(folder) / "lake"
                shutil.copytree(self.lake, lake, ignore=shutil.ignore_patterns("raw"))
                rewrite(lake, table, change)
                code, results = self.checks(lake)
                self.assertEqual(code, 3, results)
                failed = [r for r in results if r["verdict"] == "failed"]
                self.assertNotIn("files", {r["group"] for r in failed})
                self.assertNotIn("lineage", {r["check"] for r in failed})
                found = [r for r in failed if r["check"] == check]
                self.assertTrue(found, failed)
                self.assertIn(what, found[0]["what"])
                self.assertTrue(found[0]["window_end_ts_ns"].isdigit())
                shown = self.verify(lake)
                self.assertEqual(shown.returncode, 3)
                self.assertIn(what, shown.stdout)

    def test_what_is_missing_leaves_with_1_and_names_its_command(self):
        with tempfile.TemporaryDirectory() as folder:
            lake = Path(folder) / "lake"
            shutil.copytree(self.lake, lake, ignore=shutil.ignore_patterns("raw", "table=radar_vacuum_1s"))
            done = self.verify(lake, "data")
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn("spymaster run --product-type future_mbo --layer silver --symbol ESH6", done.stdout)

    def test_nothing_of_the_date_fails_and_says_so(self):
        for arguments in ((), ("data",), ("physics",), ("service",)):
            done = spymaster("verify", "--lake", self.lake, "--dt", "2026-01-07", *arguments)
            self.assertEqual(done.returncode, 1, arguments)
            self.assertIn("2026-01-07", done.stderr)

    def test_usage(self):
        for arguments in (("data",), ("--symbol", "ES"), ("--dt", DATE, "silver.future_mbo.book_snapshot_1s"),
                          ("--dt", DATE, "all"), ("--dt", "tomorrow"), ("--dt", DATE, "--min-valid", "2"),
                          ("--dt", DATE, "--product-type", "cheese"), ("--dt", DATE, "service", "--url", "ftp://x")):
            self.assertEqual(spymaster("verify", "--lake", self.lake, *arguments).returncode, 2, arguments)

    def test_a_running_server_is_held_against_the_lake(self):
        server = subprocess.Popen([BIN, "serve", "--lake", str(self.lake), "--port", "0"], stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True)
        try:
            url = next(word for line in server.stdout for word in line.split() if word.startswith("http://"))
            code, results = self.checks(self.lake, "service", "--url", url)
            self.assertEqual((code, [r for r in results if r["verdict"] != "passed"]), (0, []))
            self.assertEqual({r["symbol"] for r in results}, {"ESH6", "SPY"})
            with tempfile.TemporaryDirectory() as folder:
                other = Path(folder) / "lake"
                shutil.copytree(self.lake, other, ignore=shutil.ignore_patterns("raw"))
                rewrite(other, "wall_surface_1s", other_ends)
                code, results = self.checks(other, "service", "--url", url)
                self.assertEqual(code, 3)
                self.assertEqual({r["check"] for r in results if r["verdict"] == "failed"}, {"wall range", "stream frames"})
        finally:
            server.terminate()
            server.wait(timeout=30)
            server.stdout.close()
        gone = self.verify(self.lake, "service", "--url", url)
        self.assertEqual((gone.returncode, url.strip("/") in gone.stderr), (1, True), gone.stderr)


if __name__ == "__main__":
    unittest.main()
