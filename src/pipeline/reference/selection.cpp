#include "pipeline/reference/selection.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "feed/raw_files.hpp"
#include "lake/table_file.hpp"
#include "pipeline/tables/text_binding.hpp"

namespace spymaster::pipeline {

namespace {

constexpr std::string_view kContract = "selection/mbo_contract_day_selection.avsc";

// A row as it is stored.
struct StoredRow {
    std::string session_date;
    std::string selected_symbol;
    std::string selected_exp_date;
    std::string prev_trading_date;
    std::int64_t prev_volume_selected = 0;
    std::int64_t prev_volume_rank2 = 0;
    std::int64_t roll_flag = 0;
};

#define BIND_TEXT(column)                                                         \
    bind_text<StoredRow>(                                                         \
        #column, [](const StoredRow& r) -> std::string_view { return r.column; }, \
        [](StoredRow& r, std::string_view v) { r.column = v; })
#define BIND_NUMBER(column)                                   \
    bind<StoredRow, std::int64_t>(                            \
        #column, [](const StoredRow& r) { return r.column; }, \
        [](StoredRow& r, std::int64_t v) { r.column = v; })

constexpr std::array kColumns{
    BIND_TEXT(session_date),      BIND_TEXT(selected_symbol),        BIND_TEXT(selected_exp_date),
    BIND_TEXT(prev_trading_date), BIND_NUMBER(prev_volume_selected), BIND_NUMBER(prev_volume_rank2),
    BIND_NUMBER(roll_flag),
};
#undef BIND_TEXT
#undef BIND_NUMBER

Result<ContractDaySelection> from_stored(const StoredRow& row) {
    ContractDaySelection selection;
    selection.selected_symbol = row.selected_symbol;
    SPY_ASSIGN(selection.selected_exp_date, market::parse_date(row.selected_exp_date));
    if (!row.prev_trading_date.empty()) {
        SPY_ASSIGN(const market::Date previous, market::parse_date(row.prev_trading_date));
        selection.prev_trading_date = previous;
    }
    selection.prev_volume_selected = row.prev_volume_selected;
    selection.prev_volume_rank2 = row.prev_volume_rank2;
    selection.roll = row.roll_flag != 0;
    return selection;
}

StoredRow to_stored(const market::Date& date, const ContractDaySelection& selection) {
    return {.session_date = date.iso(),
            .selected_symbol = selection.selected_symbol,
            .selected_exp_date = selection.selected_exp_date.iso(),
            .prev_trading_date = selection.prev_trading_date ? selection.prev_trading_date->iso() : "",
            .prev_volume_selected = selection.prev_volume_selected,
            .prev_volume_rank2 = selection.prev_volume_rank2,
            .roll_flag = selection.roll ? 1 : 0};
}

Error bad_row(const std::filesystem::path& path, std::size_t number, const std::string& what) {
    return make_error(ErrorCode::malformed, "{}: row {}: {}", path.string(), number, what);
}

}  // namespace

std::filesystem::path selection_path(const lake::Lake& lake) {
    const char* const given = std::getenv("MBO_SELECTION_PATH");
    if (given != nullptr && *given != '\0') return given;
    return lake.root() / "selection" / "mbo_contract_day_selection.parquet";
}

Result<SelectionMap> load_selection(const lake::Lake& lake, const std::filesystem::path& path) {
    std::error_code failed;
    if (!std::filesystem::exists(path, failed)) {
        return make_error(ErrorCode::missing,
                          "no selection map {}; make one with: spymaster select --lake {} --dates FIRST:LAST",
                          path.string(), lake.root().string());
    }
    SPY_ASSIGN(const lake::Contract contract, lake.contract(kContract));
    SPY_ASSIGN(const auto columns, BoundColumns<StoredRow>::resolve(contract, kColumns));
    SPY_ASSIGN(const lake::ColumnBatch batch, lake::read_table_file(path, contract));
    std::vector<StoredRow> rows(batch.row_count());
    columns.read(batch, rows);
    SelectionMap map;
    for (std::size_t number = 0; number < rows.size(); ++number) {
        if (rows[number].selected_symbol.empty()) continue;
        const auto date = market::parse_date(rows[number].session_date);
        if (!date) return bad_row(path, number, date.error().message);
        auto selection = from_stored(rows[number]);
        if (!selection) return bad_row(path, number, selection.error().message);
        if (!map.emplace(*date, std::move(*selection)).second) {
            return make_error(ErrorCode::conflict, "{}: {} is there twice; a date has one contract",
                              path.string(), date->iso());
        }
    }
    return map;
}

Result<SelectionMap> selection_of(const lake::Lake& lake, const std::string& root) {
    const std::filesystem::path path = selection_path(lake);
    if (!std::filesystem::exists(path)) return SelectionMap{};
    SPY_ASSIGN(SelectionMap map, load_selection(lake, path));
    std::erase_if(map,
                  [&root](const auto& row) { return feed::symbol_root(row.second.selected_symbol) != root; });
    return map;
}

Result<void> merge_selection(const lake::Lake& lake, const std::filesystem::path& path,
                             const SelectionMap& rows) {
    SPY_ASSIGN(const lake::Contract contract, lake.contract(kContract));
    SPY_ASSIGN(const auto columns, BoundColumns<StoredRow>::resolve(contract, kColumns));
    SelectionMap merged = rows;
    std::error_code failed;
    if (std::filesystem::exists(path, failed)) {
        SPY_ASSIGN(const SelectionMap known, load_selection(lake, path));
        merged.insert(known.begin(), known.end());
    }
    std::vector<StoredRow> stored;
    for (const auto& [date, selection] : merged) {
        const std::string root = feed::symbol_root(merged.begin()->second.selected_symbol);
        if (feed::symbol_root(selection.selected_symbol) != root) {
            return make_error(ErrorCode::conflict,
                              "{} selects {} on {}, which is no contract of {}; give each root a file of its "
                              "own with --output-path",
                              path.string(), selection.selected_symbol, date.iso(), root);
        }
        stored.push_back(to_stored(date, selection));
    }
    lake::ColumnBatch batch(contract);
    columns.append(batch, stored);
    return lake::write_table_file(path, contract, batch);
}

}  // namespace spymaster::pipeline
