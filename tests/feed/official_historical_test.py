#!/usr/bin/env python3
"""Databento's own historical client against `spymaster gateway`, on simulated raw files: every call that the gateway answers,
and the records against those of the original files, decoded by databento_dbn and counted by `spymaster inspect`."""

import contextlib
import datetime
import json
import os
import subprocess
import tempfile
import time
import unittest
import warnings
import zipfile
from pathlib import Path

import databento as db
import databento_dbn
from databento.common.error import BentoWarning

BIN = os.environ["SPYMASTER_BIN"]
KEY = "db-12345678901234567890123456789"
DATE = "2026-01-06"
MIDNIGHT = int(datetime.datetime(2026, 1, 6, tzinfo=datetime.timezone.utc).timestamp()) * 1_000_000_000
OPEN = MIDNIGHT + (14 * 3600 + 30 * 60) * 1_000_000_000
SIMULATED = "09:30-09:31"


class Gateway:
    """The command, from its start until it has stopped."""

    def __init__(self, raw, *options):
        environment = {k: v for k, v in os.environ.items() if k != "SPYMASTER_GATEWAY_KEY"}
        self.process = subprocess.Popen([BIN, "gateway", "--raw", str(raw), "--http-port", "0", *options],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
        self.said = []
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("Historical gateway: "):
                self.url = line.split()[2]
                return
        raise RuntimeError("".join(self.said) + self.process.stderr.read())

    def client(self, key=KEY):
        """The client makes https of any gateway; ours has no TLS (docs/gateway.md)."""
        client = db.Historical(key, gateway=self.url)
        for calls in (client.metadata, client.symbology, client.timeseries, client.batch):
            calls._base_url = calls._base_url.replace("https://", "http://")
        return client

    def stop(self):
        self.process.terminate()
        self.process.communicate(timeout=60)
        return self.process.returncode


@contextlib.contextmanager
def gateway(raw, *options):
    running = Gateway(raw, *options)
    try:
        yield running
    finally:
        running.stop()


def raw_file(raw, *parts):
    found = [path for path in sorted(raw.rglob("*.dbn.zst")) if all(part in str(path) for part in parts)]
    assert len(found) == 1, (parts, found)
    return found[0]


def records(store):
    """Every record as bytes: nothing of it may differ."""
    return [bytes(record) for record in store]


def wait_for(client, job_id, state="done"):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        jobs = {job["id"]: job for job in client.batch.list_jobs(states="queued,processing,done,expired")}
        if jobs[job_id]["state"] == state:
            return jobs[job_id]
        time.sleep(0.2)
    raise AssertionError(f"{job_id} is never {state}")


class OfficialClient(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="spymaster-official-")
        lake = Path(cls.folder.name) / "lake"
        subprocess.run([BIN, "simulate", "--products", "all", "--session", SIMULATED, "--dt", DATE, "--lake", str(lake)],
                       check=True, capture_output=True)
        cls.raw = lake / "raw"
        cls.gateway = Gateway(cls.raw, "--job-queued-ms", "50", "--job-processing-ms", "50")
        cls.client = cls.gateway.client()
        cls.future = raw_file(cls.raw, "future_mbo")
        cls.option = raw_file(cls.raw, "future_option_mbo", ".mbo.")
        cls.definitions = raw_file(cls.raw, "dataset=definition", "glbx")
        cls.quotes = raw_file(cls.raw, "equity_option_cmbp_1", "cmbp-1")

    @classmethod
    def tearDownClass(cls):
        code = cls.gateway.stop()
        cls.folder.cleanup()
        assert code == 0, code

    def same_records(self, got, original):
        expected = records(db.DBNStore.from_file(original))
        self.assertEqual(got, expected)

    def test_metadata(self):
        metadata = self.client.metadata
        self.assertEqual(metadata.list_datasets(), ["GLBX.MDP3", "OPRA.PILLAR", "XNAS.ITCH"])
        self.assertEqual(metadata.list_datasets(start_date="2030-01-01"), [])
        self.assertIn("GLBX.MDP3", {one["dataset"] for one in metadata.list_publishers()})
        self.assertEqual(metadata.list_schemas("GLBX.MDP3"), ["mbo", "trades", "definition", "statistics"])
        fields = [one["name"] for one in metadata.list_fields("mbo", "dbn")]
        self.assertEqual(fields[:5], ["length", "rtype", "publisher_id", "instrument_id", "ts_event"])
        self.assertIn("ts_in_delta", fields)
        self.assertEqual({one["mode"] for one in metadata.list_unit_prices("GLBX.MDP3")},
                         {"historical", "historical-streaming", "live"})
        self.assertEqual(metadata.get_dataset_range("GLBX.MDP3")["start"], f"{DATE}T00:00:00.000000000Z")
        self.assertEqual(metadata.get_dataset_condition("GLBX.MDP3", DATE, DATE)[0]["condition"], "available")

    def test_counts_sizes_and_costs(self):
        request = {"dataset": "GLBX.MDP3", "symbols": "ESH6", "schema": "mbo", "start": DATE}
        inspected = json.loads(subprocess.run([BIN, "inspect", "--json", str(self.future)], check=True,
                                              capture_output=True, text=True).stdout)
        count = self.client.metadata.get_record_count(**request)
        self.assertEqual(count, inspected["records"])
        self.assertEqual(self.client.metadata.get_billable_size(**request), count * 56)
        self.assertGreater(self.client.metadata.get_cost(**request), 0)
        self.assertEqual(self.client.metadata.get_record_count(**request, limit=10), 10)

    def test_a_range_is_the_file(self):
        store = self.client.timeseries.get_range("GLBX.MDP3", start=DATE, symbols="ESH6", schema="mbo")
        self.same_records(records(store), self.future)
        self.assertEqual(store.metadata.symbols, ["ESH6"])
        self.assertEqual(store.metadata.stype_out, databento_dbn.SType.INSTRUMENT_ID)
        self.assertEqual(set(store.to_df()["symbol"]), {"ESH6"})

    def test_a_range_to_a_file(self):
        path = Path(self.folder.name) / "quotes.dbn.zst"
        store = self.client.timeseries.get_range("OPRA.PILLAR", start=DATE, symbols="SPY.OPT", stype_in="parent",
                                                 schema="cmbp-1", path=path)
        self.same_records(records(store), self.quotes)
        self.assertEqual(db.read_dbn(path).metadata.schema, "cmbp-1")

    def test_a_part_of_a_range(self):
        end = OPEN + 20_000_000_000
        store = self.client.timeseries.get_range("GLBX.MDP3", start=OPEN, end=end, symbols="ESH6", schema="mbo", limit=5000)
        expected = [bytes(one) for one in db.DBNStore.from_file(self.future) if OPEN <= one.ts_recv < end]
        self.assertGreater(len(expected), 100)
        self.assertEqual(records(store), expected[:5000])

    def test_several_files_are_merged_by_time(self):
        end = OPEN + 2_000_000_000
        store = self.client.timeseries.get_range("GLBX.MDP3", start=OPEN, end=end, schema="mbo")
        both = [one for path in (self.future, self.option) for one in db.DBNStore.from_file(path)
                if OPEN <= one.ts_recv < end]
        got = list(store)
        self.assertEqual([one.ts_recv for one in got], sorted(one.ts_recv for one in both))
        self.assertEqual(sorted(map(bytes, got)), sorted(map(bytes, both)))

    def test_trades_and_definitions(self):
        trades = list(self.client.timeseries.get_range("GLBX.MDP3", start=DATE, symbols="ES.c.0", stype_in="continuous",
                                                       schema="trades"))
        expected = [one for one in db.DBNStore.from_file(self.future) if one.action == "T"]
        self.assertEqual([(one.ts_event, one.price, one.size, one.sequence) for one in trades],
                         [(one.ts_event, one.price, one.size, one.sequence) for one in expected])
        definitions = self.client.timeseries.get_range("GLBX.MDP3", start=DATE, schema="definition")
        self.same_records(records(definitions), self.definitions)

    def test_symbology(self):
        definitions = list(db.DBNStore.from_file(self.definitions))
        ids = {one.raw_symbol: one.instrument_id for one in definitions}

        def resolve(symbols, stype_in, stype_out="instrument_id"):
            return self.client.symbology.resolve("GLBX.MDP3", symbols, stype_in, stype_out, DATE)

        found = resolve(["ESH6", "NOPE"], "raw_symbol")
        self.assertEqual(found["result"]["ESH6"], [{"d0": DATE, "d1": "2026-01-07", "s": str(ids["ESH6"])}])
        self.assertEqual(found["not_found"], ["NOPE"])
        self.assertEqual(set(resolve("ES.FUT", "parent")["result"]), {"ESH6"})
        calls = {one.raw_symbol for one in definitions if one.asset == "E1B"}
        self.assertEqual(set(resolve("E1B.OPT", "parent")["result"]), calls)
        self.assertEqual(resolve("ES.c.0", "continuous", "raw_symbol")["result"]["ES.c.0"][0]["s"], "ESH6")
        by_id = resolve(ids["ESH6"], "instrument_id", "raw_symbol")
        self.assertEqual(by_id["result"][str(ids["ESH6"])][0]["s"], "ESH6")
        partly = self.client.symbology.resolve("GLBX.MDP3", "ESH6", "raw_symbol", "instrument_id", DATE, "2026-01-09")
        self.assertEqual(partly["partial"], ["ESH6"])

    def test_warnings_of_the_service(self):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            store = self.client.timeseries.get_range("GLBX.MDP3", start=DATE, end=f"{DATE}T00:00:01", symbols="ESH6,NOPE",
                                                     schema="statistics")
        said = " ".join(str(one.message) for one in caught)
        self.assertIn("NOPE", said)
        self.assertIn("No data found", said)
        self.assertEqual(store.metadata.not_found, ["NOPE"])

    def test_batch(self):
        job = self.client.batch.submit_job("GLBX.MDP3", symbols="ES.FUT", schema="mbo", start=DATE, end="2026-01-07",
                                           stype_in="parent")
        self.assertIn(job["state"], {"queued", "processing"})
        done = wait_for(self.client, job["id"])
        self.assertEqual(done["record_count"], sum(1 for _ in db.DBNStore.from_file(self.future)))
        self.assertEqual(self.client.batch.get_job_details(job["id"])["id"], job["id"])
        self.assertEqual(set(self.client.batch.list_jobs(short=True)[0]), {"id", "state", "ts_received"})
        files = {one["filename"]: one for one in self.client.batch.list_files(job["id"])}
        name = f"glbx-mdp3-{DATE.replace('-', '')}.mbo.dbn.zst"
        self.assertEqual(set(files), {name, "metadata.json", "symbology.json", "condition.json", "manifest.json"})

        folder = Path(self.folder.name) / "downloads"
        [path] = self.client.batch.download(job["id"], folder, filename_to_download=name)
        self.same_records(records(db.DBNStore.from_file(path)), self.future)
        whole = path.read_bytes()
        path.write_bytes(whole[:1000])  # as an interrupted download leaves it: the client asks for the rest
        with warnings.catch_warnings():
            warnings.simplefilter("error", BentoWarning)
            [path] = self.client.batch.download(job["id"], folder, filename_to_download=name)
        self.assertEqual(path.read_bytes(), whole)

        [archive] = self.client.batch.download(job["id"], folder / "zip", keep_zip=True)
        with zipfile.ZipFile(archive) as opened:
            self.assertIsNone(opened.testzip())
            self.assertEqual(set(opened.namelist()), set(files))
        all_files = self.client.batch.download(job["id"], folder / "all")
        self.assertEqual({one.name for one in all_files}, set(files))

    def test_refusals(self):
        with self.assertRaises(db.BentoClientError) as refused:
            self.gateway.client("db-wrong").metadata.list_datasets()
        self.assertEqual(refused.exception.http_status, 401)
        self.assertIn("auth_authentication_failed", str(refused.exception))
        get_range = self.client.timeseries.get_range
        for changed, named in (({"schema": "mbp-1"}, "mbp-1"), ({"dataset": "XNYS.TRADES"}, "XNYS.TRADES"),
                               ({"start": "2020-01-01"}, "data_start_before_available_start"),
                               ({"end": "2030-01-01"}, "data_end_after_available_end"),
                               ({"symbols": "NOPE"}, "symbology_invalid_request")):
            request = {"dataset": "GLBX.MDP3", "schema": "mbo", "start": DATE, "symbols": "ESH6", **changed}
            with self.assertRaises(db.BentoClientError) as refused:
                get_range(**request)
            self.assertEqual(refused.exception.http_status, 422)
            self.assertIn(named, str(refused.exception))
        with self.assertRaises(db.BentoClientError) as refused:
            self.client.batch.list_files("GLBX-20260106-NOPE")
        self.assertEqual(refused.exception.http_status, 404)

    def test_faults(self):
        options = ("--job-queued-ms", "0", "--job-processing-ms", "0", "--fault", "429=1", "--fault", "corrupt-download=1",
                   "--fault", "cut-download=100000", "--fault", "error-job=2")
        with gateway(self.raw, *options) as spoiled:
            client = spoiled.client()
            with self.assertRaises(db.BentoClientError) as refused:
                client.metadata.list_datasets()
            self.assertEqual(refused.exception.http_status, 429)
            self.assertEqual(refused.exception.headers["Retry-After"], "1")
            request = {"dataset": "GLBX.MDP3", "symbols": "ESH6", "schema": "mbo", "start": DATE}
            job = client.batch.submit_job(**request)["id"]
            wait_for(client, job)
            name = f"glbx-mdp3-{DATE.replace('-', '')}.mbo.dbn.zst"
            folder = Path(self.folder.name) / "spoiled"
            with self.assertWarnsRegex(BentoWarning, "checksum"):  # one byte of the first piece is wrong
                [path] = client.batch.download(job, folder, filename_to_download=name)
            path.unlink()
            with warnings.catch_warnings():
                warnings.simplefilter("error", BentoWarning)
                [path] = client.batch.download(job, folder, filename_to_download=name)  # in pieces, each cut short
            self.same_records(records(db.DBNStore.from_file(path)), self.future)
            wait_for(client, client.batch.submit_job(**request)["id"], "error")
            with self.assertRaises(db.BentoClientError) as refused:
                for _ in range(25):
                    client.batch.submit_job(**request)
            self.assertEqual(refused.exception.http_status, 429)

    def test_command_line(self):
        def run(*arguments):
            return subprocess.run([BIN, "gateway", *arguments], capture_output=True, text=True, timeout=60)

        self.assertEqual(run().returncode, 2)
        self.assertEqual(run("--raw", "/nowhere/at/all").returncode, 1)
        self.assertEqual(run("--raw", str(self.raw), "--fault", "fire=1").returncode, 2)
        self.assertEqual(run("--raw", str(self.raw), "--host", "elsewhere.example").returncode, 2)


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # the client leaves files to the garbage collector
