"""Databento's own Python client runs its live calls against `spymaster gateway`, and gets the records of the raw files.

    SPYMASTER_BIN=build/release/bin/spymaster .venv/bin/python tests/feed/official_live_test.py
"""

import collections
import os
import subprocess
import tempfile
import threading
import unittest
from pathlib import Path

import databento
import pandas as pd
from databento_dbn import CMBP1Msg, Compression, ErrorMsg, InstrumentDefMsg, MBOMsg, StatMsg, SymbolMappingMsg, SystemMsg

BIN = os.environ.get("SPYMASTER_BIN", "build/release/bin/spymaster")
REAL = Path(os.environ.get("SPYMASTER_TEST_DATA", Path(__file__).parents[3] / "shared/data")) / "real"
KEY = "db-12345678901234567890123456789"
GLOBEX, OPRA, NASDAQ = "GLBX.MDP3", "OPRA.PILLAR", "XNAS.ITCH"
PATIENCE = 60
MARKET = (MBOMsg, CMBP1Msg, InstrumentDefMsg, StatMsg)


def ns(text):
    return pd.Timestamp(text).value


OPEN = ns("2026-01-06T14:30:00Z")
SECOND = 1_000_000_000


def decode(path):
    """Every record of a raw file."""
    return list(databento.DBNStore.from_file(path))


def index_time(record):
    return getattr(record, "ts_recv", record.ts_event)


def plain(record):
    """The bytes of a record as they are in a raw file: without ts_out."""
    size = {MBOMsg: 56, CMBP1Msg: 80, InstrumentDefMsg: 520, StatMsg: 80}[type(record)]
    return bytes([size // 4]) + bytes(record)[1:size]


class Raw:
    """The simulated raw files of a day, by dataset and schema."""

    def __init__(self, lake):
        subprocess.run(
            [BIN, "simulate", "--products", "all", "--session", "09:30-09:30:12", "--lake", str(lake)],
            check=True, capture_output=True, timeout=600,
        )
        self.records = collections.defaultdict(list)
        for path in sorted(lake.rglob("*.dbn.zst")):
            store = databento.DBNStore.from_file(path)
            self.records[store.dataset, str(store.schema)] += list(store)
        for records in self.records.values():
            records.sort(key=index_time)  # stable: as the gateway's library, by time over all files

    def since(self, dataset, schema, start_ns, ids=None):
        return [
            plain(record) for record in self.records[dataset, schema]
            if index_time(record) >= start_ns and (ids is None or record.instrument_id in ids)
        ]


class Gateway:
    def __init__(self, raw, *arguments, key=None):
        environment = dict(os.environ)
        environment.pop("SPYMASTER_GATEWAY_KEY", None)
        if key:
            environment["SPYMASTER_GATEWAY_KEY"] = key
        self.process = subprocess.Popen(
            [BIN, "gateway", "--raw", str(raw), "--http-port", "0", "--live-port", "0",
             "--live-connections", "1000", *map(str, arguments)],
            stdout=subprocess.PIPE, text=True, env=environment,
        )
        for line in self.process.stdout:
            if line.startswith("Live gateway: "):
                self.port = int(line.split()[2].rsplit(":", 1)[1])
                return
        raise AssertionError("the gateway did not start")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(PATIENCE)
        self.process.stdout.close()

    def client(self, **options):
        return databento.Live(key=options.pop("key", KEY), gateway="127.0.0.1", port=self.port, **options)


def run(client):
    """Starts the session, and gives its records when the gateway has closed it."""
    records = []
    client.add_callback(records.append)
    client.start()
    client.block_for_close(timeout=PATIENCE)
    return records


def market(records):
    return [plain(record) for record in records if isinstance(record, MARKET)]


def codes(records, kind):
    return [int(record.code) for record in records if isinstance(record, kind)]


class OfficialLive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory(prefix="spymaster-official-live-")
        lake = Path(cls.folder.name)
        cls.raw = Raw(lake)
        cls.path = lake / "raw"
        definitions = cls.raw.records[GLOBEX, "definition"]
        (cls.future, cls.symbol), = {(r.instrument_id, r.raw_symbol) for r in definitions if str(r.instrument_class) == "F"}
        options = [r for r in definitions if str(r.instrument_class) in "CP"]
        cls.options = {r.instrument_id for r in options}
        cls.option_parents = sorted({f"{r.asset}.OPT" for r in options})

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def gateway(self, *arguments, start=OPEN, **options):
        """As fast as the client takes it, to the end of the data."""
        return Gateway(self.path, "--speed", "max", "--end", "close", "--from", start, *arguments, **options)

    def assert_records(self, records, expected):
        got = market(records)
        self.assertEqual(len(got), len(expected))
        self.assertTrue(got == expected, "records differ")

    def test_every_stype(self):
        future = self.raw.since(GLOBEX, "mbo", OPEN, {self.future})
        everything = self.raw.since(GLOBEX, "mbo", OPEN)
        cases = [
            ("parent", "ES.FUT", future),
            ("parent", self.option_parents, self.raw.since(GLOBEX, "mbo", OPEN, self.options)),
            ("raw_symbol", self.symbol, future),
            ("instrument_id", self.future, future),
            ("continuous", "ES.c.0", future),
            ("raw_symbol", "ALL_SYMBOLS", everything),
            ("parent", ["ES.FUT", *self.option_parents], everything),
        ]
        for stype, symbols, expected in cases:
            with self.subTest(stype=stype, symbols=symbols), self.gateway() as gateway:
                client = gateway.client()
                client.subscribe(GLOBEX, "mbo", symbols, stype_in=stype)
                records = run(client)
                self.assertGreater(len(expected), 100)
                self.assert_records(records, expected)
                self.assertEqual(codes(records, SystemMsg), [1])
                self.assertEqual(codes(records, ErrorMsg), [])
                mapped = {}
                for record in records:  # before the first record of an instrument, its name
                    if isinstance(record, SymbolMappingMsg):
                        mapped[record.instrument_id] = record.stype_out_symbol
                    elif isinstance(record, MBOMsg):
                        self.assertIn(record.instrument_id, mapped)
                if stype == "continuous" or "ES.FUT" in str(symbols):
                    self.assertEqual(mapped[self.future], self.symbol)

    def test_metadata(self):
        with self.gateway() as gateway:
            client = gateway.client()
            client.subscribe(GLOBEX, "definition", "ES.FUT", stype_in="parent", start=0)
            run_records = []
            client.add_callback(run_records.append)
            client.start()
            client.block_for_close(timeout=PATIENCE)
        names = [r.stype_in_symbol for r in run_records if isinstance(r, SymbolMappingMsg)]
        self.assertEqual(set(names), {"ES.FUT"})
        self.assertEqual([r.raw_symbol for r in run_records if isinstance(r, InstrumentDefMsg)], [self.symbol])

    def test_replay(self):
        start = OPEN + 2 * SECOND
        with self.gateway(start=OPEN + 6 * SECOND) as gateway:
            client = gateway.client()
            client.subscribe(GLOBEX, "mbo", "ES.FUT", stype_in="parent", start=start)
            client.subscribe(GLOBEX, "definition", "ALL_SYMBOLS", start=0)
            client.subscribe(GLOBEX, "statistics", self.option_parents, stype_in="parent", start=0)
            records = run(client)
        expected = [plain(r) for r in self.raw.records[GLOBEX, "mbo"] if r.ts_event >= start and r.instrument_id == self.future]
        self.assertEqual([plain(r) for r in records if isinstance(r, MBOMsg)], expected)
        self.assertEqual([plain(r) for r in records if isinstance(r, InstrumentDefMsg)], self.raw.since(GLOBEX, "definition", 0))
        self.assertEqual([plain(r) for r in records if isinstance(r, StatMsg)], self.raw.since(GLOBEX, "statistics", 0))
        self.assertEqual(codes(records, SystemMsg), [1, 1, 1, 3, 3, 3])
        times = [index_time(r) for r in records if isinstance(r, MARKET)]
        self.assertEqual(times, sorted(times))
        first_live = next(i for i, r in enumerate(records) if isinstance(r, MBOMsg) and r.ts_recv >= OPEN + 6 * SECOND + 1)
        self.assertLess(max(i for i, r in enumerate(records) if isinstance(r, SystemMsg)), first_live + 2)

    def test_whole_session_and_what_aged_out(self):
        with self.gateway(start=OPEN + 6 * SECOND) as gateway:
            client = gateway.client()
            client.subscribe(NASDAQ, "mbo", "SPY", start=0)
            self.assert_records(run(client), self.raw.since(NASDAQ, "mbo", 0))
        with self.gateway("--replay-hours", 1 / 3600, start=OPEN + 6 * SECOND) as gateway:
            client = gateway.client()
            client.subscribe(NASDAQ, "mbo", "SPY", start=OPEN)
            records = run_with_errors(client)
            self.assertEqual(codes(records, ErrorMsg), [8])
            self.assert_records(records, self.raw.since(NASDAQ, "mbo", OPEN + 6 * SECOND))

    def test_consolidated_quotes(self):
        with self.gateway() as gateway:
            client = gateway.client()
            client.subscribe(OPRA, "cmbp-1", "SPY.OPT", stype_in="parent")
            self.assert_records(run(client), self.raw.since(OPRA, "cmbp-1", OPEN))

    def test_snapshot(self):
        with self.gateway(start=OPEN + 5 * SECOND) as gateway:
            client = gateway.client()
            client.subscribe(GLOBEX, "mbo", "ES.FUT", stype_in="parent", snapshot=True)
            records = [r for r in run(client) if isinstance(r, MBOMsg)]
        snapshot = [r for r in records if r.flags & 32]
        made = snapshot[0].ts_recv
        self.assertEqual(str(snapshot[0].action), "R")
        self.assertTrue(all(str(r.action) == "A" and r.ts_recv == made for r in snapshot[1:]))
        self.assertEqual([int(r.flags) for r in snapshot], [40] * (len(snapshot) - 1) + [168])
        orders = {}
        for record in self.raw.records[GLOBEX, "mbo"]:
            if record.instrument_id != self.future or record.ts_recv > made:
                continue
            action = str(record.action)
            if action == "R":
                orders.clear()
            elif action in "AM":
                orders[record.order_id] = (str(record.side), record.price, record.size)
            elif action == "C":
                side, price, size = orders.pop(record.order_id)
                if size > record.size:
                    orders[record.order_id] = (side, price, size - record.size)
        self.assertEqual({r.order_id: (str(r.side), r.price, r.size) for r in snapshot[1:]}, orders)
        self.assertEqual([plain(r) for r in records[len(snapshot):]], self.raw.since(GLOBEX, "mbo", made + 1, {self.future}))

    def test_ts_out_and_compression(self):
        for compression in (Compression.NONE, Compression.ZSTD):
            with self.subTest(compression=compression), self.gateway() as gateway:
                client = gateway.client(ts_out=True, compression=compression)
                client.subscribe(NASDAQ, "mbo", "SPY")
                records = run(client)
                self.assert_records(records, self.raw.since(NASDAQ, "mbo", OPEN))
                sent = [r.ts_out for r in records]
                self.assertEqual(sent, sorted(sent))

    def test_stream_to_a_file(self):
        path = Path(self.folder.name) / "session.dbn"
        with self.gateway() as gateway:
            client = gateway.client()
            client.subscribe(NASDAQ, "mbo", "SPY")
            client.add_stream(path)
            client.start()
            client.block_for_close(timeout=PATIENCE)
        self.assert_records(decode(path), self.raw.since(NASDAQ, "mbo", OPEN))

    def test_iteration_at_the_pace_of_the_market(self):
        with Gateway(self.path, "--from", OPEN, "--speed", 2) as gateway:
            client = gateway.client()
            client.subscribe(GLOBEX, "mbo", self.symbol)
            client.subscribe(GLOBEX, "mbo", self.option_parents, stype_in="parent")
            records = []
            for record in client:
                records.append(record)
                if len(market(records[-1:])) and len(records) > 1500:
                    break
        expected = self.raw.since(GLOBEX, "mbo", OPEN)
        got = market(records)
        self.assertEqual(got, expected[expected.index(got[0]):][:len(got)])

    def test_what_is_refused(self):
        with self.gateway(key=KEY) as gateway:
            for key, dataset in (("db-wrong678901234567890123456789", GLOBEX), (KEY, "XEUR.EOBI")):
                with self.subTest(key=key, dataset=dataset), self.assertRaises(databento.BentoError):
                    gateway.client(key=key).subscribe(dataset, "mbo", "X")
            client = gateway.client()
            client.subscribe(OPRA, "mbo", "SPY.OPT", stype_in="parent")
            client.start()
            with self.assertRaisesRegex(databento.BentoError, "mbo is not available for OPRA.PILLAR"):
                client.block_for_close(timeout=PATIENCE)

    def test_an_unknown_symbol_is_said_and_the_rest_comes(self):
        with self.gateway() as gateway:
            client = gateway.client()
            client.subscribe(NASDAQ, "mbo", ["SPY", "NOPE"])
            records = run_with_errors(client)
        self.assertEqual(codes(records, ErrorMsg), [4])
        self.assert_records(records, self.raw.since(NASDAQ, "mbo", OPEN))

    def test_many_symbols(self):
        symbols = [r.raw_symbol for r in self.raw.records[OPRA, "definition"]] + [f"NONE{i}" for i in range(900)]
        with self.gateway() as gateway:
            client = gateway.client()
            client.subscribe(OPRA, "cmbp-1", symbols)
            records = run_with_errors(client)
        self.assertEqual(codes(records, SystemMsg), [1])  # one subscription, in three lines
        self.assert_records(records, self.raw.since(OPRA, "cmbp-1", OPEN))

    def test_a_later_subscription_joins(self):
        with self.gateway() as gateway:
            client = gateway.client()
            client.subscribe(GLOBEX, "mbo", "ES.FUT", stype_in="parent")
            records = []
            joined = threading.Event()

            def take(record):
                records.append(record)
                if isinstance(record, MBOMsg) and not joined.is_set():
                    joined.set()
                    client.subscribe(GLOBEX, "mbo", ["ES.FUT", *self.option_parents], stype_in="parent")

            client.add_callback(take)
            client.start()
            client.block_for_close(timeout=PATIENCE)
        got = market(records)
        self.assertEqual(len(got), len(set(got)))
        self.assertEqual([b for b in got if int.from_bytes(b[4:8], "little") == self.future],
                         self.raw.since(GLOBEX, "mbo", OPEN, {self.future}))

    def test_heartbeats_when_there_is_nothing(self):
        with Gateway(self.path, "--speed", "max", "--from", OPEN + 11 * SECOND) as gateway:
            client = gateway.client(heartbeat_interval_s=5)
            client.subscribe(NASDAQ, "mbo", "SPY")
            beat = threading.Event()
            client.add_callback(lambda r: beat.set() if isinstance(r, SystemMsg) and r.is_heartbeat() else None)
            client.start()
            self.assertTrue(beat.wait(PATIENCE))
            client.stop()
            client.block_for_close(timeout=PATIENCE)

    def test_reconnects_after_a_forced_disconnect(self):
        drop = OPEN + 3 * SECOND
        with Gateway(self.path, "--speed", 3, "--end", "close", "--from", OPEN, "--drop-at", drop) as gateway:
            client = gateway.client(reconnect_policy="reconnect")
            client.subscribe(NASDAQ, "mbo", "SPY")
            gaps = []
            client.add_reconnect_callback(lambda start, end: gaps.append((start.value, end.value)))
            got = run(client)
        records = market(got)
        self.assertEqual(len(gaps), 1)
        self.assertLess(gaps[0][0], drop)
        self.assertGreaterEqual(gaps[0][1], drop)
        self.assertEqual(len(records), len(set(records)))
        expected = self.raw.since(NASDAQ, "mbo", OPEN)
        before = [b for b in records if int.from_bytes(b[40:48], "little") < drop]
        after = records[len(before):]
        self.assertEqual(before, [b for b in expected if int.from_bytes(b[40:48], "little") < drop][-len(before):])
        self.assertEqual(after, expected[len(expected) - len(after):])
        self.assertTrue(before and after)
        self.assertLess(len(records), len(expected))  # the clock went on: a hole

    @unittest.skipUnless(REAL.is_dir(), "no real files")
    def test_a_real_file(self):
        raw = REAL / "esh4-glbx-mdp3-20231225.mbo.dbn.zst"
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / raw.name).symlink_to(raw)
            with Gateway(folder, "--speed", "max", "--end", "close") as gateway:
                client = gateway.client()
                client.subscribe(GLOBEX, "mbo", "ES.FUT", stype_in="parent", start=0)
                self.assert_records(run(client), [plain(r) for r in decode(raw)])


def run_with_errors(client):
    """As run(), of a session that is told of symbols that do not resolve: the client calls that an error in the end."""
    records = []
    client.add_callback(records.append)
    client.start()
    try:
        client.block_for_close(timeout=PATIENCE)
    except databento.BentoError:
        pass
    return records


if __name__ == "__main__":
    unittest.main(warnings="ignore")  # the client leaves its files to the garbage collector
