"""spymaster download as a person meets it, against the gateway: from definitions to gold, costs, faults, interruptions.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/feed/download_test.py
"""

import json
import os
import pty
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
DATE = "2026-01-06"
SESSION = "09:30-09:31"
KEY = "db-SECRET0SECRET0SECRET0SECRET00"
QUICK = ("--pause-seconds", "0", "--poll-interval", "1")


def environment(**more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABENTO")}
    return {**kept, "DATABENTO_API_KEY": KEY, **more}


def spymaster(*arguments, **more):
    more.setdefault("env", environment())
    return subprocess.run([BIN, *map(str, arguments)], capture_output=True, text=True, timeout=300,
                          stdin=subprocess.DEVNULL, **more)


class Gateway:
    """spymaster gateway on the raw files of a lake."""

    def __init__(self, lake, *options, key=None, queued_ms=100):
        env = environment(**({"SPYMASTER_GATEWAY_KEY": key} if key else {}))
        quick = ("--job-queued-ms", str(queued_ms), "--job-processing-ms", "100")
        self.process = subprocess.Popen([BIN, "gateway", "--raw", str(lake / "raw"), *quick, *options],
                                        stdout=subprocess.PIPE, text=True, env=env)
        for line in self.process.stdout:
            if line.startswith("Historical gateway:"):
                self.url = line.split()[2]
                break

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(timeout=30)
        self.process.stdout.close()


def raw_files(lake):
    return {path.name: path for path in sorted((lake / "raw").rglob("*.dbn.zst"))}


def gold(lake):
    return {path.relative_to(lake): path.read_bytes() for path in (lake / "gold").rglob("*.parquet")}


class Downloads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="spymaster-download-")
        cls.original = Path(cls.folder.name) / "original"
        made = spymaster("simulate", "--products", "all", "--lake", cls.original, "--dt", DATE, "--session", SESSION,
                         "--events-per-second", 40, "--option-events-per-second", 60)
        assert made.returncode == 0, made.stderr

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def setUp(self):
        self.lake = Path(tempfile.mkdtemp(dir=self.folder.name))

    def arguments(self, gateway, *options, program="futures", action="daemon"):
        dates = () if action == "poll" else ("--start", DATE, "--end", DATE, *(QUICK if action == "daemon" else QUICK[:2]))
        return ["download", program, action, *dates, "--lake", str(self.lake), "--log-file", str(self.lake / "log"),
                "--host", gateway.url, *options]

    def download(self, gateway, *options, env=None, **what):
        return spymaster(*self.arguments(gateway, *options, **what), **({"env": env} if env else {}))

    def log(self):
        return (self.lake / "log").read_text()

    def tracked(self, name="futures"):
        return json.loads((self.lake / f"logs/{name}_jobs.json").read_text())["jobs"]

    def partial_files(self):
        return [path for path in (self.lake / "raw").rglob("*.partial") if path.is_file()]

    def test_what_was_downloaded_gives_the_gold_of_the_original(self):
        with Gateway(self.original) as gateway:
            futures = self.download(gateway, "--include-futures", "--yes", "--json")
            self.assertEqual(futures.returncode, 0, futures.stderr)
            equities = self.download(gateway, "--symbols", "SPY", "--equity-schemas", "mbo,definition", "--yes",
                                     program="equities")
            self.assertEqual(equities.returncode, 0, equities.stdout + equities.stderr)
        summary = json.loads(futures.stdout)
        self.assertEqual(len(summary["downloaded"]), 4)
        self.assertGreater(summary["agreed_usd"], 0)
        self.assertEqual(summary["failed"], {})
        log = self.log().splitlines()
        self.assertTrue(all(line.split()[0].endswith("Z") for line in log))
        definition = next(i for i, line in enumerate(log) if "COMPLETE" in line and "|definition|ES" in line)
        data = next(i for i, line in enumerate(log) if "SUBMIT" in line and "|mbo|" in line and "futures_options" in line)
        self.assertLess(definition, data)
        self.assertEqual({job["state"] for job in self.tracked().values()}, {"downloaded"})
        self.assertEqual({path.relative_to(self.lake) for path in raw_files(self.lake).values()},
                         {path.relative_to(self.original) for path in raw_files(self.original).values()})
        self.assertEqual(self.partial_files(), [])
        for symbol in ("ES", "SPY"):
            for lake in (self.original, self.lake):
                run = spymaster("run", "--lake", lake, "--product-type", "all", "--symbol", symbol, "--dt", DATE,
                                "--session", SESSION)
                self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        self.assertGreater(len(gold(self.original)), 4)
        self.assertEqual(gold(self.lake), gold(self.original))

    def test_submit_and_poll_by_hand(self):
        with Gateway(self.original) as gateway:
            for expected in (1, 3):
                submitted = self.download(gateway, "--yes", action="submit")
                self.assertEqual(submitted.returncode, 0, submitted.stdout + submitted.stderr)
                self.assertEqual(len(self.tracked()), expected)
                deadline = time.monotonic() + 60
                while any(job["state"] != "downloaded" for job in self.tracked().values()):
                    self.assertLess(time.monotonic(), deadline)
                    polled = self.download(gateway, action="poll")
                    self.assertEqual(polled.returncode, 0, polled.stdout + polled.stderr)
        self.assertIn("0DTE ES 2026-01-06: 1 assets", self.log())

    def test_a_cut_download_is_resumed(self):
        size = raw_files(self.original)["opra-pillar-20260106.cmbp-1.dbn.zst"].stat().st_size
        with Gateway(self.original, "--fault", f"cut-download={size // 3}") as gateway:
            done = self.download(gateway, "--symbols", "SPY", "--equity-schemas", "mbo", "--options-schemas",
                                 "definition,cmbp-1", "--yes", program="equities")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("going on with opra-pillar-20260106.cmbp-1.dbn.zst from byte", self.log())

    def test_a_corrupt_download_is_repeated_and_at_last_fails(self):
        with Gateway(self.original, "--fault", "corrupt-download=2") as gateway:
            done = self.download(gateway, "--options-schemas", "definition", "--yes")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertIn("downloaded again", self.log())
        other = Path(tempfile.mkdtemp(dir=self.folder.name))
        self.lake = other
        with Gateway(self.original, "--fault", "corrupt-download=1000") as gateway:
            done = self.download(gateway, "--yes")
            self.assertNotEqual(done.returncode, 0)
            self.assertEqual({job["state"] for job in self.tracked().values()}, {"error"})
            self.assertIn("SHA-256", next(iter(self.tracked().values()))["error"])
            self.assertEqual(raw_files(self.lake), {})
            self.assertEqual(self.partial_files(), [])
            self.assertIn("DAEMON failed: 3 of 3 jobs", self.log())

    def test_too_many_requests_are_waited_out(self):
        with Gateway(self.original, "--fault", "429=3") as gateway:
            done = self.download(gateway, "--options-schemas", "definition", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.log().count("(429)"), 3)

    def test_a_job_in_error_is_submitted_again(self):
        with Gateway(self.original, "--fault", "error-job=1") as gateway:
            done = self.download(gateway, "--options-schemas", "definition", "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.log().count("SUBMIT"), 2)
        self.assertIn("-> failed", self.log())

    def test_two_processes_do_not_share_a_tracker(self):
        with Gateway(self.original, queued_ms=60_000) as gateway:
            first = subprocess.Popen([BIN, *self.arguments(gateway, "--yes")], stdout=subprocess.PIPE, text=True,
                                     env=environment(), stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
            for line in first.stdout:
                if "Sleeping" in line:
                    break
            second = self.download(gateway, action="poll")
            self.assertEqual(second.returncode, 1)
            self.assertIn(f"process {first.pid} (spymaster download futures daemon)", second.stderr)
            first.send_signal(signal.SIGINT)
            first.stdout.read()
            self.assertEqual(first.wait(timeout=60), 130)
            first.stdout.close()
        self.assertEqual(len(self.tracked()), 1)

    def test_an_interrupted_download_goes_on_where_it_was(self):
        with Gateway(self.original, "--fault", "cut-download=3000") as gateway:
            first = subprocess.Popen([BIN, *self.arguments(gateway, "--include-futures", "--yes")], text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                     env=environment())
            for line in first.stdout:
                if "going on with glbx-mdp3-20260106.mbo.dbn.zst" in line:
                    break
            first.send_signal(signal.SIGINT)
            first.stdout.read()
            self.assertEqual(first.wait(timeout=60), 130)
            first.stdout.close()
            partial = {path.name: path.stat().st_size for path in self.partial_files()}
            self.assertGreaterEqual(partial["glbx-mdp3-20260106.mbo.dbn.zst.partial"], 3000)
            before = {key: job["job_id"] for key, job in self.tracked().items()}
            again = subprocess.Popen([BIN, *self.arguments(gateway, "--include-futures", "--yes")], text=True,
                                     stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL,
                                     env=environment())
            for line in again.stdout:
                if "going on with glbx-mdp3-20260106.mbo.dbn.zst" in line:
                    break
            self.assertGreater(int(line.split(" from byte ")[1].split()[0]), partial["glbx-mdp3-20260106.mbo.dbn.zst.partial"])
            again.send_signal(signal.SIGINT)
            again.stdout.read()
            self.assertEqual(again.wait(timeout=60), 130)
            again.stdout.close()
            after = {key: job["job_id"] for key, job in self.tracked().items()}
            self.assertEqual({key: after[key] for key in before}, before)

    def test_the_key_is_refused_missing_and_never_said(self):
        with Gateway(self.original, key="db-99999999999999999999999999999") as gateway:
            refused = self.download(gateway, "--yes")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("refuses the key", refused.stderr)
            missing = self.download(gateway, "--yes", env=environment(DATABENTO_API_KEY=""))
            self.assertEqual(missing.returncode, 2)
            self.assertIn("DATABENTO_API_KEY", missing.stderr)
        said = refused.stdout + refused.stderr + "".join(
            path.read_text() for path in self.lake.rglob("*") if path.is_file())
        self.assertNotIn("SECRET", said)
        clear = spymaster("download", "futures", "poll", "--lake", self.lake, "--log-file", self.lake / "log", "--host",
                          "http://hist.databento.com")
        self.assertEqual(clear.returncode, 2)
        self.assertIn("in the clear", clear.stderr)

    def test_cost_is_shown_and_agreed_to(self):
        with Gateway(self.original) as gateway:
            dry = self.download(gateway, "--dry-run", "--json")
            self.assertEqual(dry.returncode, 0, dry.stderr)
            shown = json.loads(dry.stdout)
            self.assertEqual([job["at_most"] for job in shown["jobs"]], [False, True, True])
            self.assertGreater(shown["total"]["usd"], 0)
            alone = self.download(gateway)
            self.assertEqual(alone.returncode, 2)
            self.assertIn("--yes", alone.stderr)
            for answer, code in ((b"n\n", 1), (b"y\n", 0)):
                terminal, inside = pty.openpty()
                asked = subprocess.Popen([BIN, *self.arguments(gateway, action="submit")], stdin=inside,
                                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment())
                os.close(inside)
                os.write(terminal, answer)
                _, said = asked.communicate(timeout=60)
                os.close(terminal)
                self.assertEqual(asked.returncode, code, said)
                self.assertIn(b"Submit 1 jobs for $", said)
                self.assertEqual((self.lake / "logs/futures_jobs.json").exists(), code == 0)

    def test_nothing_that_is_there_is_replaced(self):
        with Gateway(self.original) as gateway:
            self.assertEqual(self.download(gateway, "--options-schemas", "definition", "--yes", action="submit").returncode, 0)
            place = self.lake / raw_files(self.original)["glbx-mdp3-20260106.ES.definition.dbn.zst"].relative_to(self.original)
            place.parent.mkdir(parents=True)
            place.write_bytes(b"mine")
            done = self.download(gateway, "--options-schemas", "definition", "--yes")
            self.assertEqual(done.returncode, 1)
            self.assertIn(str(place), done.stderr)
            self.assertEqual(place.read_bytes(), b"mine")
            place.unlink()  # its job is there still: downloaded, not paid again
            done = self.download(gateway, "--options-schemas", "definition", "--yes")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(self.log().count("SUBMIT"), 1)

    def test_a_damaged_tracker_is_left_as_it_is(self):
        tracker = self.lake / "logs/futures_jobs.json"
        tracker.parent.mkdir()
        tracker.write_text('{"jobs": {')
        with Gateway(self.original) as gateway:
            done = self.download(gateway, "--yes")
        self.assertEqual(done.returncode, 3)
        self.assertIn("move it away", done.stderr)
        self.assertEqual(tracker.read_text(), '{"jobs": {')


if __name__ == "__main__":
    unittest.main(verbosity=2)
