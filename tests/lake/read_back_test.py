"""The lake as other programs see it: DuckDB and pyarrow read what the engine wrote, every dataset of all products, hive
partition columns included.

read_back_test.py TEST_LAKE    TEST_LAKE is the program test_lake, which writes the lake to a temporary folder
"""
import functools
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import duckdb
import pyarrow as pa
import pyarrow.dataset
import pyarrow.parquet

SOURCE = pathlib.Path(__file__).resolve().parents[2]
ROWS = 122_880 + 777
SYMBOLS = ["ESH4", "ESM4"]
ARROW_TYPES = {"long": pa.int64(), "int": pa.int32(), "double": pa.float64(), "boolean": pa.bool_(), "string": pa.string()}
SQL_TYPES = {"long": "BIGINT", "int": "INTEGER", "double": "DOUBLE", "boolean": "BOOLEAN", "string": "VARCHAR"}


def tables():
    """Of contracts/datasets.yaml: folder, table, fields of the contract."""
    text = (SOURCE / "contracts/datasets.yaml").read_text()
    found = re.findall(r"^    path: (\S+)/symbol=\{symbol\}/table=(\w+)$.*?^    contract: (\S+)$", text, re.M | re.S)
    assert len(found) == len(re.findall(r"^  [\w.]+:$", text, re.M)) >= 20, found
    return [(base, table, json.loads((SOURCE / "contracts" / contract).read_text())["fields"])
            for base, table, contract in found]


def kind_of(field):
    return field["type"][1] if nullable(field) else field["type"]


def nullable(field):
    return isinstance(field["type"], list)


def expected(kind, place, row, symbol):
    """What read_back_writer_test.cpp writes; of text, `symbol` if it is one."""
    if kind == "long":
        return place * 1_000_000_007 + row * row
    if kind == "int":
        return row % 401 - 200
    if kind == "double":
        return row / 8.0 - place
    if kind == "boolean":
        return row % 3 == 0
    return symbol or "ABN"[row % 3]


def is_null(place, row):
    return (row + place) % 4 == 1 or (place % 2 == 1 and row >= 122_880)


@functools.cache
def expected_column(kind, place, symbol, nulls):
    """`nulls`: the place of a nullable column."""
    rows = [None if nulls is not None and is_null(nulls, i) else expected(kind, place, i, symbol) for i in range(ROWS)]
    return pa.chunked_array([pa.array(rows, ARROW_TYPES[kind])])


def told(field, place, symbol):
    kind = kind_of(field)
    return expected_column(kind, place if kind in ("long", "double") else 0, symbol if field["name"] == "symbol" else "",
                           place if nullable(field) else None)


def check_pyarrow(lake, base, table, fields):
    for symbol in SYMBOLS:
        folder = lake / base / f"symbol={symbol}" / f"table={table}" / "dt=2023-12-25"
        names = sorted(path.name for path in folder.iterdir())
        assert names == ["_MANIFEST.json", "_SUCCESS", "part-00000.parquet"], names
        part = folder / "part-00000.parquet"
        manifest = json.loads((folder / "_MANIFEST.json").read_text())
        assert manifest["files"][0]["sha256"] == hashlib.sha256(part.read_bytes()).hexdigest()

        file = pyarrow.parquet.ParquetFile(part, page_checksum_verification=True)
        assert file.metadata.num_row_groups == 2 and file.metadata.row_group(0).num_rows == 122_880
        assert file.metadata.metadata[b"spymaster.contract_sha256"].decode() == manifest["contract_sha256"]
        rows = file.read()
        assert rows.schema.names == [field["name"] for field in fields], rows.schema.names
        for place, field in enumerate(fields):
            assert rows.schema.field(place).type == ARROW_TYPES[kind_of(field)], field
            assert rows.schema.field(place).nullable == nullable(field), field
            assert (rows.column(place).null_count > ROWS // 5) == nullable(field), field
            assert rows.column(place).null_count == told(field, place, symbol).null_count, field
            assert rows.column(place).equals(told(field, place, symbol)), field
            chunk = file.metadata.row_group(0).column(place)
            if kind_of(field) == "string":
                assert any("DICTIONARY" in encoding for encoding in chunk.encodings), (field, chunk.encodings)
            assert chunk.compression in ("ZSTD", "UNCOMPRESSED"), chunk
            assert chunk.is_stats_set and chunk.statistics.has_min_max, chunk
            assert chunk.statistics.null_count == told(field, place, symbol).slice(0, 122_880).null_count, chunk

    dataset = pa.dataset.dataset(lake / base, format="parquet", partitioning="hive")
    wanted = (pa.dataset.field("table") == table) & (pa.dataset.field("symbol") == "ESM4") & (
        pa.dataset.field("dt") == "2023-12-25")
    rows = dataset.to_table(filter=wanted, columns=["symbol", "dt", "table"])
    assert rows.num_rows == ROWS, rows.num_rows
    assert set(rows["symbol"].to_pylist()) == {"ESM4"} and set(rows["dt"].to_pylist()) == {"2023-12-25"}


def check_duckdb(lake, base, table, fields):
    files = f"{lake}/{base}/symbol=*/table={table}/dt=*/*.parquet"
    source = f"read_parquet('{files}', hive_partitioning = true)"
    types = {name: kind for name, kind, *_ in duckdb.sql(f"describe select * from {source}").fetchall()}
    for field in fields:
        assert types[field["name"]] == SQL_TYPES[kind_of(field)], (field, types)
    assert types["symbol"] == "VARCHAR" and types["dt"] == "DATE", types
    counts = duckdb.sql(f'select symbol, dt::varchar, "table", count(*) from {source} group by all order by 1').fetchall()
    assert counts == [(symbol, "2023-12-25", table, ROWS) for symbol in SYMBOLS], counts
    for place, field in enumerate(fields):
        nulls = duckdb.sql(f"select count(*) from {source} where \"{field['name']}\" is null").fetchall()[0][0]
        assert nulls == len(SYMBOLS) * told(field, place, "ESH4").null_count, (field, nulls)
        if kind_of(field) == "string":
            continue
        exact = "double" if kind_of(field) == "double" else "hugeint"  # the doubles are multiples of 1/8: exact too
        got = duckdb.sql(f"select sum(\"{field['name']}\"::{exact}) from {source} where symbol = 'ESH4'").fetchall()[0][0]
        want = sum(value for value in told(field, place, "ESH4").to_pylist() if value is not None)
        assert got == want, (field, got, want)
    letters = duckdb.sql(f"select side, count(*) from {source} where symbol = 'ESH4' group by 1 order by 1").fetchall() \
        if any(field["name"] == "side" for field in fields) else None
    assert letters in (None, [(letter, ROWS // 3 + (ROWS % 3 > i)) for i, letter in enumerate("ABN")]), letters


def main():
    with tempfile.TemporaryDirectory(prefix="spymaster_read_back_") as folder:
        lake = pathlib.Path(folder)
        subprocess.run([sys.argv[1], "--gtest_filter=ReadBackTest.*", "--gtest_brief=1"], check=True,
                       env={**os.environ, "SPYMASTER_READ_BACK_LAKE": folder})
        for base, table, fields in tables():
            check_pyarrow(lake, base, table, fields)
            check_duckdb(lake, base, table, fields)
            print(f"{base}/{table}: {len(fields)} columns, {ROWS} rows, as written")


if __name__ == "__main__":
    main()
