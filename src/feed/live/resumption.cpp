#include "feed/live/resumption.hpp"

#include <algorithm>

#include "feed/live/markers.hpp"
#include "feed/live/record_times.hpp"

namespace spymaster::feed::live {

namespace {

bool is_stamped_by_ts_recv(std::uint8_t rtype) {
    return rtype == dbn::rtype::bbo_1s || rtype == dbn::rtype::bbo_1m || rtype == dbn::rtype::cbbo_1s ||
           rtype == dbn::rtype::cbbo_1m;
}

}  // namespace

std::size_t Resumption::Hash::operator()(const Stamped& key) const {
    std::uint64_t mixed = key.instrument * 0x9E3779B97F4A7C15U + static_cast<std::uint64_t>(key.stamp);
    mixed ^= mixed >> 32U;
    return static_cast<std::size_t>(mixed * 0xD6E8FEB86659FD93U);
}

std::optional<Resumption::Stamped> Resumption::stamp_of(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    if (is_session_record(header.rtype) || is_marker(record)) return std::nullopt;
    const RecordTimes times = times_of(record);
    const bool by_ts_recv = is_stamped_by_ts_recv(header.rtype) || is_snapshot(record) || times.ts_event == 0;
    const std::int64_t stamp = by_ts_recv ? times.ts_recv : times.ts_event;
    if (stamp == 0) return std::nullopt;
    return Stamped{std::uint64_t{header.publisher_id} << 32U | header.instrument_id, stamp};
}

void Resumption::note(const std::byte* record) {
    const auto stamped = stamp_of(record);
    if (!stamped) return;
    Type& type = types_[dbn::load<dbn::RecordHeader>(record).rtype];
    // Nothing is received before it happened: a stamp that says so must not move the start of a replay.
    const std::int64_t ts_recv = times_of(record).ts_recv;
    const std::int64_t sure = ts_recv == 0 ? stamped->stamp : std::min(stamped->stamp, ts_recv);
    type.newest = std::max(type.newest, sure);
    newest_ = std::max(newest_, sure);
    type.recent.push_back(*stamped);
    while (type.recent.front().stamp < type.newest - margin_ns_) type.recent.pop_front();
    if (type.recent.size() > kMostRemembered) {
        type.forgotten = std::max(type.forgotten, std::min(type.recent.front().stamp, type.newest));
        type.recent.pop_front();
    }
}

std::optional<std::int64_t> Resumption::start_of(std::uint8_t rtype, bool all_caught_up) const {
    const auto found = types_.find(rtype);
    if (found == types_.end() && (!all_caught_up || newest_ == 0)) return std::nullopt;
    const std::int64_t newest = all_caught_up ? newest_ : found->second.newest;
    const std::int64_t forgotten = found == types_.end() ? 0 : found->second.forgotten;
    return std::min(std::max(newest - margin_ns_, forgotten + 1), newest);
}

void Resumption::begin_session(const std::set<std::uint8_t>& replayed, bool all_caught_up) {
    expected_.clear();
    for (const auto& [rtype, type] : types_) {
        if (!replayed.contains(rtype)) continue;
        Expected& expected = expected_[rtype];
        for (const Stamped& stamped : type.recent) ++expected.counts[stamped];
        expected.newest = type.newest;
        expected.begun = type.newest < start_of(rtype, all_caught_up).value_or(0);
    }
}

Resumption::Verdict Resumption::judge(const std::byte* record) {
    if (expected_.empty()) return Verdict::fresh;
    const auto stamped = stamp_of(record);
    if (!stamped) return Verdict::fresh;
    const auto type = expected_.find(dbn::load<dbn::RecordHeader>(record).rtype);
    if (type == expected_.end()) return Verdict::fresh;
    Expected& expected = type->second;
    if (const auto known = expected.counts.find(*stamped); known != expected.counts.end()) {
        expected.begun = true;
        if (--known->second == 0) expected.counts.erase(known);
        if (expected.counts.empty()) expected_.erase(type);
        return Verdict::duplicate;
    }
    const bool late = !expected.begun;
    expected.begun = true;
    if (stamped->stamp > expected.newest + margin_ns_) expected_.erase(type);
    return late ? Verdict::late_start : Verdict::fresh;
}

}  // namespace spymaster::feed::live
