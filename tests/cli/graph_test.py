"""spymaster run and status as a graph: whole days, one dataset with what it misses, what is stale and nothing else.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/cli/graph_test.py
"""

import json
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
FIRST, SECOND = "2026-01-06", "2026-01-07"
CONTRACT = "ESH6"
SESSION = "09:30-09:31"


def spymaster(*arguments):
    return subprocess.run([BIN, *map(str, arguments)], capture_output=True, text=True, timeout=600)


def run(lake, *arguments, session=SESSION):
    return spymaster("run", "--lake", lake, "--session", session, *arguments)


def simulate(lake, date, products):
    made = spymaster("simulate", "--products", products, "--lake", lake, "--dt", date, "--session", SESSION,
                     "--events-per-second", 40, "--option-events-per-second", 60)
    assert made.returncode == 0, made.stderr


def manifests(lake):
    """Every partition: (dataset, symbol, date) to its manifest's path and content."""
    found = {}
    for path in Path(lake).rglob("_MANIFEST.json"):
        manifest = json.loads(path.read_text())
        found[manifest["dataset"], manifest["symbol"], manifest["dt"]] = (path, manifest)
    return found


def data(lake):
    return {path.relative_to(lake): path.read_bytes() for path in Path(lake).rglob("part-*.parquet")}


def everything(lake):
    return {path.relative_to(lake): path.read_bytes() for path in Path(lake).rglob("*")
            if path.is_file() and path.relative_to(lake).parts[0] != "raw"}


def follows_from(lake, key):
    """What was made, through however many others, from a partition: by the manifests alone."""
    reached, size = {key}, 0
    while len(reached) > size:
        size = len(reached)
        for name, (_, manifest) in manifests(lake).items():
            if any((made["dataset"], made["symbol"], made["dt"]) in reached for made in manifest["inputs"]):
                reached.add(name)
    return reached - {key}


def written(report):
    return {(made["dataset"], made["symbol"], made["dt"]) for day in json.loads(report.stdout)
            for made in day.get("partitions", []) if made["written"]}


def status(lake, *arguments):
    shown = spymaster("status", "--lake", lake, "--json", *arguments)
    assert shown.returncode == 0, shown.stderr
    return {(each["dataset"], day["symbol"], day["dt"]): each["state"]
            for day in json.loads(shown.stdout) for each in day["datasets"]}


def states(lake):
    shown = json.loads(spymaster("verify", "--lake", lake, "--json").stdout)
    return {(each["dataset"], each["symbol"], each["dt"]): each["state"] for each in shown}


def touch(lake, datasets, date):
    """As if a stage had made them again from something else: other manifests, the same rows."""
    for dataset in datasets:
        path, manifest = manifests(lake)[dataset, CONTRACT, date]
        manifest["properties"]["touched"] = "yes"
        path.write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n")


class Days(unittest.TestCase):
    """Two days of ES and its options, made once in one command; every test works on a copy."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.raw = Path(cls.folder.name) / "raw_only"
        for date in (FIRST, SECOND):
            simulate(cls.raw, date, "future_mbo,future_option_mbo")
        cls.made = Path(cls.folder.name) / "made"
        shutil.copytree(cls.raw, cls.made)
        cls.day = run(cls.made, "--product-type", "all", "--symbol", "ES", "--dates", f"{FIRST},{SECOND}", "--json")
        assert cls.day.returncode == 0, cls.day.stdout + cls.day.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.copies = tempfile.TemporaryDirectory()
        self.addCleanup(self.copies.cleanup)

    def lake(self, source=None):
        copy = Path(tempfile.mkdtemp(dir=self.copies.name)) / "lake"
        shutil.copytree(source or self.made, copy)
        return copy

    def done(self, report):
        self.assertEqual(report.returncode, 0, report.stdout + report.stderr)
        return report


class WholeDay(Days):
    def test_makes_everything_of_both_products(self):
        datasets = {key[0] for key in manifests(self.made)}
        for dataset in ("stream.forecast_1s", "silver.future_option_mbo.gex_levels_1s", "gold.hud.physics_norm_calibration",
                        "silver.future_mbo.physics_bands_1s", "gold.future_option_mbo.physics_surface_1s",
                        "silver.future_mbo.radar_vacuum_1s", "bronze.future_option.statistics"):
            self.assertIn(dataset, datasets)
        self.assertEqual(set(states(self.made).values()), {"ok"})
        days = json.loads(self.day.stdout)
        self.assertEqual({(day["product_type"], day["dt"]) for day in days},
                         {(product, date) for product in ("future_mbo", "future_option_mbo") for date in (FIRST, SECOND)})
        self.assertEqual({stage["end"] for day in days for stage in day["stages"]}, {"done"})

    def test_a_day_before_calibrates_the_day_after(self):
        found = manifests(self.made)
        inputs = {date: {(made["dataset"], made["dt"]) for made in
                         found["gold.hud.physics_norm_calibration", CONTRACT, date][1]["inputs"]} for date in (FIRST, SECOND)}
        self.assertEqual(inputs[FIRST], set())
        self.assertEqual(inputs[SECOND], {("silver.future_mbo.wall_surface_1s", FIRST),
                                          ("silver.future_option_mbo.gex_surface_1s", FIRST)})

    def test_again_nothing_is_written(self):
        lake = self.lake()
        self.assertEqual(written(self.done(run(lake, "--product-type", "all", "--symbol", "ES", "--dates",
                                               f"{FIRST},{SECOND}", "--json"))), set())

    def test_workers_and_single_steps_give_the_same_bytes(self):
        together, staged = self.lake(self.raw), self.lake(self.raw)
        self.done(run(together, "--product-type", "all", "--symbol", "ES", "--dates", f"{FIRST},{SECOND}", "--workers", 4))
        self.assertTrue(everything(together) == everything(self.made))
        for date in (FIRST, SECOND):
            for product in ("future_mbo", "future_option_mbo"):
                for layer in ("bronze", "silver", "gold"):
                    self.done(run(staged, "--product-type", product, "--layer", layer, "--symbol", "ES", "--dt", date))
            self.done(run(staged, "--layer", "stream", "--symbol", "ES", "--dt", date))
        self.assertTrue(everything(staged) == everything(self.made))

    def test_without_options_is_a_note(self):
        with tempfile.TemporaryDirectory() as folder:
            simulate(folder, FIRST, "future_mbo")
            day = self.done(run(folder, "--product-type", "all", "--symbol", "ES", "--dt", FIRST))
            self.assertIn("left out", day.stdout)
            self.assertIn("future_option_mbo", day.stdout)
            self.assertNotIn("FAILED", day.stdout)
            datasets = {key[0] for key in manifests(folder)}
            self.assertIn("stream.forecast_1s", datasets)
            self.assertIn("silver.future_mbo.physics_bands_1s", datasets)

    def test_a_failure_stops_what_depends_on_it_alone(self):
        lake = self.lake(self.raw)
        broken = next((lake / "raw").glob(f"**/product_type=future_option_mbo/**/*{SECOND.replace('-', '')}.mbo.dbn.zst"))
        broken.write_bytes(broken.read_bytes()[:5000])
        day = run(lake, "--product-type", "all", "--symbol", "ES", "--dates", f"{FIRST},{SECOND}", "--json")
        self.assertEqual(day.returncode, 3, day.stderr)
        ends = {(report["product_type"], report["dt"], stage["stage"]): stage["end"]
                for report in json.loads(day.stdout) for stage in report["stages"]}
        failed = {key for key, end in ends.items() if end == "failed"}
        self.assertEqual(failed, {("future_option_mbo", SECOND, "bronze+silver+physics")})
        skipped = {key for key, end in ends.items() if end == "skipped"}
        self.assertEqual(skipped, {("future_option_mbo", SECOND, "statistics_clean"), ("future_option_mbo", SECOND, "gex"),
                                   ("future_mbo", SECOND, "forecast")})
        text = run(lake, "--product-type", "all", "--symbol", "ES", "--dt", SECOND)
        self.assertIn("FAILED future_option_mbo ES 2026-01-07", text.stdout)
        self.assertIn(str(broken), text.stdout)

    def test_a_symbol_without_anything_is_said(self):
        nothing = run(self.made, "--product-type", "all", "--symbol", "NQ", "--dt", FIRST)
        self.assertEqual((nothing.returncode, "spymaster simulate" in nothing.stderr), (1, True), nothing.stderr)


class Targets(Days):
    LEVELS = "silver.future_option_mbo.gex_levels_1s"

    def test_a_dataset_brings_what_it_misses(self):
        lake = self.lake(self.raw)
        self.done(run(lake, "--dataset", "gex_levels_1s", "--symbol", "ES", "--dt", FIRST))
        datasets = {key[0] for key in manifests(lake)}
        self.assertIn(self.LEVELS, datasets)
        self.assertFalse({each for each in datasets if each.startswith(("gold.", "stream."))})
        self.assertEqual(manifests(lake)[self.LEVELS, CONTRACT, FIRST][1], manifests(self.made)[self.LEVELS, CONTRACT, FIRST][1])
        again = self.done(run(lake, "--dataset", self.LEVELS, "--symbol", "ES", "--dt", FIRST, "--json"))
        self.assertEqual(written(again), set())
        over = self.done(run(lake, "--dataset", "gex_levels_1s", "--symbol", "ES", "--dt", FIRST, "--overwrite", "--json"))
        self.assertEqual({key[0] for key in written(over)}, {self.LEVELS, "silver.future_option_mbo.gex_surface_1s"})

    def test_only_makes_it_alone(self):
        lake = self.lake()
        for dataset in ("vacuum_surface_1s", "physics_bands_1s"):
            shutil.rmtree(manifests(lake)[f"silver.future_mbo.{dataset}", CONTRACT, FIRST][0].parent)
        made = self.done(run(lake, "--only", "physics_bands_1s", "--symbol", "ES", "--dt", FIRST, "--json"))
        self.assertEqual({key[0] for key in written(made)},
                         {"silver.future_mbo.vacuum_surface_1s", "silver.future_mbo.physics_bands_1s"})
        self.assertTrue(everything(lake) == everything(self.made))

    def test_only_names_the_command_of_a_missing_input(self):
        lake = self.lake(self.raw)
        for dataset, says in (("gex_surface_1s", "--dataset silver.future_option.statistics_clean"),
                              ("vacuum_surface_1s", "--dataset silver.future_mbo.wall_surface_1s"),
                              ("radar_vacuum_1s", "--layer bronze"), ("forecast_1s", "--layer gold")):
            missing = run(lake, "--only", dataset, "--symbol", "ES", "--dt", FIRST)
            self.assertEqual(missing.returncode, 1, dataset)
            self.assertIn(says, missing.stdout)
        self.assertEqual(manifests(lake), {})

    def test_from_makes_again_what_follows(self):
        lake = self.lake()
        made = self.done(run(lake, "--from", "depth_and_flow_1s", "--product-type", "future_mbo", "--symbol", "ES",
                             "--dates", f"{FIRST},{SECOND}", "--json"))
        follows = set()
        for date in (FIRST, SECOND):
            for dataset in ("book_snapshot_1s", "depth_and_flow_1s", "wall_surface_1s", "radar_vacuum_1s"):
                key = (f"silver.future_mbo.{dataset}", CONTRACT, date)
                follows |= follows_from(lake, key) | {key}
        self.assertLessEqual(follows, written(made))
        self.assertFalse({key for key in written(made) if key[0].startswith("bronze.")})
        self.assertTrue(everything(lake) == everything(self.made))

    def test_without_a_session_it_is_that_of_the_silver(self):
        lake = self.lake()
        self.done(spymaster("run", "--lake", lake, "--from", "book_snapshot_1s", "--symbol", "ES", "--dt", SECOND))
        self.assertTrue(everything(lake) == everything(self.made))

    def test_usage(self):
        for arguments in (("--only", "cheese"), ("--only", "radar_vacuum_1s", "--layer", "silver"), ("--from", "mbo"),
                          ("--dataset", "gex_levels_1s", "--product-type", "future_mbo"), (),
                          ("--product-type", "all", "--tick", "0.5"), ("--stale", "--overwrite")):
            refused = run(self.made, "--symbol", "ES", "--dt", FIRST, *arguments)
            self.assertEqual(refused.returncode, 2, (arguments, refused.stdout, refused.stderr))
            self.assertTrue(refused.stderr, arguments)


class Stale(Days):
    def test_nothing_is_stale_at_first(self):
        self.assertIn("nothing is stale", self.done(run(self.made, "--stale")).stdout)

    def test_what_follows_from_a_touched_input_and_nothing_else_is_made_again(self):
        silver = [f"silver.future_mbo.{table}" for table in ("book_snapshot_1s", "depth_and_flow_1s", "wall_surface_1s",
                                                             "radar_vacuum_1s")]
        for datasets, date in ((["bronze.future_mbo.mbo"], FIRST), (["bronze.future_option.statistics"], FIRST),
                               (["gold.hud.physics_norm_calibration"], SECOND),
                               (["gold.future_option_mbo.physics_surface_1s"], FIRST), (silver, SECOND)):
            with self.subTest(datasets):
                lake = self.lake()
                before = data(lake)
                touch(lake, datasets, date)
                follows = set().union(*(follows_from(lake, (dataset, CONTRACT, date)) for dataset in datasets))
                self.assertTrue(follows)
                self.assertEqual({key for key, state in status(lake).items() if state == "stale"}, follows)
                self.assertEqual({key for key, state in states(lake).items() if state == "stale"}, follows)
                made = self.done(run(lake, "--stale", "--workers", 2, "--json", session="18:00-19:00"))
                # A stage writes all of its datasets; those of one that was stale may have a fresh one among them.
                self.assertLessEqual(follows, written(made))
                stages = {manifests(lake)[key][1]["stage"] for key in follows}
                self.assertLessEqual({manifests(lake)[key][1]["stage"] for key in written(made)}, stages)
                self.assertEqual(set(states(lake).values()), {"ok"})
                self.assertTrue(data(lake) == before, "the same rows from the same rows")

    def test_a_run_in_the_way_of_something_stale_says_what_to_do(self):
        lake = self.lake()
        touch(lake, ["bronze.future_mbo.mbo"], FIRST)
        conflict = run(lake, "--layer", "silver", "--symbol", "ES", "--dt", FIRST)
        self.assertEqual(conflict.returncode, 1)
        self.assertIn("run --stale", conflict.stdout)
        self.done(run(lake, "--stale", "--symbol", "ES", "--dt", FIRST))
        self.done(run(lake, "--layer", "silver", "--symbol", "ES", "--dt", FIRST))

    def test_another_session_of_silver_then_what_is_stale(self):
        lake = self.lake()
        self.done(run(lake, "--layer", "silver", "--symbol", "ES", "--dt", SECOND, "--overwrite", session="09:30:00-09:30:30"))
        stale = {key[0] for key, state in status(lake, "--dt", SECOND).items() if state == "stale"}
        self.assertIn("gold.future_mbo.physics_surface_1s", stale)
        self.assertIn("silver.future_option_mbo.book_snapshot_1s", stale)
        self.done(run(lake, "--stale"))
        self.assertEqual(set(states(lake).values()), {"ok"})
        # Options follow what they are on into its session.
        options = manifests(lake)["silver.future_option_mbo.book_snapshot_1s", CONTRACT, SECOND][1]
        self.assertEqual(options["properties"]["session"], "09:30:00-09:30:30")


class Status(Days):
    def test_text_fits_a_terminal_and_has_no_colours_elsewhere(self):
        shown = spymaster("status", "--lake", self.made)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertLessEqual(max(map(len, shown.stdout.splitlines())), 100, shown.stdout)
        self.assertNotIn("\033", shown.stdout)
        for text in (f"{CONTRACT} {FIRST}", "vacuum ◄ wall_surface_1s", "silver.future_mbo.radar_vacuum_1s", "0 stale"):
            self.assertIn(text, shown.stdout)

    def test_symbol_and_date_narrow_it(self):
        self.assertEqual({key[2] for key in status(self.made, "--dt", SECOND)}, {SECOND})
        self.assertEqual({key[1] for key in status(self.made, "--symbol", "ES")}, {CONTRACT})
        self.assertEqual(status(self.made, "--symbol", "SPY"), {})

    def test_missing_stale_and_corrupt(self):
        lake = self.lake()
        shutil.rmtree(manifests(lake)["silver.future_mbo.physics_bands_1s", CONTRACT, FIRST][0].parent)
        touch(lake, ["silver.future_mbo.depth_and_flow_1s"], SECOND)
        path = manifests(lake)["silver.future_mbo.radar_vacuum_1s", CONTRACT, FIRST][0].parent / "part-00000.parquet"
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 0xFF
        path.write_bytes(content)
        shown = status(lake)
        self.assertEqual(shown["silver.future_mbo.physics_bands_1s", CONTRACT, FIRST], "missing")
        self.assertEqual(shown["gold.future_mbo.physics_surface_1s", CONTRACT, SECOND], "stale")
        self.assertEqual(shown["silver.future_mbo.radar_vacuum_1s", CONTRACT, FIRST], "fresh")
        self.assertEqual(status(lake, "--verify")["silver.future_mbo.radar_vacuum_1s", CONTRACT, FIRST], "corrupt")
        text = spymaster("status", "--lake", lake).stdout
        self.assertIn("silver.future_mbo.depth_and_flow_1s ESH6 2026-01-07 has changed", text)
        self.assertIn("run --stale", text)


if __name__ == "__main__":
    unittest.main()
