#!/usr/bin/env python3
"""Contracts, datasets.yaml, code and the catalogues futures_data.json and equities_data.json say the same thing. Fails naming
what drifted.

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
             "market::Side": {"string"}, "market::Right": {"string"}}
# What every flow row of a window has from its window: members of windows::Window, not of windows::DepthAndFlow1s.
OF_THE_WINDOW = ["window_start_ts_ns", "window_end_ts_ns", "spot_ref_price_int", "window_valid", "epoch"]
# What every row of a chain window has from its window: members of windows::ChainWindow.
OF_THE_CHAIN = ["window_start_ts_ns", "window_end_ts_ns", "spot_ref_price_int"]
GOLD_KEYS = ["window_end_ts_ns", "event_ts_ns", "spot_ref_price_int", "rel_ticks", "rel_ticks_side", "side"]
OPTION_GOLD_KEYS = ["window_end_ts_ns", "event_ts_ns", "spot_ref_price_int", "strike_price_int", "strike_points", "rel_ticks",
                    "right", "side"]
OUTRIGHT = ["future_mbo", "equity_mbo"]
OPTIONS = ["future_option_mbo", "equity_option_mbo"]
# Where the records of a raw file are stated: source -> structs of src/dbn.
RAW_RECORDS = {
    "raw.mbo": [("records.hpp", "RecordHeader"), ("records.hpp", "MboMsg")],
    "raw.cmbp_1": [("records.hpp", "RecordHeader"), ("records.hpp", "Cmbp1Msg"), ("records.hpp", "ConsolidatedBidAskPair")],
    "raw.definition": [("reference_records.hpp", "InstrumentDefMsg"), ("records.hpp", "RecordHeader")],
    "raw.statistics": [("reference_records.hpp", "StatMsg"), ("records.hpp", "RecordHeader")],
}
FORECAST = "stream.forecast_1s"  # of every product over prices: named after none of them
# Columns that may have no value, by table.
NULLABLE = {
    "forecast_1s": ["predicted_spot_tick", "predicted_tick_delta", "confidence", "RunScore_up", "RunScore_down", "D_up",
                    "D_down"],
    "gex_surface_1s": ["call_implied_volatility", "put_implied_volatility"],
    "gex_levels_1s": ["flip_price_int", "call_wall_price_int", "put_wall_price_int"],
}
SELECTION = "selection.mbo_contract_day_selection"  # one file of the lake, not a dataset with partitions


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
    if dataset == SELECTION:
        return json_of("contracts/selection/mbo_contract_day_selection.avsc")
    return json_of(Path("contracts") / datasets()[dataset]["contract"])


def columns_of(dataset):
    return [field["name"] for field in contract_of(dataset)["fields"]]


def is_group(entry):
    return "fields" in entry


class Catalogue:
    """The tables of the catalogues by dataset key, and the stage class of each. In bronze the stage is its one table: the
    product's own unless it says _dataset."""

    def __init__(self, *paths):
        self.tables, self.stages, self.inputs = {}, {}, {}
        own = {key.split(".")[1]: key for key in datasets() if key.startswith("bronze.") and key.split(".")[1].endswith("_mbo")}
        for path in paths:
            for product, layers in json_of(path).items():
                for layer, stages in layers.items():
                    for stage, content in stages.items():
                        self.inputs[product, layer] = content.get("_inputs", [])
                        if layer in ("silver", "gold"):
                            self.stages.setdefault((product, layer), stage)  # the first: that of its records
                            for table, entries in content.items():
                                if not table.startswith("_"):
                                    self.add(f"{layer}.{product}.{table}", entries)
                        else:
                            if "_dataset" not in content:
                                self.stages[product, layer] = stage
                            self.add(content["_dataset"] if "_dataset" in content else own[product], content)

    def add(self, dataset, entries):
        """What two products share stands in both catalogues, word for word."""
        assert self.tables.setdefault(dataset, entries) == entries, f"two different descriptions of {dataset}"

    def fields(self, dataset):
        return {n: e for n, e in self.tables[dataset].items() if not n.startswith("_") and not is_group(e)}

    def groups(self, dataset):
        return {n: e for n, e in self.tables[dataset].items() if not n.startswith("_") and is_group(e)}


CATALOGUE = Catalogue("futures_data.json", "equities_data.json")
TABLES = [*datasets(), SELECTION]


def struct_members(path, name):
    """[(C++ type, member)] of a plain struct."""
    body = re.search(r"^struct " + name + r" \{$(.*?)^\};", read(path), re.S | re.M)[1]
    body = re.sub(r"=\s*\n\s*", "= ", re.sub(r"//.*", "", body))
    return re.findall(r"^    ([\w:]+(?:<[^;]*>)?) (\w+)(?: = [^;]+)?;", body, re.M)


def listed_names(path, opening):
    """The names between `opening` and the next closing brace, quoted or not."""
    body = re.search(re.escape(opening) + r"(.*?)\}", read(path), re.S)[1]
    return re.findall(r"\w+", body)


class DatasetsAndContracts(unittest.TestCase):
    def test_every_contract_belongs_to_one_dataset_and_every_dataset_has_one(self):
        named = sorted(entry["contract"] for entry in datasets().values())
        there = sorted(path.relative_to(CONTRACTS).as_posix() for path in CONTRACTS.rglob("*.avsc")
                       if path.parent.name != "selection")
        self.assertEqual(named, there)

    def test_path_and_contract_follow_from_the_key(self):
        for key, entry in datasets().items():
            layer, product, table = key.split(".") if key != FORECAST else ("stream", "forecast", "forecast_1s")
            source = "source=databento/" if layer == "bronze" else ""
            folder = "equity_option_cmbp_1" if table == "cmbp_1" else product  # spec 8.1
            folder = folder if product == "hud" else f"product_type={folder}"  # of every product
            self.assertEqual(entry["path"], f"{layer}/{source}{folder}/symbol={{symbol}}/table={table}")
            self.assertEqual(entry["contract"], f"{layer}/{product}/{table}.avsc")
            self.assertEqual((entry["format"], entry["partition_keys"]), ("parquet", "[symbol, dt]"))

    def test_every_column_has_a_type_a_unit_and_a_meaning(self):
        for key in TABLES:
            for field in contract_of(key)["fields"]:
                with self.subTest(dataset=key, column=field["name"]):
                    nullable = field["name"] in NULLABLE.get(key.rpartition(".")[2], ())
                    self.assertEqual(isinstance(field["type"], list), nullable)
                    self.assertIn(field["type"][1] if nullable else field["type"], AVRO_TYPES)
                    self.assertIn("unit", field)
                    self.assertTrue(field["doc"].strip())

    def test_no_column_twice(self):
        for key in TABLES:
            self.assertEqual(len(columns_of(key)), len(set(columns_of(key))), key)


class CatalogueAndContracts(unittest.TestCase):
    def test_tables_are_the_datasets(self):
        self.assertEqual(sorted(CATALOGUE.tables), sorted(TABLES))

    def test_fields_are_the_columns_in_order(self):
        for key in TABLES:
            self.assertEqual(list(CATALOGUE.fields(key)), columns_of(key), key)

    def test_every_field_says_what_it_is_built_from_and_how(self):
        for key in TABLES:
            for name, entry in CATALOGUE.fields(key).items():
                with self.subTest(dataset=key, field=name):
                    self.assertLessEqual(set(entry), {"built_from", "transformation_steps", "note", "formula"})
                    for part in ("built_from", "transformation_steps"):
                        self.assertTrue(entry[part] and all(text.strip() for text in entry[part]), part)

    def test_sources_exist(self):
        """A bare name is another column of the same table; else dataset.column, or raw.schema.member of the record."""
        records = {schema: {name for header, struct in structs for _, name in struct_members(f"src/dbn/{header}", struct)}
                   for schema, structs in RAW_RECORDS.items()}
        for key in TABLES:
            for name, entry in CATALOGUE.fields(key).items():
                for source in entry["built_from"]:
                    with self.subTest(dataset=key, field=name, source=source):
                        dataset, _, column = source.rpartition(".")
                        known = records[dataset] if dataset in records else columns_of(dataset or key)
                        self.assertIn(column, known)
                        self.assertNotEqual((dataset, column), ("", name))

    def test_silver_and_gold_tables_are_described(self):
        for key, entries in CATALOGUE.tables.items():
            if not key.startswith(("silver.", "gold.", "stream.")):
                continue
            for part in ("_description", "_shape", "_grain", "_primary_key"):
                self.assertTrue(entries.get(part), f"{key} {part}")
            self.assertLessEqual(set(entries["_primary_key"]), set(columns_of(key)), key)

    def test_inputs_are_the_tables_it_is_built_from(self):
        for (product, layer), inputs in CATALOGUE.inputs.items():
            if layer not in ("gold", "stream"):
                continue
            used = set()
            for key in (k for k in CATALOGUE.tables if k.startswith(f"gold.{product}." if layer == "gold" else FORECAST)):
                for entry in CATALOGUE.fields(key).values():
                    used.update(source.rpartition(".")[0] for source in entry["built_from"])
            self.assertEqual(sorted(used - {""}), sorted(inputs))

    def test_gold_groups_hold_every_derived_field_once(self):
        outright = ["temporal_awareness", "spatial_awareness", "obstacles", "pressure"]
        expected = {"future_mbo": outright, "equity_mbo": outright, "future_option_mbo": ["option_obstacles"],
                    "equity_option_mbo": ["temporal_awareness", "option_obstacles"]}
        for product, names in expected.items():
            key = f"gold.{product}.physics_surface_1s"
            groups = CATALOGUE.groups(key)
            self.assertEqual(list(groups), names)
            self.assertTrue(all(group["description"].strip() for group in groups.values()))
            grouped = [name for group in groups.values() for name in group["fields"]]
            columns = columns_of(key)
            self.assertEqual(sorted(grouped), sorted(columns[columns.index("liquidity_velocity") + 1:]))


class CodeAndContracts(unittest.TestCase):
    def test_stage_classes_are_the_stages_of_the_products(self):
        table = read("src/market/product.cpp")
        products = re.findall(r'\.name = "(\w+)".*?\.stages = \{(.*?)\}', table, re.S)
        self.assertEqual([name for name, _ in products], ["future_mbo", "equity_mbo", "future_option_mbo", "equity_option_mbo"])
        for name, stages in products:
            for layer, stage in zip(("bronze", "silver", "gold"), re.findall(r'"(\w+)"', stages), strict=True):
                class_name = "".join(word.capitalize() for word in stage.split("_"))
                self.assertEqual(CATALOGUE.stages[name, layer], class_name)

    def test_products_name_datasets_that_are_there(self):
        table = read("src/market/product.cpp")
        for name, bronze in re.findall(r'\.name = "(\w+)".*?\.table = "(\w+)"', table, re.S):
            for key in (f"bronze.{name}.{bronze}", f"silver.{name}.book_snapshot_1s", f"silver.{name}.depth_and_flow_1s",
                        f"gold.{name}.physics_surface_1s"):
                self.assertIn(key, datasets())
        for key in re.findall(r'\.statistics_dataset = "([\w.]+)"', table):
            self.assertIn(key, datasets())

    def test_surface_fields_are_the_columns_of_gold(self):
        names = listed_names("src/physics/surface.hpp", "kFieldNames{")
        self.assertEqual(listed_names("src/physics/surface.hpp", "enum class Field : std::uint8_t {"), names)
        for product in OUTRIGHT:
            key = f"gold.{product}.physics_surface_1s"
            self.assertEqual(GOLD_KEYS + names, columns_of(key))
            doubles = [field["name"] for field in contract_of(key)["fields"] if field["type"] == "double"]
            self.assertEqual(doubles, names)

    def test_option_surface_fields_have_a_place_in_the_engine(self):
        names = listed_names("src/physics/surface.hpp", "kOptionFieldNames{")
        for product in OPTIONS:
            columns = columns_of(f"gold.{product}.physics_surface_1s")
            self.assertEqual(columns[:len(OPTION_GOLD_KEYS)], OPTION_GOLD_KEYS)
            self.assertLessEqual(set(columns[len(OPTION_GOLD_KEYS):]), set(names))

    def test_snapshot_struct_is_the_contract(self):
        for product in OUTRIGHT:
            self.check_struct("rows.hpp", "BookSnapshot1s", f"silver.{product}.book_snapshot_1s", [])

    def test_flow_struct_is_the_contract_less_what_the_window_has(self):
        for product in OUTRIGHT:
            self.check_struct("rows.hpp", "DepthAndFlow1s", f"silver.{product}.depth_and_flow_1s", OF_THE_WINDOW)

    def test_wall_struct_is_the_contract_less_what_the_window_has(self):
        for product in OUTRIGHT:
            self.check_struct("rows.hpp", "WallRow1s", f"silver.{product}.wall_surface_1s", OF_THE_WINDOW)

    def test_radar_features_are_the_columns_with_three_derivatives_each(self):
        names = re.findall(r'string_view\{"(\w+)"\}', read("src/windows/radar/radar_row.hpp"))
        self.assertEqual(listed_names("src/windows/radar/radar_row.hpp", "enum class RadarFeature : std::uint8_t {"), names)
        base = int(re.search(r"kRadarBaseFeatures =\s+(\d+)", read("src/windows/radar/radar_row.hpp"))[1])
        columns = [f"{order}{name}" for part in (names[:base], names[base:]) for order in ("", "d1_", "d2_", "d3_")
                   for name in part]
        for product in OUTRIGHT:
            doubles = [field["name"] for field in contract_of(f"silver.{product}.radar_vacuum_1s")["fields"]
                       if field["type"] == "double"]
            self.assertEqual(doubles, ["spot_ref_price", *columns])

    def test_option_quote_struct_is_the_contract_less_what_the_window_has(self):
        for product in OPTIONS:
            self.check_struct("chain_rows.hpp", "OptionQuote1s", f"silver.{product}.book_snapshot_1s", OF_THE_CHAIN)

    def test_strike_flow_struct_is_the_contract_less_what_the_window_has(self):
        self.check_struct("chain_rows.hpp", "StrikeFlow1s", "silver.future_option_mbo.depth_and_flow_1s",
                          [*OF_THE_CHAIN, "strike_points"])
        with_rest, without = (columns_of(f"silver.{product}.depth_and_flow_1s") for product in OPTIONS)
        self.assertEqual([name for name in with_rest if name != "depth_qty_rest"], without)

    def test_vacuum_struct_is_the_contract_less_what_the_window_has(self):
        for product in OUTRIGHT:
            self.check_struct("../physics/vacuum/vacuum_engine.hpp", "VacuumRow1s", f"silver.{product}.vacuum_surface_1s",
                              OF_THE_WINDOW)

    def test_bands_are_columns_of_the_contract_in_order(self):
        bands = listed_names("src/physics/bands/physics_bands.hpp", "kBandColumns{")
        for product in OUTRIGHT:
            columns = columns_of(f"silver.{product}.physics_bands_1s")
            self.assertEqual([name for name in columns if name.startswith(("above_", "below_"))],
                             [*bands, "above_score", "below_score"])
            self.check_struct("../physics/bands/physics_bands.hpp", "PhysicsBands1s", f"silver.{product}.physics_bands_1s",
                              bands, {"bands"})

    def test_metrics_are_those_that_the_calibration_describes(self):
        names = listed_names("src/physics/vacuum/norm_bounds.hpp", "kMetricNames{")
        self.assertEqual(listed_names("src/physics/vacuum/norm_bounds.hpp", "enum class Metric : std::uint8_t {")[:6], names)
        doc = contract_of("gold.hud.physics_norm_calibration")["fields"][0]["doc"]
        self.assertEqual(re.findall(r"\w+", doc), names)

    def check_struct(self, header, struct, dataset, elsewhere, but=()):
        types = {field["name"]: field["type"] for field in contract_of(dataset)["fields"]}
        members = [member for member in struct_members(f"src/windows/{header}", struct) if member[1] not in but]
        self.assertEqual([name for _, name in members], [name for name in types if name not in elsewhere])
        self.assertLessEqual(set(elsewhere), set(types))
        for cpp_type, name in members:
            self.assertIn(types[name], CPP_TYPES[cpp_type], name)


class FormulasAndDocs(unittest.TestCase):
    FOLDERS = ("velocity", "waves", "gradients", "obstacle", "pressure")
    FORECAST_FOLDERS = ("totals", "corridor", "run_score", "forces", "path")

    def formula_files(self):
        return sorted(path.relative_to(ROOT).as_posix() for folder in self.FOLDERS
                      for path in (ROOT / "src/physics" / folder).glob("*.hpp"))

    def test_every_computed_field_names_its_formula_and_every_formula_is_named(self):
        for product in OUTRIGHT + OPTIONS:
            fields = CATALOGUE.fields(f"gold.{product}.physics_surface_1s")
            computed = [name for name in fields if name not in GOLD_KEYS + OPTION_GOLD_KEYS]
            self.assertEqual([name for name in fields if "formula" in fields[name]], computed)
            used = {fields[name]["formula"] for name in computed}
            if product in OUTRIGHT:
                self.assertEqual(sorted(used), self.formula_files())
            self.assertLessEqual(used, set(self.formula_files()))

    def radar_formula_files(self):
        """Those of vacuum, bands and their calibration: what their fields name, and what those are computed with."""
        named = {entry["formula"] for product in OUTRIGHT for table in ("vacuum_surface_1s", "physics_bands_1s")
                 for entry in CATALOGUE.fields(f"silver.{product}.{table}").values() if "formula" in entry}
        named.add(CATALOGUE.fields("gold.hud.physics_norm_calibration")["q05"]["formula"])
        return sorted(named | {f"src/physics/{path}" for path in ("vacuum/share_log.hpp", "vacuum/norm.hpp", "bands/ease.hpp")})

    def test_the_docs_page_has_every_formula_file_and_column_of_vacuum_and_bands(self):
        page = read("docs/vacuum.md")
        for path in self.radar_formula_files():
            self.assertIn(path.removeprefix("src/physics/"), page)
        columns = [*columns_of("silver.future_mbo.vacuum_surface_1s"), *columns_of("gold.hud.physics_norm_calibration")]
        bands = [name for name in columns_of("silver.future_mbo.physics_bands_1s") if not name.endswith("_norm")]
        for name in [*columns, *bands]:
            self.assertIn(f"`{name}`", page)

    def gamma_formula_files(self):
        """Of src/physics/gamma what is a formula, not the engine, its rows or the reference's way."""
        others = {"gex_engine.hpp", "gex_rows.hpp", "reference_gex.hpp"}
        files = [path for path in (ROOT / "src/physics/gamma").glob("*.hpp") if path.name not in others]
        return sorted(path.relative_to(ROOT).as_posix() for path in files)

    def test_the_docs_page_of_gamma_exposure_has_every_formula_file_and_column(self):
        page = read("docs/gamma.md")
        for path in self.gamma_formula_files():
            self.assertIn(path.removeprefix("src/physics/gamma/"), page)
        for product in OPTIONS:
            for table in ("gex_surface_1s", "gex_levels_1s"):
                for name, entry in CATALOGUE.fields(f"silver.{product}.{table}").items():
                    self.assertIn(f"`{name.removeprefix('d1_').removeprefix('d2_').removeprefix('d3_')}`", page)
                    self.assertTrue((ROOT / entry.get("formula", "")).exists(), name)

    def forecast_formula_files(self):
        return sorted(path.relative_to(ROOT).as_posix() for folder in self.FORECAST_FOLDERS
                      for path in (ROOT / "src/forecast" / folder).glob("*.hpp"))

    def test_every_formula_opens_with_what_it_is(self):
        for path in (self.formula_files() + self.forecast_formula_files() + self.radar_formula_files() +
                     self.gamma_formula_files()):
            head = read(path).split("#pragma once")[0]
            for part in ("unit", "range", "edge", "spec"):
                self.assertRegex(head, rf"(?m)^//   {part}\b", f"{path}: no line '{part}'")

    def test_the_docs_page_has_every_field_with_its_formula_file(self):
        page = read("docs/physics.md")
        for name, entry in CATALOGUE.fields("gold.future_mbo.physics_surface_1s").items():
            self.assertIn(f"`{name}`", page)
            if "formula" in entry:
                self.assertIn(entry["formula"].removeprefix("src/physics/"), page)

    def test_the_docs_page_of_the_forecast_has_every_formula_file_and_column(self):
        page = read("docs/forecast.md")
        for path in self.forecast_formula_files():
            self.assertIn(path.removeprefix("src/forecast/"), page)
        for name, entry in CATALOGUE.fields(FORECAST).items():
            self.assertIn(f"`{name}`", page)
            self.assertTrue((ROOT / entry.get("formula", "")).exists(), name)


if __name__ == "__main__":
    unittest.main()
