// The markets that can be simulated, as data: what each costs, where it trades, whom it follows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "feed/simulated/arrivals.hpp"
#include "feed/simulated/event_tape.hpp"
#include "feed/simulated/habits.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

struct Listing {
    std::string_view name;
    market::ProductType product = market::ProductType::future_mbo;
    std::int64_t tick_nanos = 250'000'000;
    std::int32_t usual_tick = 0;     // about where it traded in January 2026
    std::string_view leader = {};    // whose price and regime it follows
    double leader_tick_ticks = 0.0;  // ticks of this one for one of the leader

    [[nodiscard]] bool is_share() const { return product == market::ProductType::equity_mbo; }
    [[nodiscard]] Conventions conventions() const {
        return is_share() ? Conventions::itch : Conventions::globex;
    }
    [[nodiscard]] const Habits& habits() const { return is_share() ? kFundHabits : kFutureHabits; }
    // The front contract of a future's root; else the symbol itself.
    [[nodiscard]] std::string contract_of(std::string_view symbol, const market::Date& date) const;
    [[nodiscard]] DayShape day() const { return is_share() ? kNasdaqDay : kGlobexDay; }
};

// Of a root, a contract of one, or a share. Error (usage) lists what there is.
Result<const Listing*> find_listing(std::string_view symbol);

}  // namespace spymaster::feed
