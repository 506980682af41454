// What a live gateway may send: the lines that open a session, then metadata and records, cut anywhere. Stops the program if
// the records depend on the cuts, if what a marker or mapping is made of is no whole record, or if a replay of what was
// received is not known again.
#include <algorithm>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "dbn/record_walk.hpp"
#include "feed/live/dbn_stream.hpp"
#include "feed/live/market_memory.hpp"
#include "feed/live/resumption.hpp"
#include "feed/live/session_opening.hpp"

namespace {

using namespace spymaster;
using namespace spymaster::feed::live;

constexpr std::string_view kKey = "fuzz-secret-key";

class FuzzTransport : public Transport {
  public:
    explicit FuzzTransport(std::span<const std::byte> bytes) : bytes_(bytes) {}
    Result<Read> read(std::span<std::byte> into, std::chrono::milliseconds /*timeout*/) override {
        const std::size_t count = std::min(into.size(), bytes_.size());
        if (count == 0) return Read{Outcome::closed, 0};
        std::copy_n(bytes_.begin(), count, into.begin());
        bytes_ = bytes_.subspan(count);
        return Read{Outcome::bytes, count};
    }
    Result<void> write(std::string_view text, std::chrono::milliseconds /*timeout*/) override {
        SPY_ASSERT(text.find(kKey) == std::string_view::npos && text.ends_with('\n'));
        return {};
    }
    [[nodiscard]] std::string peer() const override { return "fuzz"; }

  private:
    std::span<const std::byte> bytes_;
};

void open(std::span<const std::byte> bytes) {
    // Unless the gateway knows it already, the key is in nothing that is sent or told.
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (text.find(kKey) != std::string_view::npos) return;
    FuzzTransport transport(bytes);
    const auto session = open_session(transport, {.dataset = "GLBX.MDP3",
                                                  .key = std::string(kKey),
                                                  .subscriptions = {{.symbols = {"ES.FUT"}, .start = {}}}});
    if (!session) SPY_ASSERT(session.error().message.find(kKey) == std::string::npos);
}

std::vector<std::byte> records_of(std::span<const std::byte> bytes, std::size_t step) {
    DbnStream stream;
    std::vector<std::byte> records;
    while (!bytes.empty()) {
        const auto part = bytes.first(std::min(step, bytes.size()));
        bytes = bytes.subspan(part.size());
        const auto fed = stream.feed(part, [&](const std::byte* record) {
            records.insert(records.end(), record, record + dbn::load<dbn::RecordHeader>(record).size());
            return true;
        });
        if (!fed) break;
    }
    return records;
}

void check_whole(const std::vector<std::byte>& records) {
    const dbn::RecordWalk walk = dbn::walk_records(records.data(), records.data() + records.size());
    SPY_ASSERT(walk.sound && walk.bytes == records.size());
}

void remember(const std::vector<std::byte>& records) {
    MarketMemory memory;
    Resumption received(std::chrono::hours(24 * 365 * 200));
    dbn::for_each_record(records, [&](const std::byte* record) {
        memory.note(record);
        received.note(record);
    });
    check_whole(memory.gap_markers());
    check_whole(memory.mappings());
    std::set<std::uint8_t> all;
    for (int type = 0; type < 256; ++type) all.insert(static_cast<std::uint8_t>(type));
    received.begin_session(all, true);
    // The same again: nothing is fresh that has a stamp, so noting it once more forgets nothing.
    std::uint64_t duplicates = 0;
    std::uint64_t late = 0;
    dbn::for_each_record(records, [&](const std::byte* record) {
        const auto verdict = received.judge(record);
        duplicates += verdict == Resumption::Verdict::duplicate ? 1 : 0;
        late += verdict == Resumption::Verdict::late_start ? 1 : 0;
    });
    SPY_ASSERT(late == 0 && (received.newest() == 0 || duplicates != 0));
}

}  // namespace

// The first byte says how the rest is cut.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto bytes = std::as_bytes(std::span(data + 1, size - 1));
    open(bytes);
    const auto records = records_of(bytes, bytes.size());
    SPY_ASSERT(records == records_of(bytes, std::size_t{1} + data[0]));
    check_whole(records);
    remember(records);
    return 0;
}
