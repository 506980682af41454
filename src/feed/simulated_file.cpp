#include "feed/simulated_file.hpp"

#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <span>
#include <system_error>

#include "dbn/encoder.hpp"
#include "dbn/metadata.hpp"
#include "feed/raw_files.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

// What Databento would have written for a request of this contract over the day so far.
dbn::Metadata metadata_of(const SimulatedMarket& market) {
    const SimulationOptions& options = market.options();
    dbn::Metadata metadata;
    metadata.dataset = "GLBX.MDP3";
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

nlohmann::ordered_json sidecar_of(const SimulatedMarket& market, std::uint64_t bytes) {
    const SimulationOptions& options = market.options();
    const SimulationTotals& totals = market.totals();
    return {{"simulated", true},
            {"by", "spymaster simulate"},
            {"size_bytes", bytes},
            {"symbol", market.contract()},
            {"instrument_id", market.instrument_id()},
            {"dt", options.date.iso()},
            {"session_start", market::format_utc(options.session.start_ns)},
            {"session_end", market::format_utc(options.session.end_ns)},
            {"events_per_second", options.events_per_second},
            {"seed", options.seed},
            {"records", totals.records},
            {"session_records", totals.session_records},
            {"trades", totals.trades},
            {"snapshots", totals.snapshots},
            {"silences", totals.silences},
            {"losses", totals.losses}};
}

Result<void> write_text(const fs::path& path, const std::string& text) {
    const fs::path beside = path.string() + ".tmp";
    std::ofstream file(beside, std::ios::binary | std::ios::trunc);
    file << text;
    file.close();
    std::error_code failed;
    if (file) fs::rename(beside, path, failed);
    if (!file || failed) {
        std::error_code ignored;
        fs::remove(beside, ignored);
        return make_error(ErrorCode::io, "cannot write {}: {}", path.string(),
                          failed ? failed.message() : "is the disk full?");
    }
    return {};
}

Result<void> check_place(const fs::path& path, bool overwrite) {
    std::error_code failed;
    if (fs::exists(path, failed)) {
        if (!overwrite) {
            return make_error(ErrorCode::conflict, "{} is there already; --overwrite makes it anew",
                              path.string());
        }
        if (!is_simulated(path)) {
            return make_error(ErrorCode::conflict,
                              "{} is there and not marked as simulated: a raw file is never replaced; move "
                              "it away or write "
                              "elsewhere with --out",
                              path.string());
        }
    }
    if (path.has_parent_path()) fs::create_directories(path.parent_path(), failed);
    if (failed) {
        return make_error(ErrorCode::io, "cannot make {}: {}", path.parent_path().string(), failed.message());
    }
    return {};
}

}  // namespace

Result<SimulatedFile> write_simulated_file(const SimulationOptions& options, const fs::path& path,
                                           bool overwrite, const SimulationProgress& progress) {
    SPY_ASSIGN(SimulatedMarket market, SimulatedMarket::create(options));
    SPY_TRY(check_place(path, overwrite));
    SimulatedFile written;
    written.path = path;
    // The sidecar is there before the file has its name, so that a simulated file is never taken for a real
    // one.
    const fs::path unnamed = path.string() + ".unmarked";
    {
        const dbn::EncodeOptions encoding{.zstd = path.extension() == ".zst"};
        SPY_ASSIGN(dbn::Encoder encoder, dbn::Encoder::create(unnamed, metadata_of(market), encoding));
        for (auto records = market.next(); !records.empty(); records = market.next()) {
            SPY_TRY(encoder.write(std::as_bytes(records)));
            if (progress) progress(market.progress(), market.totals().records);
        }
        SPY_TRY(encoder.finish());
    }
    written.totals = market.totals();
    std::error_code failed;
    written.bytes = fs::file_size(unnamed, failed);
    if (failed) {
        return make_error(ErrorCode::io, "cannot read {} again: {}", unnamed.string(), failed.message());
    }
    Result<void> marked =
        write_text(simulated_sidecar(path), sidecar_of(market, written.bytes).dump(2) + "\n");
    if (marked.ok()) {
        fs::rename(unnamed, path, failed);
        if (failed)
            marked = make_error(ErrorCode::io, "cannot write {}: {}", path.string(), failed.message());
    }
    if (!marked.ok()) {
        fs::remove(unnamed, failed);
        return marked.error();
    }
    return written;
}

}  // namespace spymaster::feed
