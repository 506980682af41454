#!/usr/bin/env python3
"""Contracts, datasets.yaml, code and the catalogue futures_data.json say the same thing. Fails naming what drifted.

    tests/contracts/catalogue_test.py [-v]        exit code 0 if they agree; needs nothing but Python
"""

import json
import re
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONTRACTS = ROOT / "contracts"
AVRO_TYPES = {"long", "int", "double", "boolean", "string"}
CPP_TYPES = {"std::int64_t": {"long", "double"}, "std::int32_t": {"int"}, "double": {"double"}, "bool": {"boolean"},
             "market::Side": {"string"}}
# What every flow row of a window has from its window: members of windows::Window, not of windows::DepthAndFlow1s.
OF_THE_WINDOW = ["window_start_ts_ns", "window_end_ts_ns", "spot_ref_price_int", "window_valid", "epoch"]
GOLD_KEYS = ["window_end_ts_ns", "event_ts_ns", "spot_ref_price_int", "rel_ticks", "rel_ticks_side", "side"]


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def json_of(path):
    return json.loads(read(path))


def datasets():
    """key -> {property: text} of contracts/datasets.yaml, of whose YAML only the plain nested form is used."""
    found, key = {}, None
    for line in read("contracts/datasets.yaml").splitlines():
        if dataset := re.fullmatch(r"  ([a-z0-9_.]+):", line):
            key = dataset[1]
            found[key] = {}
        elif key and (entry := re.fullmatch(r"    (\w+): (.+)", line)):
            found[key][entry[1]] = entry[2]
    return found


def contract_of(dataset):
    return json_of(Path("contracts") / datasets()[dataset]["contract"])


def columns_of(dataset):
    return [field["name"] for field in contract_of(dataset)["fields"]]


def is_group(entry):
    return "fields" in entry


class Catalogue:
    """The tables of a catalogue by dataset key, and the stage class of each. In bronze the stage is its one table."""

    def __init__(self, path):
        self.tables, self.stages, self.inputs = {}, {}, {}
        bronze_table = dict(key.rsplit(".", 1) for key in datasets() if key.startswith("bronze."))
        for product, layers in json_of(path).items():
            for layer, stages in layers.items():
                for stage, content in stages.items():
                    tables = content
                    if layer == "bronze":
                        tables = {bronze_table[f"bronze.{product}"]: content}
                    self.stages[product, layer] = stage
                    self.inputs[product, layer] = content.get("_inputs", [])
                    for table, entries in tables.items():
                        if not table.startswith("_"):
                            self.tables[f"{layer}.{product}.{table}"] = entries

    def fields(self, dataset):
        return {n: e for n, e in self.tables[dataset].items() if not n.startswith("_") and not is_group(e)}

    def groups(self, dataset):
        return {n: e for n, e in self.tables[dataset].items() if not n.startswith("_") and is_group(e)}


CATALOGUE = Catalogue("futures_data.json")


def struct_members(path, name):
    """[(C++ type, member)] of a plain struct."""
    body = re.search(r"^struct " + name + r" \{$(.*?)^\};", read(path), re.S | re.M)[1]
    body = re.sub(r"//.*", "", body)
    return re.findall(r"^    ([\w:]+) (\w+)(?: = [^;]+)?;", body, re.M)


def listed_names(path, opening):
    """The names between `opening` and the next closing brace, quoted or not."""
    body = re.search(re.escape(opening) + r"(.*?)\}", read(path), re.S)[1]
    return re.findall(r"\w+", body)


class DatasetsAndContracts(unittest.TestCase):
    def test_every_contract_belongs_to_one_dataset_and_every_dataset_has_one(self):
        named = sorted(entry["contract"] for entry in datasets().values())
        there = sorted(path.relative_to(CONTRACTS).as_posix() for path in CONTRACTS.rglob("*.avsc"))
        self.assertEqual(named, there)

    def test_path_and_contract_follow_from_the_key(self):
        for key, entry in datasets().items():
            layer, product, table = key.split(".")
            source = "source=databento/" if layer == "bronze" else ""
            self.assertEqual(entry["path"], f"{layer}/{source}product_type={product}/symbol={{symbol}}/table={table}")
            self.assertEqual(entry["contract"], f"{layer}/{product}/{table}.avsc")
            self.assertEqual((entry["format"], entry["partition_keys"]), ("parquet", "[symbol, dt]"))

    def test_every_column_has_a_type_a_unit_and_a_meaning(self):
        for key in datasets():
            for field in contract_of(key)["fields"]:
                with self.subTest(dataset=key, column=field["name"]):
                    self.assertIn(field["type"], AVRO_TYPES)
                    self.assertIn("unit", field)
                    self.assertTrue(field["doc"].strip())

    def test_no_column_twice(self):
        for key in datasets():
            self.assertEqual(len(columns_of(key)), len(set(columns_of(key))), key)


class CatalogueAndContracts(unittest.TestCase):
    def test_tables_are_the_datasets(self):
        self.assertEqual(sorted(CATALOGUE.tables), sorted(datasets()))

    def test_fields_are_the_columns_in_order(self):
        for key in datasets():
            self.assertEqual(list(CATALOGUE.fields(key)), columns_of(key), key)

    def test_every_field_says_what_it_is_built_from_and_how(self):
        for key in datasets():
            for name, entry in CATALOGUE.fields(key).items():
                with self.subTest(dataset=key, field=name):
                    self.assertLessEqual(set(entry), {"built_from", "transformation_steps", "note", "formula"})
                    for part in ("built_from", "transformation_steps"):
                        self.assertTrue(entry[part] and all(text.strip() for text in entry[part]), part)

    def test_sources_exist(self):
        """A bare name is another column of the same table; else dataset.column, or raw.mbo.member of the record."""
        records = "src/dbn/records.hpp"
        record = {name for struct in ("RecordHeader", "MboMsg") for _, name in struct_members(records, struct)}
        for key in datasets():
            for name, entry in CATALOGUE.fields(key).items():
                for source in entry["built_from"]:
                    with self.subTest(dataset=key, field=name, source=source):
                        dataset, _, column = source.rpartition(".")
                        known = record if dataset == "raw.mbo" else columns_of(dataset or key)
                        self.assertIn(column, known)
                        self.assertNotEqual((dataset, column), ("", name))

    def test_silver_and_gold_tables_are_described(self):
        for key, entries in CATALOGUE.tables.items():
            if key.startswith("bronze."):
                continue
            for part in ("_description", "_shape", "_grain", "_primary_key"):
                self.assertTrue(entries.get(part), f"{key} {part}")
            self.assertLessEqual(set(entries["_primary_key"]), set(columns_of(key)), key)

    def test_gold_inputs_are_the_silver_tables_it_is_built_from(self):
        for (product, layer), inputs in CATALOGUE.inputs.items():
            if layer != "gold":
                continue
            used = set()
            for key in (k for k in CATALOGUE.tables if k.startswith(f"gold.{product}.")):
                for entry in CATALOGUE.fields(key).values():
                    used.update(source.rpartition(".")[0] for source in entry["built_from"])
            self.assertEqual(sorted(used - {""}), sorted(inputs))

    def test_gold_groups_hold_every_derived_field_once(self):
        key = "gold.future_mbo.physics_surface_1s"
        groups = CATALOGUE.groups(key)
        self.assertEqual(list(groups), ["temporal_awareness", "spatial_awareness", "obstacles", "pressure"])
        self.assertTrue(all(group["description"].strip() for group in groups.values()))
        grouped = [name for group in groups.values() for name in group["fields"]]
        columns = columns_of(key)
        self.assertEqual(sorted(grouped), sorted(columns[columns.index("liquidity_velocity") + 1:]))


class CodeAndContracts(unittest.TestCase):
    def test_stage_classes_are_the_stages_of_the_pipeline(self):
        stages = re.findall(r'k(\w+)Stage = "(\w+)"', read("src/pipeline/datasets.hpp"))
        self.assertEqual(len(stages), 3)
        for layer, stage in stages:
            class_name = "".join(word.capitalize() for word in stage.split("_"))
            self.assertEqual(CATALOGUE.stages["future_mbo", layer.lower()], class_name)

    def test_surface_fields_are_the_columns_of_gold(self):
        key = "gold.future_mbo.physics_surface_1s"
        names = listed_names("src/physics/surface.hpp", "kFieldNames{")
        self.assertEqual(GOLD_KEYS + names, columns_of(key))
        self.assertEqual(listed_names("src/physics/surface.hpp", "enum class Field : std::uint8_t {"), names)
        doubles = [field["name"] for field in contract_of(key)["fields"] if field["type"] == "double"]
        self.assertEqual(doubles, names)

    def test_snapshot_struct_is_the_contract(self):
        self.check_struct("BookSnapshot1s", "silver.future_mbo.book_snapshot_1s", [])

    def test_flow_struct_is_the_contract_less_what_the_window_has(self):
        self.check_struct("DepthAndFlow1s", "silver.future_mbo.depth_and_flow_1s", OF_THE_WINDOW)

    def check_struct(self, struct, dataset, elsewhere):
        types = {field["name"]: field["type"] for field in contract_of(dataset)["fields"]}
        members = struct_members("src/windows/rows.hpp", struct)
        self.assertEqual([name for _, name in members], [name for name in types if name not in elsewhere])
        self.assertLessEqual(set(elsewhere), set(types))
        for cpp_type, name in members:
            self.assertIn(types[name], CPP_TYPES[cpp_type], name)


class FormulasAndDocs(unittest.TestCase):
    FOLDERS = ("velocity", "waves", "gradients", "obstacle", "pressure")

    def formula_files(self):
        return sorted(path.relative_to(ROOT).as_posix() for folder in self.FOLDERS
                      for path in (ROOT / "src/physics" / folder).glob("*.hpp"))

    def test_every_computed_field_names_its_formula_and_every_formula_is_named(self):
        key = "gold.future_mbo.physics_surface_1s"
        fields = CATALOGUE.fields(key)
        computed = [name for name in fields if name not in GOLD_KEYS]
        self.assertEqual([name for name in fields if "formula" in fields[name]], computed)
        self.assertEqual(sorted({fields[name]["formula"] for name in computed}), self.formula_files())

    def test_every_formula_opens_with_what_it_is(self):
        for path in self.formula_files():
            head = read(path).split("#pragma once")[0]
            for part in ("unit", "range", "edge", "spec"):
                self.assertRegex(head, rf"(?m)^//   {part}\b", f"{path}: no line '{part}'")

    def test_the_docs_page_has_every_field_with_its_formula_file(self):
        page = read("docs/physics.md")
        for name, entry in CATALOGUE.fields("gold.future_mbo.physics_surface_1s").items():
            self.assertIn(f"`{name}`", page)
            if "formula" in entry:
                self.assertIn(entry["formula"].removeprefix("src/physics/"), page)


if __name__ == "__main__":
    unittest.main()
