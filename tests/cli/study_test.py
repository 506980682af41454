"""calibrate and evaluate as a person meets them: days of a simulated market, held-out enforcement, documents, the page.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/cli/study_test.py
"""

import html.parser
import json
import os
import re
import shutil
import subprocess
import tempfile
import unittest
import xml.etree.ElementTree
from pathlib import Path

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
DATES = ("2026-01-05", "2026-01-06", "2026-01-07")
HELD_OUT = "2026-01-06:2026-01-07"
SESSION = "09:30-09:36"
SECONDS = 360
HORIZONS = [1, 2, 5, 10, 20, 30]
BASELINES = ["zero", "last_velocity", "micro_price", "order_flow", "spot_now"]


def spymaster(*arguments):
    return subprocess.run([BIN, *map(str, arguments)], capture_output=True, text=True, timeout=600)


def study(command, lake, *arguments):
    session = () if "--session" in arguments else ("--session", SESSION)
    return spymaster(command, "--symbol", "ES", "--lake", lake, *session, *arguments)


def calibrate(lake, *arguments):
    return study("calibrate", lake, *arguments)


def evaluate(lake, *arguments):
    return study("evaluate", lake, *arguments)


def documents(lake):
    return {path.relative_to(lake): path.read_bytes()
            for folder in ("calibration", "evaluation") for path in (lake / folder).rglob("*") if path.is_file()}


class Study(unittest.TestCase):
    """Three short days, measured once; every test works on a lake whose documents are its own."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.lake = Path(cls.folder.name) / "lake"
        for seed, date in enumerate(DATES):
            made = spymaster("simulate", "--lake", cls.lake, "--dt", date, "--session", SESSION, "--events-per-second", 60,
                             "--seed", seed + 1)
            assert made.returncode == 0, made.stderr
        run = spymaster("run", "--layer", "all", "--symbol", "ES", "--lake", cls.lake, "--dates", ",".join(DATES),
                        "--session", SESSION)
        assert run.returncode == 0, run.stdout + run.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        for folder in ("calibration", "evaluation"):
            shutil.rmtree(self.lake / folder, ignore_errors=True)

    def calibrated(self):
        done = calibrate(self.lake, "--dates", DATES[0], "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def evaluated(self, *arguments):
        done = evaluate(self.lake, "--dates", HELD_OUT, "--json", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def refused(self, done, code, *words):
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(done.stdout, "")
        for word in words:
            self.assertIn(word, done.stderr)


class Calibrate(Study):
    def test_it_says_and_stores_what_it_found(self):
        report = self.calibrated()
        self.assertEqual(report["name"], "20260105T143600Z")
        self.assertEqual(report["samples"], SECONDS - 2)
        self.assertEqual([(day["dt"], day["symbol"], day["samples"]) for day in report["days"]],
                         [(DATES[0], "ESH6", SECONDS - 2)])
        self.assertEqual(report["beta"], max(0.0, report["b"]))
        self.assertEqual(report["gamma"], 1.0 - min(1.0, max(0.0, report["a"])))
        stored = json.loads(Path(report["path"]).read_text())
        self.assertEqual(stored["path"]["beta"], report["beta"])
        tenths = report["confidence_tenths"]
        self.assertEqual((len(tenths), tenths), (9, sorted(tenths)))
        self.assertEqual(stored["confidence_scale"], {"edges": tenths, "forecasts": report["forecasts"]})
        includes_zero = report["b"] - 1.96 * report["b_std_error"] <= 0
        self.assertEqual(any("beta is 0" in w or "includes 0" in w for w in report["warnings"]), includes_zero)

    def test_the_report_names_days_and_parameters(self):
        done = calibrate(self.lake, "--dates", f"{DATES[0]}:{DATES[1]}")
        self.assertEqual(done.returncode, 0, done.stderr)
        for word in ("beta", "gamma", "standard error", DATES[0], DATES[1], "716 samples", "spymaster evaluate"):
            self.assertIn(word, done.stdout)

    def test_without_dates_it_takes_all_there_are(self):
        done = calibrate(self.lake, "--json")
        self.assertEqual([day["dt"] for day in json.loads(done.stdout)["days"]], list(DATES))

    def test_days_without_data_are_skipped_and_said(self):
        report = json.loads(calibrate(self.lake, "--dates", "2026-01-02:2026-01-05", "--json").stdout)
        self.assertEqual([day["dt"] for day in report["days"]], [DATES[0]])
        self.assertTrue(any("2026-01-02" in note and "skipped" in note for note in report["notes"]))
        report = json.loads(calibrate(self.lake, "--dates", "2020-01-01:2026-01-05", "--json").stdout)
        self.assertIn("no data, skipped: 2196 dates from 2020-01-01 to 2026-01-04", report["notes"])

    def test_a_session_that_the_lake_has_only_in_part_is_said(self):
        done = calibrate(self.lake, "--dates", DATES[0], "--session", "09:33-09:40", "--json")
        report = json.loads(done.stdout)
        self.assertEqual(report["samples"], 178)
        self.assertTrue(any("180 of the 420 seconds" in note for note in report["notes"]), report["notes"])

    def test_what_cannot_be_is_refused(self):
        self.refused(calibrate(self.lake, "--dates", "2026-02-02"), 1, "spymaster run", "2026-02-02")
        self.refused(spymaster("calibrate", "--symbol", "NQ", "--lake", self.lake), 1, "spymaster run", "NQ")
        self.refused(spymaster("calibrate", "--symbol", "ES", "--lake", self.lake, "--session", "11:00-12:00"), 1, SESSION)
        for arguments in (("--dates", "tomorrow"), ("--session", "9-10"), ("--product-type", "future_option_mbo"),
                          ("--product-type", "cheese")):
            self.refused(calibrate(self.lake, *arguments), 2)
        self.assertEqual(spymaster("calibrate", "--lake", self.lake).returncode, 2)
        self.assertEqual(documents(self.lake), {})


class Evaluate(Study):
    def check_hits(self, row):
        self.assertLessEqual(row["decided"], row["predicted"])
        self.assertEqual(row["hit_rate"] is None, row["decided"] == 0)
        if row["hit_rate_interval"] is not None:
            self.assertLessEqual(row["hit_rate_interval"][0], row["hit_rate"])
            self.assertGreaterEqual(row["hit_rate_interval"][1], row["hit_rate"])

    def check_baselines(self, row, cautious):
        self.assertEqual(list(row["baselines"]), BASELINES)
        for baseline in row["baselines"].values():
            self.assertEqual("cautious_interval" in baseline, cautious)
            self.assertEqual(baseline["skill"] is None, baseline["mae"] == 0)
            if baseline["skill"] is not None:
                self.assertAlmostEqual(baseline["skill"], 1 - row["mae"] / baseline["mae"])

    def check_ranks(self, confidence, tenths):
        ranks = confidence["ranks"]
        self.assertEqual([rank["tenth"] for rank in ranks], list(range(1, 11)))
        self.assertEqual([rank["low"] for rank in ranks], [0, *tenths])
        self.assertEqual([rank["high"] for rank in ranks], [*tenths, 1])
        for rank in ranks:
            self.check_hits(rank)
            if rank["tenth"] > 1 and rank["low"] == rank["high"]:
                self.assertEqual(rank["predicted"], 0)
        for key in ("predicted", "decided"):
            self.assertEqual(sum(rank[key] for rank in ranks), sum(bucket[key] for bucket in confidence["buckets"]))
        self.assertIn(confidence["rank_monotonicity"], ("rising", "falling", "undecided"))

    def test_the_document_has_what_is_promised(self):
        calibrated = self.calibrated()
        document = self.evaluated()
        self.assertEqual((document["format"], document["product_type"], document["symbol"], document["calibration"]),
                         (1, "future_mbo", "ES", "20260105T143600Z"))
        self.assertEqual((document["dates"], document["session"], document["seconds"]), (list(DATES[1:]), SESSION, 2 * SECONDS))
        self.assertEqual(document["source"], "simulated")
        self.assertLessEqual(document["valid_seconds"], document["seconds"])
        self.assertEqual([row["horizon_s"] for row in document["horizons"]], HORIZONS)
        for row in document["horizons"]:
            self.assertEqual(row["samples"], document["valid_seconds"] - 2 * row["horizon_s"])
            self.check_hits(row)
            self.check_baselines(row, cautious=True)
            cautious = [b["cautious_interval"] for b in row["baselines"].values()]
            self.assertEqual(row["skilled"], all(c is not None and c[0] > 0 for c in cautious))
        self.assertEqual(document["verdict"], "skill" if any(row["skilled"] for row in document["horizons"]) else "no skill")
        self.assertTrue(document["verdict_text"].lower().startswith(document["verdict"]))
        self.assertEqual(len(document["confidence"]["buckets"]), 10)
        self.assertIn(document["confidence"]["monotonicity"], ("rising", "falling", "undecided"))
        for bucket in document["confidence"]["buckets"]:
            self.check_hits(bucket)
        self.check_ranks(document["confidence"], calibrated["confidence_tenths"])
        self.assertEqual([row["from"] for row in document["time_of_day"]], ["09:30"])
        self.check_baselines(document["time_of_day"][0], cautious=False)
        self.assertRegex(document["engine_sha256"], "^[0-9a-f]{64}$")
        self.assertEqual(list(document["partitions"]), list(DATES[1:]))

    def test_the_table_fits_and_says_the_verdict(self):
        self.calibrated()
        verdict = self.evaluated()["verdict_text"]
        done = evaluate(self.lake, "--dates", HELD_OUT)
        self.assertEqual(done.returncode, 0, done.stderr)
        words = " ".join(done.stdout.split())
        self.assertIn(verdict, words)
        self.assertIn("By tenth, which tells forecasts apart", words)
        self.assertIn("By value, as the criterion is specified", words)
        for line in done.stdout.splitlines():
            self.assertTrue(len(line) <= 100 or "/evaluation/" in line, line)

    def test_the_same_command_gives_the_same_bytes(self):
        outcomes = []
        for _ in range(2):
            self.setUp()
            self.calibrated()
            self.evaluated()
            outcomes.append(documents(self.lake))
        self.assertEqual(len(outcomes[0]), 3)
        self.assertEqual(outcomes[0], outcomes[1])

    def test_documents_are_in_the_lake_and_where_asked_for(self):
        self.calibrated()
        with tempfile.TemporaryDirectory() as folder:
            document = self.evaluated("--out", Path(folder) / "report")
            folder_of_lake = self.lake / "evaluation/forecast/product_type=future_mbo/symbol=ES"
            for extension in (".json", ".html"):
                asked_for = Path(folder) / "report" / f"ES-20260105T143600Z{extension}"
                self.assertEqual(asked_for.read_bytes(), (folder_of_lake / f"20260105T143600Z{extension}").read_bytes())
            self.assertEqual(json.loads((folder_of_lake / "20260105T143600Z.json").read_text()), document)

    def test_seconds_that_were_trained_on_are_refused(self):
        self.calibrated()
        for dates in (DATES[0], f"{DATES[0]}:{DATES[2]}"):
            self.refused(evaluate(self.lake, "--dates", dates, "--calibration", "20260105T143600Z"), 2, DATES[0], "training",
                         "2026-01-05T14:36:00Z")
            self.refused(evaluate(self.lake, "--dates", dates), 1, "spymaster calibrate", "--uncalibrated")
        whole_lake = evaluate(self.lake, "--json")
        self.assertEqual(json.loads(whole_lake.stdout)["dates"], list(DATES[1:]))
        self.assertIn("left out", whole_lake.stderr)

    def test_a_session_after_that_of_the_training_is_held_out(self):
        calibrate(self.lake, "--dates", DATES[0], "--session", "09:30-09:33")
        done = evaluate(self.lake, "--dates", DATES[0], "--session", "09:33-09:36", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(json.loads(done.stdout)["seconds"], 180)

    def test_few_blocks_show_nothing(self):
        self.calibrated()
        done = evaluate(self.lake, "--dates", DATES[1], "--json")
        document = json.loads(done.stdout)
        self.assertEqual(document["verdict"], "no skill")
        self.assertTrue(all(b["skill_interval"] is None for row in document["horizons"] for b in row["baselines"].values()))

    def test_uncalibrated_is_said(self):
        document = self.evaluated("--uncalibrated")
        self.assertIsNone(document["calibration"])
        self.assertIsNone(document["baselines_fitted_in"])
        self.assertEqual(document["parameters"], {"beta": 1.0, "gamma": 0.2})
        self.assertTrue((self.lake / "evaluation/forecast/product_type=future_mbo/symbol=ES/uncalibrated.html").exists())
        self.calibrated()
        document = self.evaluated("--uncalibrated")
        self.assertEqual(document["baselines_fitted_in"], "20260105T143600Z")
        self.assertEqual((document["confidence"]["ranks"], document["confidence"]["rank_monotonicity"]), ([], "undecided"))

    def test_what_cannot_be_is_refused(self):
        self.refused(evaluate(self.lake, "--dates", HELD_OUT), 1, "spymaster calibrate", "--uncalibrated")
        self.calibrated()
        before = documents(self.lake)
        self.refused(evaluate(self.lake, "--dates", "2026-02-02"), 1, "spymaster run")
        self.refused(evaluate(self.lake, "--calibration", "20260101T000000Z"), 1, "20260105T143600Z")
        self.refused(evaluate(self.lake, "--calibration", "nowhere.json"), 1, "nowhere.json")
        self.refused(evaluate(self.lake, "--calibration", "20260105T143600Z", "--uncalibrated"), 2)
        self.refused(evaluate(self.lake, "--dates", "tomorrow"), 2)
        self.assertEqual(documents(self.lake), before)

    def test_garbage_for_a_calibration_is_refused_with_3(self):
        stored = Path(self.calibrated()["path"])
        whole = stored.read_bytes()
        for name, content in (("empty", b""), ("text", b"beta is 4"), ("cut", whole[: len(whole) // 2]),
                              ("of no numbers", re.sub(rb'"beta": [^,]*', b'"beta": "much"', whole)),
                              ("without its scale", whole.replace(b"confidence_scale", b"scale")),
                              ("negative", re.sub(rb'"gamma": [^,]*', b'"gamma": -7', whole))):
            with self.subTest(name), tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "calibration.json"
                file.write_bytes(content)
                self.refused(evaluate(self.lake, "--dates", HELD_OUT, "--calibration", file), 3, str(file))
                stored.write_bytes(content)
                self.refused(evaluate(self.lake, "--dates", HELD_OUT), 3, stored.name)
        self.assertFalse((self.lake / "evaluation").exists())

    def test_a_calibration_of_something_else_is_refused(self):
        stored = Path(self.calibrated()["path"])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "calibration.json"
            file.write_text(re.sub(r'\n  "symbol": "ES"', '\n  "symbol": "NQ"', stored.read_text()))
            self.refused(evaluate(self.lake, "--dates", HELD_OUT, "--calibration", file), 1, "NQ")


class Page(Study):
    def page(self, *arguments):
        self.evaluated(*arguments)
        return next((self.lake / "evaluation").rglob("*.html")).read_text()

    def test_it_is_whole_and_stands_alone(self):
        self.calibrated()
        page = self.page()
        root = xml.etree.ElementTree.fromstring(page)
        pictures = root.findall(".//{*}figure/{*}svg")
        self.assertEqual(len(pictures) + page.count("nothing to show"), 4)
        for picture in pictures:
            self.assertTrue(picture.get("aria-label"))
        parser = html.parser.HTMLParser()
        tags = []
        parser.handle_starttag = lambda tag, attributes: tags.append((tag, dict(attributes)))
        parser.feed(page)
        for tag, attributes in tags:
            self.assertNotIn(tag, ("script", "link", "img", "iframe", "object"))
            self.assertFalse({"src", "href", "onload", "onclick"} & set(attributes), (tag, attributes))
        self.assertNotIn("url(", page)
        self.assertNotIn("@import", page)
        names = {"http://www.w3.org/1999/xhtml", "http://www.w3.org/2000/svg"}  # of XML, nothing is fetched
        self.assertEqual(set(re.findall(r"https?://[^\"]*", page)), names)
        self.assertIn("prefers-color-scheme: dark", page)
        for word in (DATES[1], DATES[2], SESSION, "20260105T143600Z", "a simulated market", "How to read this"):
            self.assertIn(word, page)

    def test_what_comes_from_a_file_is_escaped(self):
        stored = Path(self.calibrated()["path"])
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "calibration.json"
            text = stored.read_text()
            self.assertIn(f'"session": "{SESSION}"', text)
            file.write_text(text.replace(f'"session": "{SESSION}"', '"session": "<script>alert(1)</script>&\\u0001"', 1))
            page = self.page("--calibration", file)
            self.assertNotIn("<script>", page)
            self.assertIn("&lt;script&gt;alert(1)&lt;/script&gt;&amp;\ufffd", page)
            xml.etree.ElementTree.fromstring(page)


if __name__ == "__main__":
    unittest.main()
