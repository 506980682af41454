// Whether the book can be trusted: the rules of clears, snapshots and gaps (spec 4.2.2), for one instrument
// of one publisher.
//
//   Clear (R)                 invalid until a record with LAST, itself included
//   Clear with SNAPSHOT, or   loading, and invalid, until a record with LAST or the first record without
//   SNAPSHOT; bare SNAPSHOT records     a run of SNAPSHOT records is one snapshot, even if several of them
//   carry LAST MAYBE_BAD_BOOK            invalid until the next clear or snapshot completes
//
// `epoch` grows by one at each of these events, not at each of their records. A book that has seen neither a
// clear nor a snapshot is not valid: nobody knows what rested before.
#pragma once

#include <cstdint>

#include "dbn/records.hpp"

namespace spymaster::book {

class Continuity {
  public:
    // Flags that need before() and after(); without them, and while !watching(), a record changes nothing
    // here.
    static constexpr std::uint8_t kFlags = dbn::flag::snapshot | dbn::flag::maybe_bad_book;

    // Part of the hot path's test: something is in progress that any record may end.
    [[nodiscard]] bool watching() const { return watching_; }

    // The record's effect before its own action. A Clear's own effect is here too.
    void before(std::uint8_t flags, char action);
    // The record's effect after its action.
    void after(std::uint8_t flags);

    [[nodiscard]] bool valid() const { return valid_; }
    // A snapshot is being read: Adds are orders that rested already, not flow.
    [[nodiscard]] bool loading() const { return loading_; }
    [[nodiscard]] std::int64_t epoch() const { return epoch_; }
    // How many records cleared the book; how many cleared it or belonged to a snapshot.
    [[nodiscard]] std::uint64_t clears() const { return clears_; }
    [[nodiscard]] std::uint64_t disruptions() const { return disruptions_; }

  private:
    void complete();
    void new_epoch();

    bool valid_ = false;
    bool loading_ = false;      // in a snapshot
    bool clearing_ = false;     // after a Clear outside a snapshot, before its LAST
    bool in_snapshot_ = false;  // the record before this one carried SNAPSHOT
    bool watching_ = false;     // any of the three before: one test a record
    bool gap_ = false;          // MAYBE_BAD_BOOK seen and not yet repaired
    bool counted_ = false;      // this record has grown the epoch already
    std::int64_t epoch_ = 0;
    std::uint64_t clears_ = 0;
    std::uint64_t disruptions_ = 0;
};

}  // namespace spymaster::book
