#include "pipeline/contract_day.hpp"

namespace spymaster::pipeline {

void WindowsToLake::on_window(const windows::Window& window) {
    if (status_.ok()) status_ = write(window);
}

Result<void> WindowsToLake::write(const windows::Window& window) {
    if (silver_) SPY_TRY(silver_->append(window));
    if (gold_) {
        if (const physics::PhysicsSurface1s* surface = physics_.update(window))
            SPY_TRY(gold_->append(*surface));
    }
    return {};
}

Result<void> ContractDay::append(std::span<const dbn::MboMsg> records) {
    if (bronze_) SPY_TRY(bronze_->append(records));
    if (run_engine_ && !engine_.done()) apply(records);
    return windows_.status();
}

// Looks ahead so that the order of a record is in the cache when its turn comes.
void ContractDay::apply(std::span<const dbn::MboMsg> records) {
    constexpr std::size_t kOrderAhead = 16;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (i + kOrderAhead < records.size()) engine_.prefetch_order(records[i + kOrderAhead]);
        engine_.apply(records[i]);
    }
}

Result<void> ContractDay::finish() {
    if (run_engine_) engine_.finish();
    return windows_.status();
}

}  // namespace spymaster::pipeline
