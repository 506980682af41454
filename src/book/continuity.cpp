#include "book/continuity.hpp"

namespace spymaster::book {

void Continuity::before(std::uint8_t flags, char action) {
    const bool snapshot = (flags & dbn::flag::snapshot) != 0;
    counted_ = false;
    if (loading_ && !snapshot) complete();
    if (action == 'R') {
        ++clears_;
        ++disruptions_;
        new_epoch();
        valid_ = false;
        loading_ = snapshot;
        clearing_ = !snapshot;
    } else if (snapshot) {
        ++disruptions_;
        if (!in_snapshot_) new_epoch();
        valid_ = false;
        loading_ = true;
    }
    in_snapshot_ = snapshot;
}

void Continuity::after(std::uint8_t flags) {
    if ((flags & dbn::flag::last) != 0 && (loading_ || clearing_)) complete();
    if ((flags & dbn::flag::maybe_bad_book) != 0) {
        if (!gap_) new_epoch();
        gap_ = true;
        valid_ = false;
    }
    watching_ = loading_ || clearing_ || in_snapshot_;
}

void Continuity::complete() {
    loading_ = false;
    clearing_ = false;
    gap_ = false;
    valid_ = true;
}

void Continuity::new_epoch() {
    if (!counted_) ++epoch_;
    counted_ = true;
}

}  // namespace spymaster::book
