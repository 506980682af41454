"""The spymaster command as a person meets it: help, good runs, garbage, exit codes.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/cli/cli_test.py
"""

import json
import os
import pty
import subprocess
import tempfile
import unittest
from pathlib import Path

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
COMMANDS = ("simulate", "inspect", "book", "run", "status", "select", "calibrate", "evaluate", "verify", "serve")
DATE = "2026-01-06"
CONTRACT = "ESH6"


def spymaster(*arguments, **options):
    return subprocess.run([BIN, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)


def raw_file(lake):
    return next(Path(lake).rglob("*.mbo.dbn.zst"))


class Session(unittest.TestCase):
    """A simulated minute, made once."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.lake = Path(cls.folder.name) / "lake"
        made = spymaster("simulate", "--lake", cls.lake, "--dt", DATE, "--session", "09:30-09:31", "--events-per-second", 100)
        assert made.returncode == 0, made.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()


class Help(unittest.TestCase):
    def test_every_command_explains_itself(self):
        self.assertEqual(spymaster("--help").returncode, 0)
        for command in COMMANDS:
            shown = spymaster(command, "--help")
            self.assertEqual(shown.returncode, 0, command)
            self.assertIn("--", shown.stdout, command)

    def test_version(self):
        self.assertIn("spymaster", spymaster("--version").stdout)

    def test_usage_errors_leave_with_2(self):
        for arguments in ((), ("nonsense",), ("run",), ("run", "--layer", "lead", "--symbol", "ES", "--dt", DATE),
                          ("run", "--layer", "all", "--symbol", "ES"),
                           ("run", "--layer", "all", "--symbol", "ES", "--dt", "2026-13-01"),
                          ("run", "--layer", "all", "--symbol", "ES", "--dt", DATE, "--overwrite"),
                          ("run", "--layer", "all", "--symbol", "ES", "--dt", DATE, "--session", "9-10"),
                          ("run", "--layer", "all", "--symbol", "ES", "--dt", DATE, "--session", "09:30-09:40 Mars/Olympus"),
                          ("run", "--layer", "all", "--symbol", "ES", "--dt", DATE, "--product-type", "cheese"),
                          ("run", "--layer", "all", "--symbol", "../../etc", "--dt", DATE),
                          ("run", "--layer", "all", "--symbol", "ES", "--dt", DATE, "--tick", "-1"),
                          ("run", "--layer", "all", "--symbol", "ES", "--dt", DATE, "--tick", "nan")):
            self.assertEqual(spymaster(*arguments).returncode, 2, arguments)

    def test_what_cannot_be_printed_is_no_success(self):
        with tempfile.TemporaryDirectory() as folder, open("/dev/full", "w", encoding="utf-8") as full:
            done = subprocess.run([BIN, "simulate", "--lake", folder, "--session", "09:30-09:31", "--events-per-second", "1",
                                   "--json"], stdout=full, stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual((done.returncode, "No space left" in done.stderr), (1, True), done.stderr)


class Run(Session):
    def test_all_layers_then_again_then_verify(self):
        arguments = ("run", "--layer", "all", "--symbol", CONTRACT, "--dt", DATE, "--session", "09:30-09:31",
                     "--lake", self.lake, "--json")
        first = spymaster(*arguments)
        self.assertEqual(first.returncode, 0, first.stderr)
        partitions = json.loads(first.stdout)[0]["partitions"]
        self.assertEqual([partitions[i]["rows"] for i in (1, 4, 5)], [61, 61, 61 * 802])  # snapshots, radar, gold
        again = json.loads(spymaster(*arguments).stdout)[0]["partitions"]
        self.assertEqual({p["sha256"] for p in again}, {p["sha256"] for p in partitions})
        self.assertFalse(any(p["written"] for p in again))
        self.assertEqual(spymaster("verify", "--lake", self.lake).returncode, 0)

        gold = next((self.lake / "gold").rglob("part-00000.parquet"))
        content = bytearray(gold.read_bytes())
        content[len(content) // 2] ^= 0xFF
        gold.write_bytes(content)
        damaged = spymaster("verify", "--lake", self.lake)
        self.assertEqual(damaged.returncode, 3, damaged.stdout)
        self.assertIn("physics_surface_1s", damaged.stdout + damaged.stderr)

    def test_progress_is_for_terminals_only(self):
        with tempfile.TemporaryDirectory() as lake:
            arguments = [BIN, "run", "--layer", "all", "--raw", str(raw_file(self.lake)), "--symbol", "ES",
                         "--session", "09:30-09:31", "--lake", lake]
            plain = subprocess.run(arguments, capture_output=True, text=True, timeout=300)
            self.assertEqual(plain.returncode, 0, plain.stderr)
            self.assertNotIn("\r", plain.stdout + plain.stderr)
        with tempfile.TemporaryDirectory() as lake:
            arguments[-1] = lake
            here, there = pty.openpty()
            run = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=there)
            os.close(there)
            shown = b""
            try:
                while chunk := os.read(here, 4096):
                    shown += chunk
            except OSError:
                pass  # the terminal closes with the program
            self.assertEqual(run.wait(), 0)
            os.close(here)
            self.assertIn(b"records", shown)

    def test_missing_input_is_named(self):
        with tempfile.TemporaryDirectory() as lake:
            for layer in ("bronze", "silver", "gold", "all"):
                failed = spymaster("run", "--layer", layer, "--symbol", CONTRACT, "--dt", DATE, "--lake", lake)
                self.assertEqual(failed.returncode, 1, layer)
                self.assertIn("FAILED", failed.stdout)


class Select(Session):
    """Two simulated days, and the contract of each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        more = spymaster("simulate", "--lake", cls.lake, "--dt", "2026-01-07", "--session", "09:30-09:31",
                         "--events-per-second", 100)
        assert more.returncode == 0, more.stderr
        bronze = spymaster("run", "--layer", "bronze", "--symbol", "ES", "--dates", f"{DATE},2026-01-07", "--lake", cls.lake)
        assert bronze.returncode == 0, bronze.stderr

    def select(self, *arguments, **options):
        return spymaster("select", "--lake", self.lake, *arguments, **options)

    def test_dates_are_chosen_merged_and_said(self):
        first = self.select("--dates", DATE, "--json")
        self.assertEqual(first.returncode, 0, first.stderr)
        row = json.loads(first.stdout)["rows"][0]
        self.assertEqual((row["session_date"], row["selected_symbol"], row["prev_trading_date"]), (DATE, CONTRACT, ""))

        both = self.select("--dates", f"{DATE}:2026-01-08")
        self.assertEqual(both.returncode, 0, both.stderr)
        self.assertIn("2 dates into", both.stdout)
        self.assertIn("2026-01-08 is left out", both.stdout)
        second = json.loads(self.select("--dates", "2026-01-07", "--json").stdout)["rows"][0]
        self.assertEqual(second["prev_trading_date"], DATE)
        self.assertGreater(second["prev_volume_selected"], 0)
        self.assertEqual((second["prev_volume_rank2"], second["roll_flag"]), (0, 0))
        self.assertEqual([path.name for path in (self.lake / "selection").iterdir()],
                         ["mbo_contract_day_selection.parquet"])

    def test_run_of_a_root_follows_the_map(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "map.parquet"
            self.assertEqual(self.select("--dates", DATE, "--output-path", path).returncode, 0)
            chosen = os.environ | {"MBO_SELECTION_PATH": str(path)}
            run = ("run", "--layer", "silver", "--symbol", "ES", "--session", "09:30-09:31", "--lake", self.lake, "--json")
            both = spymaster(*run, "--dates", f"{DATE},2026-01-07", env=chosen)
            self.assertEqual(both.returncode, 0, both.stderr)
            reports = json.loads(both.stdout)
            self.assertEqual([report["dt"] for report in reports], [DATE])
            self.assertEqual({p["symbol"] for p in reports[0]["partitions"]}, {CONTRACT})
            self.assertIn("2026-01-07 is left out", both.stderr)
            none = spymaster(*run, "--dates", "2026-01-07", env=chosen)
            self.assertEqual(none.returncode, 1, none.stderr)
            self.assertIn("spymaster select", none.stderr)
            every = spymaster(*run, "--dates", "2026-01-07", env=os.environ | {"MBO_SELECTION_PATH": str(path) + ".none"})
            self.assertEqual(every.returncode, 0, every.stderr)
            self.assertIn("spymaster select", every.stderr)

    def test_the_map_goes_where_it_is_told_to(self):
        with tempfile.TemporaryDirectory() as folder:
            by_option, by_environment = Path(folder) / "new" / "a.parquet", Path(folder) / "b.parquet"
            self.assertEqual(self.select("--dates", DATE, "--output-path", by_option).returncode, 0)
            environment = os.environ | {"MBO_SELECTION_PATH": str(by_environment)}
            self.assertEqual(self.select("--dates", DATE, env=environment).returncode, 0)
            self.assertEqual(by_option.read_bytes(), by_environment.read_bytes())
            by_option.write_text("not a map")
            self.assertEqual(self.select("--dates", DATE, "--output-path", by_option).returncode, 3)
            self.assertEqual(by_option.read_text(), "not a map")

    def test_what_cannot_be_chosen_is_said(self):
        for arguments, code in ((("--dates", "2026-02-02"), 1), (("--dates", DATE, "--symbol", "NQ"), 1),
                                (("--dates", DATE, "--symbol", CONTRACT), 2), (("--dates", "tomorrow"), 2), ((), 2)):
            refused = self.select(*arguments)
            self.assertEqual(refused.returncode, code, arguments)
            self.assertTrue(refused.stderr, arguments)


class Garbage(Session):
    def garbage(self):
        whole = raw_file(self.lake).read_bytes()
        yield "empty", b""
        yield "text", b"this is not a market\n" * 100
        yield "zeros", bytes(4096)
        yield "DBN head only", b"DBN\x03" + b"\xff" * 4
        yield "cut", whole[: len(whole) // 3]
        yield "flipped", whole[:2000] + bytes(b ^ 0x55 for b in whole[2000:2100]) + whole[2100:]

    def test_garbage_is_refused_with_3_and_leaves_nothing(self):
        for name, content in self.garbage():
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "glbx-mdp3-20260106.mbo.dbn.zst"
                file.write_bytes(content)
                for arguments in (("inspect", file), ("book", file),
                                  ("run", "--layer", "all", "--raw", file, "--symbol", "ES", "--dt", DATE,
                                   "--lake", Path(folder) / "lake")):
                    result = spymaster(*arguments)
                    self.assertEqual(result.returncode, 3, (arguments[0], result.stdout, result.stderr))
                    self.assertIn(str(file), result.stdout + result.stderr)
                self.assertEqual(list((Path(folder) / "lake").rglob("*.parquet")), [])

    def test_a_missing_file_is_said(self):
        for command in ("inspect", "book"):
            missing = spymaster(command, "/nowhere/at/all.dbn")
            self.assertEqual(missing.returncode, 1)
            self.assertIn("/nowhere/at/all.dbn", missing.stderr)


class Options(unittest.TestCase):
    """Options on SPY, and what they are given that does not belong to them."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.lake = Path(cls.folder.name) / "lake"
        made = spymaster("simulate", "--products", "equity_mbo,equity_option_mbo", "--lake", cls.lake, "--dt", DATE,
                         "--session", "09:30-09:31", "--events-per-second", 50, "--option-events-per-second", 50)
        assert made.returncode == 0, made.stderr
        cls.quotes = next(cls.lake.rglob("*.cmbp-1.dbn.zst"))
        cls.orders = next(cls.lake.rglob("*.mbo.dbn.zst"))
        cls.definitions = next(cls.lake.rglob("opra-*.definition.dbn.zst"))

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def run_options(self, lake, *arguments):
        return spymaster("run", "--product-type", "equity_option_mbo", "--symbol", "SPY", "--dt", DATE, "--session",
                         "09:30-09:31", "--lake", lake, *arguments)

    def test_before_what_they_are_on_they_say_what_to_run(self):
        refused = self.run_options(self.lake, "--layer", "all")
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("spymaster run --product-type equity_mbo --symbol SPY", refused.stdout)
        self.assertEqual(spymaster("verify", "--lake", self.lake).returncode, 0)

    def test_files_that_are_not_theirs_leave_nothing_of_them(self):
        damaged = Path(self.folder.name) / "damaged.dbn.zst"
        for name, content, code in (("random", os.urandom(300), 3), ("empty", b"", 3),
                                    ("cut", self.quotes.read_bytes()[: self.quotes.stat().st_size * 2 // 3], 3),
                                    ("of shares", self.orders.read_bytes(), 1)):
            damaged.write_bytes(content)
            for raw, definitions in ((damaged, self.definitions), (self.quotes, damaged)):
                with self.subTest(name, raw=raw), tempfile.TemporaryDirectory() as folder:
                    refused = self.run_options(folder, "--layer", "bronze", "--raw", raw, "--definitions", definitions)
                    self.assertEqual(refused.returncode, code, refused.stdout)
                    self.assertIn("spymaster inspect" if code == 1 and raw != damaged else str(damaged),
                                  refused.stdout + refused.stderr)
                    self.assertEqual(list(Path(folder).rglob("table=cmbp_1/dt=*")), [])


if __name__ == "__main__":
    unittest.main()
