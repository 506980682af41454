#include "feed/simulated/simulated_day.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <type_traits>

#include "dbn/downgrade.hpp"
#include "feed/simulated/option_chain.hpp"
#include "feed/simulated/option_market.hpp"
#include "feed/simulated/option_quotes.hpp"
#include "feed/simulated/option_reference.hpp"
#include "feed/simulated/underlying_path.hpp"

namespace spymaster::feed {

namespace {

// What the files of an underlying share, made when first asked for.
class Underlying {
  public:
    Underlying(const SimulationOptions& market, const DayOptions& day) : market_(market), day_(day) {}

    [[nodiscard]] const SimulationOptions& market() const { return market_; }
    [[nodiscard]] const DayOptions& day() const { return day_; }

    Result<const UnderlyingPath*> path() {
        if (!path_) {
            SPY_ASSIGN(path_, UnderlyingPath::create(market_));
        }
        return &*path_;
    }
    Result<const OptionChain*> chain(const market::Product& product) {
        if (!chain_) {
            SPY_ASSIGN(const UnderlyingPath* on, path());
            SPY_ASSIGN(chain_, option_chain(product, *on, day_.strikes));
        }
        return &*chain_;
    }

  private:
    SimulationOptions market_;
    DayOptions day_;
    std::optional<UnderlyingPath> path_;
    std::optional<OptionChain> chain_;
};

using Shared = std::shared_ptr<Underlying>;
using Bytes = std::vector<std::byte>;

template <class Record>
void append(Bytes& bytes, const Record& record) {
    const auto more = std::as_bytes(std::span(&record, 1));
    bytes.insert(bytes.end(), more.begin(), more.end());
}

Result<void> lay_out(Bytes& bytes, int version, const dbn::InstrumentDefMsg& record) {
    if (version == dbn::kNewestVersion) {
        append(bytes, record);
    } else if (version == 2) {
        SPY_ASSIGN(const dbn::v2::InstrumentDefMsg old, dbn::definition_v2(record));
        append(bytes, old);
    } else {
        SPY_ASSIGN(const dbn::v1::InstrumentDefMsg old, dbn::definition_v1(record));
        append(bytes, old);
    }
    return {};
}

Result<void> lay_out(Bytes& bytes, int version, const dbn::StatMsg& record) {
    if (version == dbn::kNewestVersion) {
        append(bytes, record);
    } else {
        SPY_ASSIGN(const dbn::v1::StatMsg old, dbn::statistics_v1(record));
        append(bytes, old);
    }
    return {};
}

std::vector<SimulatedFact> facts_of(const Underlying& on, const std::string& symbol) {
    const SimulationOptions& market = on.market();
    return {{"symbol", symbol},
            {"dt", market.date.iso()},
            {"session_start", market::format_utc(market.session.start_ns)},
            {"session_end", market::format_utc(market.session.end_ns)},
            {"events_per_second", market.events_per_second},
            {"option_events_per_second", on.day().option_events_per_second},
            {"seed", market.seed},
            {"market", std::string(name_of(market.market))}};
}

// A file that is there as a whole before it is written.
template <class Record>
Result<SimulatedStream> whole_stream(const Shared& on, const std::string& symbol, dbn::Metadata metadata,
                                     const std::vector<Record>& records) {
    auto bytes = std::make_shared<Bytes>();
    for (const Record& record : records) SPY_TRY(lay_out(*bytes, metadata.version, record));
    const auto given = std::make_shared<bool>(false);
    return SimulatedStream{.metadata = std::move(metadata),
                           .next =
                               [bytes, given] {
                                   if (*given) return std::span<const std::byte>();
                                   *given = true;
                                   return std::span<const std::byte>(*bytes);
                               },
                           .progress = [] { return 1.0; },
                           .options = [on, symbol] { return facts_of(*on, symbol); },
                           .totals = [] { return std::vector<SimulatedFact>{}; }};
}

// The records of a chain: an OptionMarket or OptionQuotes.
template <class Flow>
Result<SimulatedStream> flow_stream(const Shared& on, const market::Product& product) {
    SPY_ASSIGN(const UnderlyingPath* path, on->path());
    SPY_ASSIGN(const OptionChain* chain, on->chain(product));
    const OptionFlowOptions options{.events_per_second = on->day().option_events_per_second,
                                    .seed = on->market().seed};
    SPY_ASSIGN(Flow created, Flow::create(*chain, *path, options));
    const auto flow = std::make_shared<Flow>(std::move(created));
    const bool quotes = std::is_same_v<Flow, OptionQuotes>;
    return SimulatedStream{
        .metadata = chain_metadata(*chain, quotes ? dbn::Schema::cmbp_1 : dbn::Schema::mbo, path->end_ns()),
        .next = [flow] { return std::as_bytes(flow->next()); },
        .progress = [flow] { return flow->progress(); },
        .options =
            [on, chain] {
                auto facts = facts_of(*on, chain->underlying);
                facts.emplace_back("strikes", static_cast<std::uint64_t>(chain->strikes));
                return facts;
            },
        .totals =
            [flow] {
                const OptionFlowTotals& totals = flow->totals();
                return std::vector<SimulatedFact>{{"session_records", totals.session_records},
                                                  {"trades", totals.trades},
                                                  {"walls", totals.walls}};
            }};
}

void add_mapping(dbn::Metadata& metadata, const UnderlyingPath& path) {
    const market::Date date = path.options().date;
    metadata.symbols.push_back(path.contract());
    metadata.mappings.push_back(
        {path.contract(), {{date, date.next(), std::to_string(path.instrument_id())}}});
}

Result<SimulatedStream> chain_definition_stream(const Shared& on, const market::Product& product) {
    SPY_ASSIGN(const UnderlyingPath* path, on->path());
    SPY_ASSIGN(const OptionChain* chain, on->chain(product));
    dbn::Metadata metadata =
        chain_metadata(*chain, dbn::Schema::definition, path->end_ns(), on->day().reference_version);
    if (product.type == market::ProductType::future_option_mbo) add_mapping(metadata, *path);
    return whole_stream(on, chain->root, std::move(metadata), chain_definitions(*chain, *path));
}

Result<SimulatedStream> share_definition_stream(const Shared& on, const market::Product& product) {
    SPY_ASSIGN(const UnderlyingPath* path, on->path());
    dbn::Metadata metadata;
    metadata.version = on->day().reference_version;
    if (metadata.version == 1) metadata.symbol_cstr_len = dbn::kSymbolLengthV1;
    metadata.dataset = product.dataset;
    metadata.schema = dbn::Schema::definition;
    metadata.start = static_cast<std::uint64_t>(path->begin_ns());
    metadata.end = static_cast<std::uint64_t>(path->end_ns());
    metadata.stype_in = dbn::SymbolType::raw_symbol;
    add_mapping(metadata, *path);
    return whole_stream(on, path->contract(), std::move(metadata),
                        std::vector<dbn::InstrumentDefMsg>{underlying_definition(*path)});
}

Result<SimulatedStream> statistics_stream(const Shared& on, const market::Product& product) {
    SPY_ASSIGN(const UnderlyingPath* path, on->path());
    SPY_ASSIGN(const OptionChain* chain, on->chain(product));
    return whole_stream(
        on, chain->root,
        chain_metadata(*chain, dbn::Schema::statistics, path->end_ns(), on->day().reference_version),
        chain_statistics(*chain, *path));
}

Result<SimulatedStream> open_records(const Shared& on, const market::Product& product) {
    if (!product.is_option()) return market_stream(on->market());
    if (product.type == market::ProductType::equity_option_mbo) return flow_stream<OptionQuotes>(on, product);
    return flow_stream<OptionMarket>(on, product);
}

Result<SimulatedStream> open_definitions(const Shared& on, const market::Product& product) {
    return product.is_option() ? chain_definition_stream(on, product) : share_definition_stream(on, product);
}

// The files of a product; definitions first, as whoever reads them needs them first.
void add_files(std::vector<DayFile>& files, const market::Product& product, const Shared& on) {
    const SimulationOptions& market = on->market();
    const double seconds = static_cast<double>(market.session.end_ns - market.session.start_ns) /
                           static_cast<double>(market::kNanosPerSecond);
    const std::string symbol = symbol_root(market.symbol);
    if (product.is_option() || product.type == market::ProductType::equity_mbo)
        files.push_back({.product = &product,
                         .kind = RawKind::definitions,
                         .symbol = symbol,
                         .weight = 1'000.0,
                         .open = [on, &product] { return open_definitions(on, product); }});
    files.push_back({.product = &product,
                     .kind = RawKind::records,
                     .symbol = symbol,
                     .weight = seconds * (product.is_option() ? on->day().option_events_per_second
                                                              : market.events_per_second),
                     .open = [on, &product] { return open_records(on, product); }});
    if (product.is_option())
        files.push_back({.product = &product,
                         .kind = RawKind::statistics,
                         .symbol = symbol,
                         .weight = 1'000.0,
                         .open = [on, &product] { return statistics_stream(on, product); }});
}

bool on_a_future(const market::Product& product) {
    return product.underlying.value_or(product.type) == market::ProductType::future_mbo;
}

}  // namespace

Result<std::vector<DayFile>> simulated_day(std::span<const market::Product* const> products,
                                           const DayOptions& options) {
    if (options.reference_version < 1 || options.reference_version > dbn::kNewestVersion)
        return make_error(ErrorCode::usage, "there is no DBN version {}; choose 1, 2 or 3",
                          options.reference_version);
    std::vector<DayFile> files;
    for (const bool future : {true, false}) {
        const SimulationOptions& market = future ? options.future : options.share;
        const auto wanted = [&](const market::Product& product) {
            return on_a_future(product) == future && std::ranges::find(products, &product) != products.end();
        };
        if (std::ranges::none_of(market::products(), wanted)) continue;
        SPY_ASSIGN(const SimulatedMarket possible, SimulatedMarket::create(market));
        if (possible.product() !=
            (future ? market::ProductType::future_mbo : market::ProductType::equity_mbo))
            return make_error(ErrorCode::usage, "'{}' is no {}; choose the products of {}", market.symbol,
                              future ? "future" : "share",
                              future ? "shares (equity_mbo, equity_option_mbo)"
                                     : "futures (future_mbo, future_option_mbo)");
        const auto on = std::make_shared<Underlying>(market, options);
        for (const market::Product& product : market::products()) {
            if (wanted(product)) add_files(files, product, on);
        }
    }
    return files;
}

Result<std::filesystem::path> place_in_lake(const DayFile& file, const std::filesystem::path& lake_root,
                                            const market::Date& date) {
    SPY_ASSIGN(const std::filesystem::path folder,
               raw_folder(lake_root, *file.product, file.kind, file.symbol));
    return folder / raw_file_name(*file.product, file.kind, file.symbol, date);
}

}  // namespace spymaster::feed
