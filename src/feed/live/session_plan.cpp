#include "feed/live/session_plan.hpp"

#include "feed/live/record_times.hpp"

namespace spymaster::feed::live {

namespace {

LiveSubscription planned(LiveSubscription subscription, Repair repair, const Resumption& received,
                         bool all_caught_up) {
    const bool books = subscription.schema == dbn::Schema::mbo;
    const auto rtype = rtype_of(subscription.schema);
    if (repair != Repair::replay && books) {
        subscription.snapshot = true;
        subscription.start.reset();
    } else if (repair == Repair::start_over) {
        subscription.start.reset();
        if (subscription.schema == dbn::Schema::definition) subscription.start = 0;
    } else if (rtype && (received.has(*rtype) || !books)) {
        if (const auto start = received.start_of(*rtype, all_caught_up)) {
            subscription.snapshot = false;
            subscription.start = start;
        }
    }
    return subscription;
}

}  // namespace

const SessionPlan& SessionPlanner::plan(Repair repair, const Resumption& received, bool all_caught_up) {
    plan_ = {};
    std::set<dbn::Schema> schemas;
    for (LiveSubscription& subscription : next_) {
        subscription = planned(std::move(subscription), repair, received, all_caught_up);
        plan_.subscriptions.push_back(subscription);
        if (!subscription.start) continue;
        schemas.insert(subscription.schema);
        if (const auto rtype = rtype_of(subscription.schema)) plan_.replayed.insert(*rtype);
    }
    plan_.replays = schemas.size();
    return plan_;
}

}  // namespace spymaster::feed::live
