#!/usr/bin/env python3
"""The busiest hour of bronze partitions, as a session: "23:00-24:00 UTC".

    spymaster run --layer bronze ... --json | .venv/bin/python scripts/busiest_hour.py LAKE

Reads the runner's report from stdin. The snapshot a day begins with is stamped midnight, so what a file covers in time says
little about where its market was open; the number of records in an hour says it.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.parquet as pq

HOUR_NS = 3_600_000_000_000
SNAPSHOT_FLAG = 32


def hours_of(part):
    table = pq.read_table(part, columns=["ts_recv", "flags"], partitioning=None)
    live = table.filter(pc.equal(pc.bit_wise_and(table["flags"].cast("int64"), SNAPSHOT_FLAG), 0))
    hours = pc.value_counts(pc.divide(live["ts_recv"].cast("int64"), HOUR_NS))
    return Counter({entry["values"]: entry["counts"] for entry in hours.to_pylist()})


def main():
    lake, hours = Path(sys.argv[1]), Counter()
    for job in json.load(sys.stdin):
        if not job["ok"]:
            sys.exit(f"busiest_hour: {job['error']}")
        for partition in job["partitions"]:
            for part in lake.glob(f"bronze/**/symbol={partition['symbol']}/**/dt={partition['dt']}/part-*.parquet"):
                hours += hours_of(part)
    if not hours:
        sys.exit("busiest_hour: no records; give SESSION")
    # Of equally busy hours the first, so that the same file always gives the same session.
    hour = min(hours, key=lambda h: (-hours[h], h)) % 24
    print(f"{hour:02}:00-{hour + 1:02}:00 UTC")


if __name__ == "__main__":
    main()
