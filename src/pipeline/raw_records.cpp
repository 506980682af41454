#include "pipeline/raw_records.hpp"

#include <deque>
#include <unordered_map>

#include "dbn/decoder.hpp"
#include "dbn/symbol_map.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/bronze.hpp"

namespace spymaster::pipeline {

namespace {

using dbn::MboMsg;

// The records of one contract in the current block.
struct Contract {
    std::string symbol;
    std::uint16_t publisher_id = 0;
    std::vector<MboMsg> records;
};

// Sorts the records of blocks by contract.
class Splitter {
  public:
    Splitter(const RawSelection& selection, const TakeRecords& take)
        : selection_(selection),
          take_(take),
          day_start_ns_(static_cast<std::uint64_t>(selection.date.midnight_utc_ns())),
          day_end_ns_(static_cast<std::uint64_t>(selection.date.next().midnight_utc_ns())) {}

    // Instrument ids mean something within one file's metadata only.
    void begin_file(const dbn::Metadata& metadata) {
        symbols_ = dbn::SymbolMap(metadata);
        by_instrument_.clear();
    }

    Result<void> add_block(std::span<const std::byte> block) {
        const std::byte* const end = block.data() + block.size();
        for (const std::byte* p = block.data(); p != end;) {
            const auto header = dbn::load<dbn::RecordHeader>(p);
            counts_.records += 1;
            if (header.rtype == dbn::rtype::mbo) {
                SPY_TRY(add(dbn::load<MboMsg>(p)));
            } else {
                counts_.other_types += 1;
            }
            p += header.size();
        }
        return hand_over();
    }

    [[nodiscard]] const RawCounts& counts() const { return counts_; }

  private:
    Result<void> add(MboMsg record) {
        if (record.ts_recv < day_start_ns_ || record.ts_recv >= day_end_ns_) {
            counts_.other_dates += 1;
            return {};
        }
        Contract* const contract = find(record.hd);
        if (contract == nullptr) {
            counts_.other_symbols += 1;
            return {};
        }
        if (record.hd.publisher_id != contract->publisher_id) {
            counts_.other_publishers += 1;
            return {};
        }
        SPY_TRY(make_canonical(record));
        record.hd.length = sizeof(MboMsg) / 4;  // without a trailing ts_out
        contract->records.push_back(record);
        counts_.kept += 1;
        return {};
    }

    // The contract of an instrument id on the selected date; nullptr if its records are not wanted.
    Contract* find(const dbn::RecordHeader& header) {
        if (header.instrument_id == last_instrument_id_ && !by_instrument_.empty()) return last_contract_;
        const auto [place, is_new] = by_instrument_.try_emplace(header.instrument_id, nullptr);
        if (is_new) place->second = open(header);
        last_instrument_id_ = header.instrument_id;
        last_contract_ = place->second;
        return last_contract_;
    }

    Contract* open(const dbn::RecordHeader& header) {
        const std::string symbol(symbols_.find(header.instrument_id, selection_.date.midnight_utc_ns()));
        const bool spread = symbol.find('-') != std::string::npos || symbol.find(':') != std::string::npos;
        const bool wanted = symbol == selection_.symbol || feed::symbol_root(symbol) == selection_.symbol;
        if (symbol.empty() || spread || !wanted) return nullptr;
        for (Contract& contract : contracts_) {
            if (contract.symbol == symbol) return &contract;  // known from an earlier file
        }
        contracts_.push_back({symbol, header.publisher_id, {}});
        return &contracts_.back();
    }

    Result<void> hand_over() {
        for (Contract& contract : contracts_) {
            if (contract.records.empty()) continue;
            SPY_TRY(take_(contract.symbol, contract.records));
            contract.records.clear();
        }
        return {};
    }

    const RawSelection& selection_;
    const TakeRecords& take_;
    std::uint64_t day_start_ns_;
    std::uint64_t day_end_ns_;
    dbn::SymbolMap symbols_;
    std::deque<Contract> contracts_;  // addresses stay
    std::unordered_map<std::uint32_t, Contract*> by_instrument_;
    std::uint32_t last_instrument_id_ = 0;
    Contract* last_contract_ = nullptr;
    RawCounts counts_;
};

Result<void> read_file(const std::filesystem::path& file, const RawSelection& selection, Splitter& splitter,
                       Progress& progress) {
    SPY_ASSIGN(dbn::Decoder decoder, dbn::Decoder::open(file));
    const dbn::Metadata* const metadata = decoder.metadata();
    if (metadata == nullptr) {
        return make_error(ErrorCode::conflict,
                          "{} has no metadata, so its instruments have no names; use a whole DBN file",
                          file.string());
    }
    if (metadata->dataset != selection.product->dataset) {
        return make_error(ErrorCode::conflict, "{} is of dataset {}, but {} comes from {}", file.string(),
                          metadata->dataset, selection.product->name, selection.product->dataset);
    }
    splitter.begin_file(*metadata);
    progress.units_total += decoder.compressed_size();
    std::uint64_t reported_bytes = 0;
    std::uint64_t reported_records = 0;
    for (;;) {
        SPY_ASSIGN(const auto block, decoder.next_block());
        if (block.empty()) return {};
        if (auto added = splitter.add_block(block); !added.ok()) return added.error().within(file.string());
        progress.units_done += decoder.compressed_bytes_consumed() - reported_bytes;
        progress.records += decoder.records_consumed() - reported_records;
        reported_bytes = decoder.compressed_bytes_consumed();
        reported_records = decoder.records_consumed();
    }
}

}  // namespace

Result<RawCounts> read_raw(const std::vector<std::filesystem::path>& files, const RawSelection& selection,
                           Progress& progress, const TakeRecords& take) {
    Splitter splitter(selection, take);
    for (const std::filesystem::path& file : files) SPY_TRY(read_file(file, selection, splitter, progress));
    return splitter.counts();
}

}  // namespace spymaster::pipeline
