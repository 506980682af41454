// A simulated market as a stream of records for a file: what Databento would have written for a request of
// this instrument over the day so far.
#include <memory>

#include "feed/simulated/simulated_file.hpp"

namespace spymaster::feed {

namespace {

dbn::Metadata metadata_of(const SimulatedMarket& market) {
    const SimulationOptions& options = market.options();
    dbn::Metadata metadata;
    metadata.dataset = market::product_of(market.product()).dataset;
    metadata.schema = dbn::Schema::mbo;
    metadata.start = static_cast<std::uint64_t>(options.date.midnight_utc_ns());
    metadata.end = static_cast<std::uint64_t>(options.session.end_ns);
    metadata.stype_in = dbn::SymbolType::raw_symbol;
    metadata.stype_out = dbn::SymbolType::instrument_id;
    metadata.symbols = {market.contract()};
    metadata.mappings = {
        {market.contract(), {{options.date, options.date.next(), std::to_string(market.instrument_id())}}}};
    return metadata;
}

std::vector<SimulatedFact> options_of(const SimulatedMarket& market) {
    const SimulationOptions& options = market.options();
    return {{"symbol", market.contract()},
            {"instrument_id", std::uint64_t{market.instrument_id()}},
            {"dt", options.date.iso()},
            {"session_start", market::format_utc(options.session.start_ns)},
            {"session_end", market::format_utc(options.session.end_ns)},
            {"events_per_second", options.events_per_second},
            {"seed", options.seed},
            {"market", std::string(name_of(options.market))}};
}

std::vector<SimulatedFact> totals_of(const SimulatedMarket& market) {
    const SimulationTotals& totals = market.totals();
    return {{"session_records", totals.session_records},
            {"trades", totals.trades},
            {"snapshots", totals.snapshots},
            {"silences", totals.silences},
            {"losses", totals.losses}};
}

}  // namespace

Result<SimulatedStream> market_stream(const SimulationOptions& options) {
    SPY_ASSIGN(SimulatedMarket created, SimulatedMarket::create(options));
    const auto market = std::make_shared<SimulatedMarket>(std::move(created));
    return SimulatedStream{.metadata = metadata_of(*market),
                           .next = [market] { return std::as_bytes(market->next()); },
                           .progress = [market] { return market->progress(); },
                           .options = [market] { return options_of(*market); },
                           .totals = [market] { return totals_of(*market); }};
}

}  // namespace spymaster::feed
