#include "feed/gateway/live_feed.hpp"

#include <algorithm>
#include <tuple>

#include "feed/gateway/live_messages.hpp"
#include "feed/gateway/live_snapshot.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

namespace {

using std::chrono::hours;

// A record's ts_event may be that much later than its ts_recv: clocks are not one.
constexpr std::uint64_t kClockSkewNs = 1'000'000'000;

// Schemas that are accepted even where the library has none of them: a day need not have any.
bool may_be_absent(dbn::Schema schema) {
    return schema == dbn::Schema::definition || schema == dbn::Schema::statistics ||
           schema == dbn::Schema::status;
}

// Which of its times a replay filters a record by.
std::uint64_t replay_time(const std::byte* record, std::uint64_t index_ns) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    switch (header.rtype) {
        case dbn::rtype::cbbo_1s:
        case dbn::rtype::cbbo_1m:
        case dbn::rtype::bbo_1s:
        case dbn::rtype::bbo_1m:
            return index_ns;
        case dbn::rtype::mbo: {
            // A snapshot in the middle of a day was sent when it was; its orders are older.
            const bool snapshot = (dbn::load<dbn::MboMsg>(record).flags & dbn::flag::snapshot) != 0;
            return snapshot ? index_ns : header.ts_event;
        }
        default:
            return header.ts_event;
    }
}

std::uint64_t midnight_ns(const market::Date& date) {
    return static_cast<std::uint64_t>(std::max<std::int64_t>(date.midnight_utc_ns(), 0));
}

std::uint64_t minus(std::uint64_t ts_ns, std::uint64_t less_ns) {
    return ts_ns - std::min(ts_ns, less_ns);
}

}  // namespace

bool LiveFeed::Gate::passes(const std::byte* record, std::uint64_t ts_ns) const {
    const std::uint32_t id = dbn::load<dbn::RecordHeader>(record).instrument_id;
    if (!instruments.holds(id, ts_ns)) return false;
    if (event_from_ns) return replay_time(record, ts_ns) >= *event_from_ns;
    if (!after_snapshot_ns.empty()) {
        if (const auto at = after_snapshot_ns.find(id); at != after_snapshot_ns.end()) {
            return ts_ns >= at->second;
        }
    }
    return ts_ns >= index_from_ns;
}

std::uint64_t LiveFeed::oldest_replay(dbn::Schema schema, std::uint64_t now_ns) const {
    const bool weekly =
        dataset_ == "GLBX.MDP3" && (schema == dbn::Schema::mbo || schema == dbn::Schema::definition);
    const auto limit = replay_limit_.value_or(weekly ? hours{24 * 7} : hours{24});
    return minus(now_ns, static_cast<std::uint64_t>(limit.count()));
}

Result<LiveFeed::Outcome> LiveFeed::subscribe(const SubscriptionRequest& request, std::uint64_t now_ns) {
    const auto schemas = library_.schemas(dataset_);
    if (std::ranges::find(schemas, request.schema) == schemas.end() && !may_be_absent(request.schema)) {
        return make_error(ErrorCode::usage, "Schema {} is not available for {} here",
                          dbn::to_string(request.schema), dataset_);
    }
    if (++subscriptions_ > kMaxSubscriptions) {
        return make_error(ErrorCode::usage, "More than {} subscriptions in one session", kMaxSubscriptions);
    }

    forget_given();
    Outcome outcome;
    Gate gate;
    // What the session has had so far may go up to now: a later subscription begins after that.
    gate.index_from_ns = now_ns + (began_ ? 1 : 0);
    std::uint64_t read_from_ns = gate.index_from_ns;
    if (request.start_ns && !began_) {
        const std::uint64_t oldest = oldest_replay(request.schema, now_ns);
        if (*request.start_ns == 0) {
            gate.index_from_ns = read_from_ns = oldest;
        } else if (*request.start_ns >= oldest) {
            gate.event_from_ns = request.start_ns;
            read_from_ns = minus(*request.start_ns, kClockSkewNs);
        } else {
            outcome.aged_out_ns = oldest;
        }
        outcome.replays = !outcome.aged_out_ns;
    }

    SPY_ASSIGN(Resolution resolution, resolve(request, read_from_ns, now_ns));
    outcome.not_found = std::move(resolution.not_found);
    if (!resolution.all_symbols) gate.instruments = resolution.selection();
    add_mappings(request, resolution, read_from_ns);
    if (request.snapshot) SPY_TRY(add_snapshots(resolution, minus(gate.index_from_ns, 1), gate));
    if (std::ranges::find(schemas, request.schema) != schemas.end()) {
        add_gate(request.schema, std::move(gate), read_from_ns);
    }
    return outcome;
}

Result<Resolution> LiveFeed::resolve(const SubscriptionRequest& request, std::uint64_t from_ns,
                                     std::uint64_t now_ns) const {
    SymbolQuery query{.stype_in = request.stype_in, .symbols = request.symbols, .start = {}, .end = {}};
    const auto today = date_of(day_of_ns(now_ns));
    SPY_ASSIGN(const DayRange range, library_.range(dataset_));
    if (request.stype_in != dbn::SymbolType::continuous) {
        query.start = std::max(date_of(day_of_ns(from_ns)), std::min(range.start, today));
        query.end = std::max(range.end, today.next());
        return library_.resolve(dataset_, query);
    }
    // A continuous contract is what it is when it is subscribed to, as long as the session lasts.
    query.start = today;
    query.end = today.next();
    SPY_ASSIGN(Resolution resolution, library_.resolve(dataset_, query));
    for (auto& instrument : resolution.instruments) {
        instrument.start = std::min(range.start, today);
        instrument.end = std::max(range.end, today.next());
    }
    return resolution;
}

// What is added may come before the block that is half given.
void LiveFeed::forget_given() {
    const std::size_t given = std::exchange(made_given_, 0);
    if (given == 0) return;
    auto& bytes = made_.begin()->second;
    bytes.erase(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(given));
}

Result<void> LiveFeed::add_snapshots(const Resolution& resolution, std::uint64_t as_of_ns, Gate& gate) {
    SPY_ASSIGN(auto snapshots, snapshots_at(library_, dataset_, resolution, as_of_ns));
    for (auto& snapshot : snapshots) {
        gate.after_snapshot_ns[snapshot.instrument_id] = snapshot.as_of_ns + 1;
        made_.emplace(snapshot.as_of_ns, std::move(snapshot.records));
    }
    return {};
}

void LiveFeed::add_mappings(const SubscriptionRequest& request, const Resolution& resolution,
                            std::uint64_t from_ns) {
    const auto stype_in = resolution.all_symbols ? dbn::SymbolType::raw_symbol : request.stype_in;
    std::map<std::uint32_t, std::pair<std::string, std::string>> said;
    std::vector<const ResolvedInstrument*> by_date;
    for (const auto& instrument : resolution.instruments) by_date.push_back(&instrument);
    std::ranges::stable_sort(by_date, {}, [](const ResolvedInstrument* one) { return one->start; });
    std::map<std::uint64_t, std::vector<std::byte>> blocks;
    for (const ResolvedInstrument* instrument : by_date) {
        std::pair names{instrument->requested, instrument->raw_symbol};
        auto& last = said[instrument->id];
        if (last == names) continue;
        last = std::move(names);
        const std::uint64_t start_ns = midnight_ns(instrument->start);
        const auto message = mapping_message(*instrument, stype_in, std::max(start_ns, from_ns));
        const auto bytes = std::as_bytes(std::span(&message, 1));
        auto& block = blocks[start_ns <= from_ns ? 0 : start_ns - 1];
        block.insert(block.end(), bytes.begin(), bytes.end());
    }
    for (auto& [ts_ns, block] : blocks) made_.emplace_hint(made_.upper_bound(ts_ns), ts_ns, std::move(block));
}

void LiveFeed::add_gate(dbn::Schema schema, Gate gate, std::uint64_t read_from_ns) {
    if (!began_) {
        for (Stream& stream : streams_) {
            if (stream.schema != schema) continue;
            stream.gates.push_back(std::move(gate));
            stream.from_ns = std::min(stream.from_ns, read_from_ns);
            return;
        }
    }
    next_stream_ = nullptr;
    streams_.push_back({.schema = schema, .gates = {}, .from_ns = read_from_ns, .reader = {}, .waiting = {}});
    streams_.back().gates.push_back(std::move(gate));
}

Result<void> LiveFeed::fill(Stream& stream, std::size_t index) {
    if (!stream.reader) {
        RecordQuery query{.dataset = dataset_, .schema = stream.schema, .start_ns = stream.from_ns};
        SPY_ASSIGN(RecordReader reader, library_.read(query));
        stream.reader = std::make_unique<RecordReader>(std::move(reader));
    }
    const auto passes = [&](const Stream& of, const std::byte* record, std::uint64_t ts_ns) {
        return std::ranges::any_of(of.gates, [&](const Gate& gate) { return gate.passes(record, ts_ns); });
    };
    while (true) {
        SPY_ASSIGN(stream.waiting, stream.reader->next());
        stream.ended = stream.waiting.empty();
        if (stream.ended) return {};
        const std::byte* record = stream.waiting.data();
        stream.waiting_ns = index_time(record);
        if (!passes(stream, record, stream.waiting_ns)) continue;
        const auto given_before = [&](const Stream& other) {
            return other.schema == stream.schema && passes(other, record, stream.waiting_ns);
        };
        const auto earlier = std::span(streams_).first(index);
        if (std::ranges::none_of(earlier, given_before)) return {};
    }
}

Result<std::optional<LiveFeed::Item>> LiveFeed::next() {
    began_ = true;
    next_stream_ = nullptr;
    for (std::size_t index = 0; index < streams_.size(); ++index) {
        Stream& stream = streams_[index];
        if (stream.waiting.empty() && !stream.ended) SPY_TRY(fill(stream, index));
        if (stream.ended) continue;
        if (next_stream_ == nullptr || stream.waiting_ns < next_stream_->waiting_ns) next_stream_ = &stream;
    }
    if (!made_.empty() && (next_stream_ == nullptr || made_.begin()->first < next_stream_->waiting_ns)) {
        next_stream_ = nullptr;
        const auto& [ts_ns, bytes] = *made_.begin();
        const auto rest = std::span(bytes).subspan(made_given_);
        next_made_size_ = dbn::load<dbn::RecordHeader>(rest.data()).size();
        return std::optional(Item{ts_ns, rest.first(next_made_size_)});
    }
    if (next_stream_ == nullptr) return std::optional<Item>{};
    return std::optional(Item{next_stream_->waiting_ns, next_stream_->waiting});
}

void LiveFeed::pop() {
    if (next_stream_ != nullptr) {
        next_stream_->waiting = {};
        return;
    }
    if (made_.empty()) return;
    made_given_ += next_made_size_;
    if (made_given_ < made_.begin()->second.size()) return;
    made_.erase(made_.begin());
    made_given_ = 0;
}

}  // namespace spymaster::feed
