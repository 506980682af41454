// Fills waiting for the Cancel or Modify that carries them out of the book (spec 4.2.2).
//
// A Fill and its carrier have the same event time, so the list holds the fills of one event time only: a Fill
// of another time empties it. It is short (a sweep fills a few orders), so it is searched from its end.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace spymaster::book {

class PendingFills {
  public:
    // Adds to what order `id` has been filled at time `t`.
    void add(std::uint64_t id, std::uint32_t qty, std::int64_t t) {
        if (t != t_) fills_.clear();
        t_ = t;
        if (Fill* known = find(id)) {
            known->qty += qty;
        } else {
            fills_.push_back({id, qty});
        }
    }

    // What order `id` has been filled at time `t`; from now on, nothing.
    std::uint64_t take(std::uint64_t id, std::int64_t t) {
        if (fills_.empty()) [[likely]]
            return 0;
        return take_known(id, t);
    }

    void clear() { fills_.clear(); }

  private:
    struct Fill {
        std::uint64_t id;
        std::uint64_t qty;
    };

    Fill* find(std::uint64_t id) {
        for (auto fill = fills_.rbegin(); fill != fills_.rend(); ++fill) {
            if (fill->id == id) return &*fill;
        }
        return nullptr;
    }

    std::uint64_t take_known(std::uint64_t id, std::int64_t t) {
        Fill* fill = find(id);
        if (fill == nullptr) return 0;
        const std::uint64_t qty = t == t_ ? fill->qty : 0;
        *fill = fills_.back();
        fills_.pop_back();
        return qty;
    }

    std::int64_t t_ = 0;
    std::vector<Fill> fills_;
};

}  // namespace spymaster::book
