#include "feed/live/market_memory.hpp"

#include <algorithm>

#include "dbn/upgrade.hpp"
#include "feed/live/markers.hpp"
#include "feed/live/record_times.hpp"

namespace spymaster::feed::live {

namespace {

constexpr std::uint8_t kGapFlags = dbn::flag::maybe_bad_book | dbn::flag::last;

std::uint64_t key_of(const dbn::RecordHeader& header) {
    return std::uint64_t{header.publisher_id} << 32U | header.instrument_id;
}

template <class Record>
void append(std::vector<std::byte>& records, const Record& record) {
    const auto* const bytes = reinterpret_cast<const std::byte*>(&record);
    records.insert(records.end(), bytes, bytes + sizeof record);
}

template <class Value>
std::vector<std::uint64_t> sorted_keys(const std::unordered_map<std::uint64_t, Value>& map) {
    std::vector<std::uint64_t> keys;
    keys.reserve(map.size());
    for (const auto& [key, value] : map) keys.push_back(key);
    std::sort(keys.begin(), keys.end());
    return keys;
}

}  // namespace

void MarketMemory::note(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    if (header.rtype == dbn::rtype::symbol_mapping) return note_mapping(record);
    if (is_session_record(header.rtype)) return;
    const RecordTimes times = times_of(record);
    newest_ts_recv_ = std::max(newest_ts_recv_, times.ts_recv);
    if (!is_snapshot(record)) newest_ts_event_ = std::max(newest_ts_event_, times.ts_event);
    if (header.rtype == dbn::rtype::mbo) {
        note_mbo(dbn::load<dbn::MboMsg>(record));
    } else if (header.rtype == dbn::rtype::cmbp_1) {
        quotes_[key_of(header)] = dbn::load<dbn::Cmbp1Msg>(record);
    }
}

void MarketMemory::note_mbo(const dbn::MboMsg& msg) {
    bool& open = books_[key_of(msg.hd)];
    const bool snapshot = (msg.flags & dbn::flag::snapshot) != 0;
    last_was_snapshot_ = snapshot;
    const bool now_open = snapshot && (msg.flags & dbn::flag::last) == 0;
    if (now_open != open) open_snapshots_ += now_open ? 1 : static_cast<std::size_t>(-1);
    open = now_open;
}

void MarketMemory::forget_snapshots() {
    for (auto& [key, open] : books_) open = false;
    open_snapshots_ = 0;
    last_was_snapshot_ = false;
}

void MarketMemory::note_mapping(const std::byte* record) {
    const auto mapping = dbn::read_symbol_mapping(record);
    if (!mapping) return;
    const std::size_t size = dbn::load<dbn::RecordHeader>(record).size();
    const auto [found, added] = place_of_mapping_.try_emplace(
        {mapping->hd.instrument_id, std::string(dbn::text(mapping->stype_in_symbol))}, mappings_.size());
    if (!added) {
        const std::size_t place = found->second;
        if (dbn::load<dbn::RecordHeader>(mappings_.data() + place).size() == size) {
            std::copy_n(record, size, mappings_.begin() + static_cast<std::ptrdiff_t>(place));
            return;
        }
        found->second = mappings_.size();  // of another version of the format: the later one counts
    }
    mappings_.insert(mappings_.end(), record, record + size);
}

std::vector<std::byte> MarketMemory::gap_markers() const {
    const std::int64_t ts = std::max(newest_ts_event_, newest_ts_recv_);
    std::vector<std::byte> markers;
    for (const std::uint64_t key : sorted_keys(books_)) {
        append(markers, mbo_marker(static_cast<std::uint16_t>(key >> 32U), static_cast<std::uint32_t>(key),
                                   ts, kGapFlags));
    }
    for (const std::uint64_t key : sorted_keys(quotes_)) {
        append(markers, cmbp1_marker(quotes_.at(key), ts, kGapFlags));
    }
    return markers;
}

}  // namespace spymaster::feed::live
