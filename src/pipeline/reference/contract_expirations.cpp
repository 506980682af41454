#include "pipeline/reference/contract_expirations.hpp"

#include "feed/raw_files.hpp"
#include "market/expiration.hpp"
#include "market/product.hpp"
#include "pipeline/reference/definitions.hpp"

namespace spymaster::pipeline {

namespace {

using market::Date;

constexpr market::ProductType kFuture = market::ProductType::future_mbo;
constexpr std::string_view kMonthLetters = "FGHJKMNQUVXZ";

// A symbol means another contract every ten years. What expired more than a year before a date, or expires ten
// years after it, is the contract's namesake.
bool is_of_its_decade(const Date& expires, const Date& date) {
    return Date{expires.year + 1, expires.month, expires.day} >= date &&
           Date{expires.year - 10, expires.month, expires.day} < date;
}

}  // namespace

Date third_friday_expiration(std::string_view symbol, const Date& date) {
    const std::size_t root = feed::symbol_root(symbol).size();
    const auto month = static_cast<int>(kMonthLetters.find(symbol[root])) + 1;
    int year = 0;
    for (const char digit : symbol.substr(root + 1)) year = year * 10 + (digit - '0');
    if (symbol.size() - root == 3) return market::third_friday(2000 + year, month);
    return market::third_friday(date.year + (year - date.year % 10 + 10) % 10, month);
}

Result<ContractExpirations> ContractExpirations::of_root(const lake::Lake& lake, std::string root) {
    ContractExpirations expirations(lake, std::move(root));
    SPY_ASSIGN(const std::vector<lake::PartitionKey> partitions, lake.partitions(kDefinitionsDataset));
    for (const lake::PartitionKey& key : partitions) {
        if (key.symbol == expirations.root_) SPY_TRY(expirations.read_partition(key));
    }
    return expirations;
}

Result<void> ContractExpirations::read_partition(const lake::PartitionKey& key) {
    SPY_ASSIGN(const lake::DatasetSpec* dataset, lake_.dataset(key.dataset));
    SPY_ASSIGN(auto reader, lake_.read(key, {"instrument_class", "raw_symbol", "expiration"}));
    SPY_ASSIGN(const std::size_t class_place, dataset->contract.index_of("instrument_class"));
    SPY_ASSIGN(const std::size_t symbol_place, dataset->contract.index_of("raw_symbol"));
    SPY_ASSIGN(const std::size_t expiration_place, dataset->contract.index_of("expiration"));
    lake::ColumnBatch batch(dataset->contract);
    for (;;) {
        SPY_ASSIGN(const bool more, reader->next(batch));
        if (!more) return {};
        const auto& classes = batch.at<lake::TextColumn>(class_place);
        const auto& symbols = batch.at<lake::TextColumn>(symbol_place);
        const auto& expirations = batch.at<std::vector<std::int64_t>>(expiration_place);
        for (std::size_t row = 0; row < expirations.size(); ++row) {
            if (classes.dictionary[static_cast<std::size_t>(classes.codes[row])] != "F") continue;
            SPY_ASSIGN(const auto expires, market::expiration_date(kFuture, expirations[row]));
            const std::string& symbol = symbols.dictionary[static_cast<std::size_t>(symbols.codes[row])];
            if (expires) known_[symbol].push_back({key.date, *expires});
        }
    }
}

Result<void> ContractExpirations::read_raw_files(const Date& date, Progress& progress) {
    if (!raw_files_read_.insert(date).second) return {};
    const market::Product& futures = market::product_of(kFuture);
    auto files = feed::find_raw_files(lake_.root(), futures, feed::RawKind::definitions, root_, date);
    if (!files.ok()) return files.error().code == ErrorCode::missing ? Result<void>{} : files.error();
    SPY_ASSIGN(const Definitions definitions,
               read_definitions(std::move(*files), {date, root_, {std::string(futures.dataset)}}, progress));
    for (const Definition& definition : definitions.rows) {
        if (definition.instrument_class != 'F') continue;
        SPY_ASSIGN(const auto expires, market::expiration_date(kFuture, definition.expiration));
        if (expires) known_[definition.raw_symbol].push_back({date, *expires});
    }
    return {};
}

std::optional<Date> ContractExpirations::known(const std::string& symbol, const Date& date) const {
    const auto found = known_.find(symbol);
    if (found == known_.end()) return std::nullopt;
    const Known* best = nullptr;
    const auto is_better = [&date](const Known& a, const Known& b) {
        const bool a_before = a.defined <= date;
        const bool b_before = b.defined <= date;
        if (a_before != b_before) return a_before;
        return a_before ? a.defined > b.defined : a.defined < b.defined;
    };
    for (const Known& each : found->second) {
        if (!is_of_its_decade(each.expires, date)) continue;
        if (best == nullptr || is_better(each, *best)) best = &each;
    }
    return best == nullptr ? std::nullopt : std::optional(best->expires);
}

Result<Date> ContractExpirations::find(const std::string& symbol, const Date& date, Progress& progress) {
    if (const auto expires = known(symbol, date)) return *expires;
    SPY_TRY(read_raw_files(date, progress));
    if (const auto expires = known(symbol, date)) return *expires;
    const Date expires = third_friday_expiration(symbol, date);
    notes_[symbol] = fmt::format(
        "{} has no definition: it is taken to expire on a third Friday, {}; holidays may say otherwise",
        symbol, expires.iso());
    return expires;
}

}  // namespace spymaster::pipeline
