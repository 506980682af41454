// Which place an instrument has: its id to a number, by open addressing. Ids are few and known beforehand, records are
// many.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace spymaster::windows {

class InstrumentIndex {
  public:
    static constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();

    [[nodiscard]] std::uint32_t find(std::uint32_t instrument_id) const {
        for (std::size_t i = home(instrument_id);; i = (i + 1) & (slots_.size() - 1)) {
            const Slot& slot = slots_[i];
            if (slot.place == kNone || slot.instrument_id == instrument_id) return slot.place;
        }
    }

    // REQUIRES: find(instrument_id) == kNone; place != kNone
    void add(std::uint32_t instrument_id, std::uint32_t place) {
        if (2 * ++size_ > slots_.size()) {
            const std::vector<Slot> old = std::exchange(slots_, std::vector<Slot>(2 * slots_.size()));
            shift_ = 64 - std::countr_zero(slots_.size());
            for (const Slot& slot : old) {
                if (slot.place != kNone) put(slot);
            }
        }
        put({instrument_id, place});
    }

    [[nodiscard]] std::size_t memory_bytes() const { return slots_.capacity() * sizeof(Slot); }

  private:
    struct Slot {
        std::uint32_t instrument_id = 0;
        std::uint32_t place = kNone;  // kNone: the slot is empty
    };
    static constexpr std::size_t kFirstSlots = 64;

    [[nodiscard]] std::size_t home(std::uint32_t instrument_id) const {
        return (instrument_id * 0x9E3779B97F4A7C15U) >> shift_;
    }
    void put(const Slot& slot) {
        std::size_t i = home(slot.instrument_id);
        while (slots_[i].place != kNone) i = (i + 1) & (slots_.size() - 1);
        slots_[i] = slot;
    }

    std::vector<Slot> slots_ = std::vector<Slot>(kFirstSlots);  // a power of two, at most half full
    std::size_t size_ = 0;
    int shift_ = 64 - std::countr_zero(kFirstSlots);
};

}  // namespace spymaster::windows
