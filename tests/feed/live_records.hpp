// Records, sessions and a consumer for the tests of the live feed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dbn/encoder.hpp"
#include "dbn/metadata.hpp"
#include "dbn/record_walk.hpp"
#include "dbn/records.hpp"
#include "dbn/reference_records.hpp"
#include "feed/live/live_feed.hpp"

namespace spymaster::feed::live {

using Bytes = std::vector<std::byte>;

inline constexpr std::int64_t kSecond = 1'000'000'000;
inline constexpr std::int64_t kNine = 1'767'690'000 * kSecond;  // 2026-01-06 09:00 UTC

template <class Record>
void append(Bytes& bytes, const Record& record) {
    const auto view = std::as_bytes(std::span(&record, 1));
    bytes.insert(bytes.end(), view.begin(), view.end());
}

inline void append_all(Bytes& bytes, std::span<const std::byte> more) {
    bytes.insert(bytes.end(), more.begin(), more.end());
}

template <class Record>
Record record_of(std::uint8_t rtype, std::uint32_t instrument, std::int64_t ts_event) {
    Record record{};
    auto* const header = reinterpret_cast<dbn::RecordHeader*>(&record);
    *header = {dbn::kRecordLength<Record>, rtype, 1, instrument, static_cast<std::uint64_t>(ts_event)};
    return record;
}

// `id` tells records apart.
inline dbn::MboMsg mbo(std::uint32_t instrument, std::int64_t ts, std::uint64_t id, char action = 'A',
                       std::uint8_t flags = dbn::flag::last) {
    auto msg = record_of<dbn::MboMsg>(dbn::rtype::mbo, instrument, ts);
    msg.order_id = id;
    msg.price = 100 * kSecond + static_cast<std::int64_t>(id % 10) * kSecond / 4;
    msg.size = 1;
    msg.flags = flags;
    msg.action = action;
    msg.side = action == 'R' ? 'N' : 'B';
    msg.ts_recv = static_cast<std::uint64_t>(ts) + 1000;
    msg.sequence = static_cast<std::uint32_t>(id);
    return msg;
}

inline dbn::Cmbp1Msg cmbp1(std::uint32_t instrument, std::int64_t ts, std::uint32_t id) {
    auto msg = record_of<dbn::Cmbp1Msg>(dbn::rtype::cmbp_1, instrument, ts);
    msg.size = id;
    msg.action = 'A';
    msg.side = 'B';
    msg.ts_recv = static_cast<std::uint64_t>(ts) + 1000;
    msg.levels[0].bid_px = kSecond;
    msg.levels[0].ask_px = 2 * kSecond;
    msg.levels[0].bid_sz = msg.levels[0].ask_sz = 1 + id % 7;
    return msg;
}

inline dbn::SymbolMappingMsg mapping(std::uint32_t instrument, std::string_view symbol) {
    auto msg = record_of<dbn::SymbolMappingMsg>(dbn::rtype::symbol_mapping, instrument, kNine);
    std::memcpy(msg.stype_in_symbol.data(), "ES.FUT", 6);
    std::memcpy(msg.stype_out_symbol.data(), symbol.data(), symbol.size());
    return msg;
}

inline dbn::SystemMsg system_message(std::uint8_t code, std::string_view text = "said") {
    auto msg = record_of<dbn::SystemMsg>(dbn::rtype::system, 0, kNine);
    std::memcpy(msg.msg.data(), text.data(), text.size());
    msg.code = code;
    return msg;
}

inline dbn::ErrorMsg error_message(std::uint8_t code, std::string_view text) {
    auto msg = record_of<dbn::ErrorMsg>(dbn::rtype::error, 0, kNine);
    std::memcpy(msg.err.data(), text.data(), text.size());
    msg.code = code;
    return msg;
}

// A snapshot of a book with so many orders, as the gateway sends it.
inline Bytes snapshot(std::uint32_t instrument, std::int64_t ts, std::uint64_t orders, bool whole = true) {
    Bytes bytes;
    constexpr std::uint8_t kFlags = dbn::flag::snapshot | dbn::flag::bad_ts_recv;
    append(bytes, mbo(instrument, ts, 0, 'R', kFlags));
    for (std::uint64_t id = 1; id <= orders; ++id) {
        const bool last = whole && id == orders;
        append(bytes, mbo(instrument, ts, id, 'A', last ? kFlags | dbn::flag::last : kFlags));
    }
    return bytes;
}

inline dbn::Metadata live_metadata() {
    dbn::Metadata metadata;
    metadata.dataset = "GLBX.MDP3";
    metadata.start = static_cast<std::uint64_t>(kNine);
    return metadata;
}

inline Bytes metadata_bytes() {
    return dbn::encode_metadata(live_metadata()).value();
}

inline std::vector<Bytes> split(std::span<const std::byte> records) {
    std::vector<Bytes> list;
    for (std::size_t at = 0; at < records.size();) {
        const std::size_t size = dbn::load<dbn::RecordHeader>(records.data() + at).size();
        list.emplace_back(records.begin() + static_cast<std::ptrdiff_t>(at),
                          records.begin() + static_cast<std::ptrdiff_t>(at + size));
        at += size;
    }
    return list;
}

inline Bytes of_type(std::span<const std::byte> records, std::uint8_t rtype) {
    Bytes kept;
    for (const Bytes& record : split(records)) {
        if (dbn::load<dbn::RecordHeader>(record.data()).rtype == rtype) append_all(kept, record);
    }
    return kept;
}

inline Bytes file_bytes(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    const auto bytes = std::as_bytes(std::span(text));
    return {bytes.begin(), bytes.end()};
}

// The records of a recording; its head has to be whole.
inline Bytes recorded(const std::filesystem::path& path) {
    Bytes bytes = file_bytes(path);
    if (bytes.size() < dbn::kMetadataPreludeSize) return {};
    const auto prelude = dbn::decode_prelude(std::span(bytes).first(dbn::kMetadataPreludeSize)).value();
    bytes.erase(bytes.begin(),
                bytes.begin() + static_cast<std::ptrdiff_t>(dbn::kMetadataPreludeSize + prelude.length));
    return bytes;
}

// Keeps all it gets, by day; ends the feed when `enough` says so.
class KeepingConsumer : public LiveConsumer {
  public:
    Result<void> on_recording(const RecordingStart& start) override {
        paths.push_back(start.path);
        continued.push_back(start.continued);
        days[start.path];
        return {};
    }
    Result<void> on_records(std::span<const std::byte> records, std::int64_t arrival) override {
        append_all(days[paths.back()], records);
        count += split_count(records);
        newest_arrival = arrival;
        if (during_records) during_records();
        if (enough && enough(*this)) feed->stop();
        return {};
    }
    std::vector<std::byte> on_clock(std::int64_t now) override { return markers ? markers(now) : Bytes(); }
    std::vector<std::byte> on_new_day(market::Date date) override {
        new_days.push_back(date);
        return opening;
    }
    void on_event(const FeedEvent& event) override {
        events.push_back(event);
        if (enough && enough(*this)) feed->stop();
    }

    [[nodiscard]] const Bytes& last_day() const { return days.at(paths.back()); }
    [[nodiscard]] std::size_t events_of(FeedEventKind kind) const {
        std::size_t number = 0;
        for (const FeedEvent& event : events) number += event.kind == kind ? 1 : 0;
        return number;
    }

    LiveFeed* feed = nullptr;
    std::function<bool(const KeepingConsumer&)> enough;
    std::function<void()> during_records;
    std::function<Bytes(std::int64_t)> markers;
    Bytes opening;

    std::vector<std::filesystem::path> paths;
    std::vector<bool> continued;
    std::map<std::filesystem::path, Bytes> days;
    std::vector<market::Date> new_days;
    std::vector<FeedEvent> events;
    std::size_t count = 0;
    std::int64_t newest_arrival = 0;

  private:
    static std::size_t split_count(std::span<const std::byte> records) {
        std::size_t number = 0;
        dbn::for_each_record(records, [&](const std::byte*) { ++number; });
        return number;
    }
};

inline LiveOptions options_for(const std::filesystem::path& root,
                               std::vector<LiveSubscription> subscriptions) {
    LiveOptions options;
    options.dataset = "GLBX.MDP3";
    options.key = "db-aKeyThatOnlyTestsKnow12345";
    options.root = root;
    options.subscriptions = std::move(subscriptions);
    options.first_backoff = std::chrono::milliseconds(1);
    options.longest_backoff = std::chrono::milliseconds(4);
    options.ring_bytes = std::size_t{1} << 20U;
    return options;
}

inline LiveSubscription books(bool snapshot = false) {
    return {.schema = dbn::Schema::mbo,
            .stype_in = dbn::SymbolType::parent,
            .symbols = {"ES.FUT"},
            .snapshot = snapshot,
            .start = {}};
}

}  // namespace spymaster::feed::live
