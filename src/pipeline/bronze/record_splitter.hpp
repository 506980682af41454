// Sorts raw records by the partition they belong to: what read_raw() does with the blocks of files, and a live market with
// those of its feed. Included by the .cpp files that do.
#pragma once

#include <array>
#include <deque>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "dbn/reference_records.hpp"
#include "dbn/symbol_map.hpp"
#include "dbn/upgrade.hpp"
#include "feed/raw_files.hpp"
#include "pipeline/bronze/bronze.hpp"
#include "pipeline/bronze/raw_records.hpp"
#include "pipeline/reference/option_universe.hpp"

namespace spymaster::pipeline {

inline RecordRun run_of(std::span<const dbn::MboMsg> records) {
    return {.orders = records};
}
inline RecordRun run_of(std::span<const dbn::Cmbp1Msg> records) {
    return {.quotes = records};
}

// Consolidated quotes may lack the time of receipt (spec 3.4); and come from many publishers, as one book.
constexpr bool one_publisher(const dbn::MboMsg&) {
    return true;
}
constexpr bool one_publisher(const dbn::Cmbp1Msg&) {
    return false;
}
inline std::uint64_t receipt_time(const dbn::MboMsg& record) {
    return record.ts_recv;
}
inline std::uint64_t receipt_time(const dbn::Cmbp1Msg& record) {
    return record.ts_recv == dbn::kUndefTimestamp ? record.hd.ts_event : record.ts_recv;
}

// Names mean something within one file or feed only: begin_file() comes first. One thread.
template <class Record>
class RecordSplitter {
  public:
    RecordSplitter(const RawSelection& selection, const TakeRecords& take)
        : selection_(selection),
          take_(take),
          day_start_ns_(static_cast<std::uint64_t>(selection.date.midnight_utc_ns())),
          day_end_ns_(static_cast<std::uint64_t>(selection.date.next().midnight_utc_ns())) {}

    // Names mean something within one file's metadata, or one live session, only.
    void begin_file(const dbn::Metadata& metadata) {
        symbols_ = dbn::SymbolMap(metadata);
        live_names_.clear();
        by_id_.clear();
        recent_.fill({});
    }

    Result<void> add_block(std::span<const std::byte> block) {
        const std::uint8_t wanted_type = record_type(*selection_.product);
        const std::byte* const end = block.data() + block.size();
        for (const std::byte* p = block.data(); p != end;) {
            const auto header = dbn::load<dbn::RecordHeader>(p);
            counts_.records += 1;
            if (header.rtype == wanted_type) {
                SPY_TRY(add(dbn::load<Record>(p)));
            } else {
                counts_.other_types += 1;
                if (header.rtype == dbn::rtype::symbol_mapping) take_name(p);
            }
            p += header.size();
        }
        return hand_over();
    }

    [[nodiscard]] const RawCounts& counts() const { return counts_; }

    // The selection's universe has grown: what was not wanted may be from here on.
    void look_again() {
        std::erase_if(by_id_, [this](const auto& known) { return known.second == &unwanted_; });
        recent_.fill({});
    }

  private:
    // The records of one partition in the current block.
    struct Partition {
        std::string symbol;
        std::vector<Record> records;
        std::vector<const OptionTerms*> options;
        std::vector<const OptionTerms*> new_options;
    };
    // What is known of an instrument id; without a partition, its records are not wanted.
    struct Instrument {
        Partition* partition = nullptr;
        const OptionTerms* option = nullptr;
        std::uint16_t publisher_id = 0;
        bool seen = false;
    };
    struct Recent {
        std::uint32_t id = 0;
        Instrument* instrument = nullptr;
    };
    // PERF: a file of every symbol has some ten thousand ids; those in use stay within a few kilobytes.
    static constexpr std::size_t kRecent = 4096;

    Result<void> add(Record record) {
        record.ts_recv = receipt_time(record);
        if (record.ts_recv < day_start_ns_ || record.ts_recv >= day_end_ns_) {
            counts_.other_dates += 1;
            return {};
        }
        Instrument& instrument = find(record.hd.instrument_id);
        if (instrument.partition == nullptr) {
            counts_.other_symbols += 1;
            return {};
        }
        if (!instrument.seen) first_record(instrument, record);
        if (one_publisher(record) && record.hd.publisher_id != instrument.publisher_id) {
            counts_.other_publishers += 1;
            return {};
        }
        SPY_TRY(make_canonical(record));
        record.hd.length = sizeof(Record) / 4;  // without a trailing ts_out
        instrument.partition->records.push_back(record);
        if (instrument.option != nullptr) instrument.partition->options.push_back(instrument.option);
        counts_.kept += 1;
        return {};
    }

    // A live session names its instruments by records, each before the first record of it.
    void take_name(const std::byte* bytes) {
        const auto mapping = dbn::read_symbol_mapping(bytes);
        if (!mapping) return;
        std::string name(dbn::text(mapping->stype_out_symbol));
        std::string& known = live_names_[mapping->hd.instrument_id];
        if (known == name) return;
        known = std::move(name);
        if (selection_.universe != nullptr) return;
        by_id_.erase(mapping->hd.instrument_id);
        recent_[mapping->hd.instrument_id % kRecent] = {};
    }

    void first_record(Instrument& instrument, const Record& record) {
        instrument.seen = true;
        instrument.publisher_id = record.hd.publisher_id;
        if (instrument.option != nullptr) instrument.partition->new_options.push_back(instrument.option);
    }

    Instrument& find(std::uint32_t id) {
        Recent& recent = recent_[id % kRecent];
        if (recent.id == id && recent.instrument != nullptr) return *recent.instrument;
        const auto known = by_id_.find(id);
        Instrument* const instrument = known != by_id_.end() ? known->second : open(id);
        recent = {id, instrument};
        return *instrument;
    }

    // Ids that neither the file nor the universe knows are not kept: a stream may have any number of them.
    Instrument* open(std::uint32_t id) {
        if (selection_.universe != nullptr) {
            const OptionTerms* const option = selection_.universe->find(id);
            if (option == nullptr) return &unwanted_;
            return by_id_[id] = &named(std::to_string(id), option->underlying, option);
        }
        const auto live_name = live_names_.find(id);
        const std::string symbol(live_name != live_names_.end()
                                     ? live_name->second
                                     : symbols_.find(id, selection_.date.midnight_utc_ns()));
        if (symbol.empty()) return &unwanted_;
        // Known from an earlier file, the same.
        return by_id_[id] = wanted(symbol) ? &named(symbol, symbol, nullptr) : &unwanted_;
    }

    [[nodiscard]] bool wanted(const std::string& symbol) const {
        if (selection_.product->type != market::ProductType::future_mbo) return symbol == selection_.symbol;
        const bool spread = symbol.find_first_of("-:") != std::string::npos;
        return !spread && (symbol == selection_.symbol || feed::symbol_root(symbol) == selection_.symbol);
    }

    Instrument& named(const std::string& name, const std::string& partition, const OptionTerms* option) {
        const auto [place, is_new] = instruments_.try_emplace(name);
        if (is_new) place->second = {.partition = &partition_of(partition), .option = option};
        return place->second;
    }

    Partition& partition_of(const std::string& symbol) {
        for (Partition& partition : partitions_) {
            if (partition.symbol == symbol) return partition;
        }
        return partitions_.emplace_back(symbol);
    }

    Result<void> hand_over() {
        for (Partition& partition : partitions_) {
            if (partition.records.empty()) continue;
            RecordRun run = run_of(partition.records);
            run.options = partition.options;
            run.new_options = partition.new_options;
            SPY_TRY(take_(partition.symbol, run));
            partition.records.clear();
            partition.options.clear();
            partition.new_options.clear();
        }
        return {};
    }

    const RawSelection& selection_;
    const TakeRecords& take_;
    std::uint64_t day_start_ns_;
    std::uint64_t day_end_ns_;
    dbn::SymbolMap symbols_;
    std::unordered_map<std::uint32_t, std::string> live_names_;  // as records say
    std::deque<Partition> partitions_;                           // addresses stay
    std::unordered_map<std::string, Instrument> instruments_;    // likewise; by name, or by id of options
    std::unordered_map<std::uint32_t, Instrument*> by_id_;
    std::array<Recent, kRecent> recent_{};
    Instrument unwanted_;
    RawCounts counts_;
};

}  // namespace spymaster::pipeline
