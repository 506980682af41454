#include <unistd.h>

#include <algorithm>
#include <utility>

#include "feed/gateway/live_session.hpp"

namespace spymaster::feed {

namespace {

// The first record that is not of a snapshot; UINT64_MAX: there is none.
Result<std::uint64_t> first_of(const RawLibrary& library, const std::string& dataset, dbn::Schema schema) {
    SPY_ASSIGN(RecordReader reader, library.read({.dataset = dataset, .schema = schema}));
    while (true) {
        SPY_ASSIGN(const auto record, reader.next());
        if (record.empty()) return dbn::kUndefTimestamp;
        const bool snapshot = schema == dbn::Schema::mbo &&
                              (dbn::load<dbn::MboMsg>(record.data()).flags & dbn::flag::snapshot) != 0;
        if (!snapshot) return index_time(record.data());
    }
}

bool is_reference(dbn::Schema schema) {
    return schema == dbn::Schema::definition || schema == dbn::Schema::statistics ||
           schema == dbn::Schema::status;
}

// When the market data of a dataset begin; where it has none, its reference data.
Result<std::uint64_t> first_of(const RawLibrary& library, const std::string& dataset) {
    std::uint64_t market = dbn::kUndefTimestamp;
    std::uint64_t reference = dbn::kUndefTimestamp;
    for (const auto schema : library.schemas(dataset)) {
        SPY_ASSIGN(const std::uint64_t first, first_of(library, dataset, schema));
        auto& earliest = is_reference(schema) ? reference : market;
        earliest = std::min(earliest, first);
    }
    if (market != dbn::kUndefTimestamp) return market;
    return reference == dbn::kUndefTimestamp ? 0 : reference;
}

}  // namespace

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Descriptor::~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
}

Result<std::unique_ptr<LiveGround>> LiveGround::create(const RawLibrary& library, LiveOptions options,
                                                       int stop) {
    std::unique_ptr<LiveGround> ground(new LiveGround(library, std::move(options), stop));
    for (const auto& dataset : library.datasets()) {
        std::uint64_t from_ns = 0;
        if (ground->options.from_ns) {
            from_ns = *ground->options.from_ns;
        } else {
            SPY_ASSIGN(from_ns, first_of(library, dataset));
        }
        ground->datasets_.try_emplace(dataset, from_ns, ground->options.speed);
    }
    return ground;
}

LiveDataset* LiveGround::dataset(std::string_view name) {
    const auto found = datasets_.find(name);
    return found == datasets_.end() ? nullptr : &found->second;
}

bool LiveGround::enter(const std::string& dataset) {
    const std::lock_guard lock(mutex_);
    auto& count = sessions_[dataset];
    if (count >= options.max_sessions_per_dataset) return false;
    ++count;
    return true;
}

void LiveGround::leave(const std::string& dataset) {
    const std::lock_guard lock(mutex_);
    --sessions_[dataset];
}

}  // namespace spymaster::feed
