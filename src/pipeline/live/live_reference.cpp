#include "pipeline/live/live_reference.hpp"

#include <algorithm>
#include <string_view>
#include <utility>

#include "dbn/gateway_codes.hpp"
#include "dbn/records.hpp"
#include "dbn/reference_records.hpp"
#include "dbn/upgrade.hpp"
#include "pipeline/reference/statistics.hpp"

namespace spymaster::pipeline {

void LiveReference::take(const std::byte* record) {
    switch (dbn::load<dbn::RecordHeader>(record).rtype) {
        case dbn::rtype::instrument_def:
            return take_definition(record);
        case dbn::rtype::statistics:
            return take_statistics(record);
        case dbn::rtype::system:
            return take_message(record);
        default:
            return;
    }
}

void LiveReference::take_definition(const std::byte* bytes) {
    const auto record = dbn::read_definition(bytes);
    if (!record) return;
    Definition definition = to_definition(*record);
    const std::uint64_t id = std::uint64_t{definition.publisher_id} << 32U | definition.instrument_id;
    const auto [place, is_new] = places_.try_emplace(id, definitions_.size());
    if (is_new) definitions_.emplace_back();
    Definition& newest = definitions_[place->second];
    if (!is_new && definition.ts_event < newest.ts_event) return;
    newest.ts_event = definition.ts_event;
    if (newest == definition) return;  // said again, as all of them are after a reconnection
    universe_grows_ = true;
    newest = std::move(definition);
}

void LiveReference::take_statistics(const std::byte* bytes) {
    const auto record = dbn::read_statistics(bytes);
    if (!record) return;
    if (const auto contracts = published_open_interest(*record))
        open_interest_.push_back({received_ns(*record), record->hd.instrument_id, *contracts});
}

void LiveReference::take_message(const std::byte* bytes) {
    const auto record = dbn::read_system(bytes);
    if (record && record->code == static_cast<std::uint8_t>(dbn::SystemCode::replay_completed) &&
        dbn::text(record->msg).find("definition") != std::string_view::npos)
        definitions_told_ = true;
}

Result<bool> LiveReference::grow_universe() {
    universe_grows_ = false;
    if (options_ == nullptr) return false;
    auto made = OptionUniverse::of(definitions_, {options_->product, options_->symbol, options_->date});
    if (!made.ok() && made.error().code == ErrorCode::missing) return false;
    SPY_ASSIGN(OptionUniverse grown, made);
    if (universe() != nullptr && std::ranges::equal(grown.options(), universe()->options())) return false;
    universes_.push_back(std::move(grown));
    return true;
}

bool LiveReference::has_options_on(const std::string& contract) const {
    return universe() != nullptr &&
           std::ranges::find(universe()->underlyings(), contract) != universe()->underlyings().end();
}

}  // namespace spymaster::pipeline
