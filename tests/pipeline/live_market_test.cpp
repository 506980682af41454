// A live market against a batch run of its recording: the same bytes in the lake, however the records are cut into blocks, and
// whatever seconds had to be closed by the clock.
#include <gmock/gmock.h>

#include <cstring>
#include <random>

#include "dbn/decoder.hpp"
#include "dbn/encoder.hpp"
#include "dbn/reference_records.hpp"
#include "feed/live/markers.hpp"
#include "feed/live/recording_path.hpp"
#include "pipeline/live/live_market.hpp"
#include "simulated_products.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

constexpr std::string_view kDataset = "GLBX.MDP3";
constexpr std::int64_t kSecond = 1'000'000'000;

struct Timed {
    std::int64_t ts_ns;
    std::vector<std::byte> bytes;
};

template <class Record>
std::vector<std::byte> bytes_of(const Record& record) {
    const auto bytes = std::as_bytes(std::span(&record, 1));
    return {bytes.begin(), bytes.end()};
}

std::int64_t time_of(const std::byte* record) {
    const auto header = dbn::load<dbn::RecordHeader>(record);
    const bool has_recv = header.rtype == dbn::rtype::mbo;
    return static_cast<std::int64_t>(has_recv ? dbn::load<dbn::MboMsg>(record).ts_recv : header.ts_event);
}

// The records of a raw file, the names of its instruments before them.
void add_file(const fs::path& path, std::vector<Timed>& names, std::vector<Timed>& records) {
    auto decoder = std::move(dbn::Decoder::open(path)).value();
    for (const dbn::SymbolMapping& mapping : decoder.metadata()->mappings) {
        dbn::SymbolMappingMsg message{};
        message.hd.length = dbn::kRecordLength<dbn::SymbolMappingMsg>;
        message.hd.rtype = dbn::rtype::symbol_mapping;
        message.hd.instrument_id = static_cast<std::uint32_t>(std::stoul(mapping.intervals.front().symbol));
        std::strncpy(message.stype_out_symbol.data(), mapping.raw_symbol.c_str(),
                     message.stype_out_symbol.size() - 1);
        names.push_back({0, bytes_of(message)});
    }
    for (;;) {
        const auto block = decoder.next_block();
        ASSERT_TRUE(block.ok());
        if (block->empty()) return;
        dbn::for_each_record(*block, [&](const std::byte* record) {
            const auto size = dbn::load<dbn::RecordHeader>(record).size();
            records.push_back({time_of(record), {record, record + size}});
        });
    }
}

// The simulated minute of ES and its options as one live session would bring it: definitions, and that they are complete, then
// everything else in the order of time.
const std::vector<std::vector<std::byte>>& session_records() {
    static const std::vector<std::vector<std::byte>> all = [] {
        std::vector<Timed> names;
        std::vector<Timed> definitions;
        std::vector<Timed> others;
        const auto& future = market::product_of(ProductType::future_mbo);
        const auto& option = market::product_of(ProductType::future_option_mbo);
        for (const fs::path& file : simulated_day().of(option, feed::RawKind::definitions))
            add_file(file, names, definitions);
        for (const fs::path& file : simulated_day().of(option, feed::RawKind::statistics))
            add_file(file, names, others);
        for (const fs::path& file : simulated_day().of(future, feed::RawKind::records))
            add_file(file, names, others);
        for (const fs::path& file : simulated_day().of(option, feed::RawKind::records))
            add_file(file, names, others);
        std::ranges::stable_sort(others, {}, &Timed::ts_ns);
        dbn::SystemMsg completed{};
        completed.hd.length = dbn::kRecordLength<dbn::SystemMsg>;
        completed.hd.rtype = dbn::rtype::system;
        completed.code = 3;
        std::strcpy(completed.msg.data(), "Replay of definition completed");
        std::vector<std::vector<std::byte>> records;
        for (auto* part : {&names, &definitions})
            for (Timed& timed : *part) records.push_back(std::move(timed.bytes));
        records.push_back(bytes_of(completed));
        for (Timed& timed : others) records.push_back(std::move(timed.bytes));
        return records;
    }();
    return all;
}

// Keeps the order of what is told.
struct ToldSeconds final : LiveSink {
    Result<void> on_contract(const LiveContract& contract) override {
        contracts.push_back(contract.symbol);
        return {};
    }
    Result<void> on_second(const LiveContract&, const LiveSecond& second) override {
        ends.push_back(second.window_end_ts_ns);
        return {};
    }
    void on_end(const LiveContract&) override {}
    void on_feed(const FeedState&) override {}

    std::vector<std::string> contracts;
    std::vector<std::int64_t> ends;
};

class LiveLake {
  public:
    explicit LiveLake(bool with_options = true) {
        LiveMarketOptions options;
        options.outright = job_of(ProductType::future_mbo);
        if (with_options) options.options = job_of(ProductType::future_option_mbo);
        options.awaits_definitions = true;
        market_ = LiveMarket::open(lake_, options, told);
        metadata_.dataset = kDataset;
        const auto begun =
            market_->begin(kDataset, metadata_, recording_path(folder_.path()), kSimulatedDate);
        EXPECT_TRUE(begun.ok());
    }

    static Job job_of(ProductType type) {
        Job job = product_job(type, Layer::all);
        job.symbol = "ES";
        job.raw_files = job.definition_files = job.statistics_files = {};
        return job;
    }
    static fs::path recording_path(const fs::path& root) {
        return feed::live::recording_folder(root, kDataset) /
               feed::live::recording_name(kDataset, kSimulatedDate);
    }

    void add(std::span<const std::byte> block) {
        recorded_.insert(recorded_.end(), block.begin(), block.end());
        const auto added = market_->add(kDataset, block, {});
        ASSERT_TRUE(added.ok()) << added.error().message;
    }
    // The feed's clock says so; how many markers that gave.
    std::size_t clock(std::int64_t now_ns) {
        const auto markers = market_->close_overdue(kDataset, now_ns);
        if (!markers.empty()) add(markers);
        return markers.size() / sizeof(dbn::MboMsg);
    }
    void write_recording(const fs::path& root) const {
        const fs::path path = recording_path(root);
        fs::create_directories(path.parent_path());
        auto encoder = std::move(dbn::Encoder::create(path, metadata_, {.zstd = false})).value();
        ASSERT_TRUE(encoder.write(recorded_).ok());
        ASSERT_TRUE(encoder.finish().ok());
    }
    void commit() {
        ASSERT_TRUE(market_->is_over());
        write_recording(folder_.path());
        const auto report = market_->commit();
        ASSERT_TRUE(report.ok()) << report.error().message;
    }
    // A batch run of the recording, in a lake of its own, gives these bytes.
    void expect_same_as_batch(bool with_options = true) const {
        const TemporaryFolder folder;
        const lake::Lake batch = open_lake(folder.path());
        write_recording(folder.path());
        for (const auto type : {ProductType::future_mbo, ProductType::future_option_mbo}) {
            if (type == ProductType::future_option_mbo && !with_options) continue;
            Job job = job_of(type);
            job.symbol = contract();
            const auto report = run(batch, job);
            ASSERT_TRUE(report.ok()) << report.error().message;
            expect_same_bytes(lake_, batch, *job.product, contract(), kSimulatedDate);
        }
    }
    static std::string contract() { return feed::front_contract("ES", kSimulatedDate); }
    [[nodiscard]] LiveMarket& market() { return *market_; }
    [[nodiscard]] const lake::Lake& lake() const { return lake_; }

    ToldSeconds told;

  private:
    TemporaryFolder folder_;
    lake::Lake lake_ = open_lake(folder_.path());
    std::unique_ptr<LiveMarket> market_;
    dbn::Metadata metadata_;
    std::vector<std::byte> recorded_;
};

std::int64_t session_end_ns() {
    return market::on_date(*market::parse_session(kSimulatedSession), kSimulatedDate)->end_ns;
}

void expect_every_second(const std::vector<std::int64_t>& ends) {
    ASSERT_EQ(ends.size(), 61U);
    for (std::size_t i = 0; i < ends.size(); ++i)
        EXPECT_EQ(ends[i], session_end_ns() - static_cast<std::int64_t>(60 - i) * kSecond);
}

// Blocks of up to so many records, and the clock asked after some of them; records of [first, last) are lost.
void play(LiveLake& live, std::mt19937& random, std::size_t most, std::int64_t from_ns = 0,
          std::int64_t to_ns = 0) {
    std::vector<std::byte> block;
    std::int64_t newest_ns = 0;
    std::size_t left = 1;
    for (const auto& record : session_records()) {
        if (dbn::load<dbn::RecordHeader>(record.data()).rtype == dbn::rtype::mbo) {
            const std::int64_t ts_ns = time_of(record.data());
            if (from_ns <= ts_ns && ts_ns < to_ns) continue;
            newest_ns = std::max(newest_ns, ts_ns);
        }
        block.insert(block.end(), record.begin(), record.end());
        if (--left > 0) continue;
        left = 1 + random() % most;
        live.add(block);
        block.clear();
        // The feed's clock runs a little, or far, ahead of its newest record.
        if (random() % 4 == 0) live.clock(newest_ns + static_cast<std::int64_t>(random() % 700) * 1'000'000);
    }
    live.add(block);
    while (!live.market().is_over()) ASSERT_GT(live.clock(session_end_ns() + kSecond), 0U);
}

class AnyBlocks : public testing::TestWithParam<std::size_t> {};
INSTANTIATE_TEST_SUITE_P(OfUpTo, AnyBlocks, testing::Values(1, 17, 400, 100'000));

TEST_P(AnyBlocks, GiveTheBytesOfABatchRun) {
    std::mt19937 random(static_cast<unsigned>(GetParam()));
    LiveLake live;
    play(live, random, GetParam());
    EXPECT_EQ(live.told.contracts, std::vector{LiveLake::contract()});
    expect_every_second(live.told.ends);
    live.commit();
    live.expect_same_as_batch();
}

TEST(LiveMarketTest, IdleSecondsAreClosedByTheClockAndTheRecordingSaysSo) {
    std::mt19937 random(7);
    LiveLake live;
    const std::int64_t silence = session_end_ns() - 40 * kSecond;
    play(live, random, 50, silence, silence + 12 * kSecond);
    expect_every_second(live.told.ends);
    live.commit();
    live.expect_same_as_batch();
}

TEST(LiveMarketTest, WithoutOptions) {
    std::mt19937 random(3);
    LiveLake live(false);
    play(live, random, 200);
    expect_every_second(live.told.ends);
    live.commit();
    live.expect_same_as_batch(false);
}

TEST(LiveMarketTest, NothingIsMeasuredBeforeTheDefinitionsAreThere) {
    LiveLake live;
    for (const auto& record : session_records()) {
        const auto type = dbn::load<dbn::RecordHeader>(record.data()).rtype;
        if (type == dbn::rtype::mbo || type == dbn::rtype::symbol_mapping) live.add(record);
    }
    EXPECT_TRUE(live.told.contracts.empty());
    EXPECT_EQ(live.clock(session_end_ns() + kSecond), 0U);
    ASSERT_TRUE(live.market().definitions_complete().ok());
    EXPECT_FALSE(live.told.contracts.empty());
    EXPECT_GT(live.told.ends.size(), 50U);
}

TEST(LiveMarketTest, ASecondIsNotClosedBeforeItsTime) {
    LiveLake live(false);
    const std::int64_t end_ns = session_end_ns() - 30 * kSecond;
    for (const auto& record : session_records()) {
        const bool is_order = dbn::load<dbn::RecordHeader>(record.data()).rtype == dbn::rtype::mbo;
        if (!is_order || time_of(record.data()) < end_ns) live.add(record);
    }
    const std::size_t told = live.told.ends.size();
    EXPECT_EQ(live.clock(end_ns + 249'000'000), 0U);
    EXPECT_EQ(live.told.ends.size(), told);
    EXPECT_EQ(live.clock(end_ns + 250'000'000), 1U);
    EXPECT_EQ(live.told.ends.size(), told + 1);
    EXPECT_EQ(live.clock(end_ns + 300'000'000), 0U);
}

TEST(LiveMarketTest, ADayThatIsInTheLakeAlreadyIsRefused) {
    std::mt19937 random(5);
    LiveLake live(false);
    play(live, random, 1000);
    live.commit();
    LiveMarketOptions options;
    options.outright = LiveLake::job_of(ProductType::future_mbo);
    ToldSeconds told;
    const lake::Lake& same = live.lake();
    const auto again = LiveMarket::open(same, options, told);
    dbn::Metadata metadata;
    metadata.dataset = kDataset;
    ASSERT_TRUE(again->begin(kDataset, metadata, "again.dbn", kSimulatedDate).ok());
    Result<void> added;
    for (const auto& record : session_records()) {
        added = again->add(kDataset, record, {});
        if (!added.ok()) break;
    }
    ASSERT_FALSE(added.ok());
    EXPECT_EQ(added.error().code, ErrorCode::conflict);
    EXPECT_THAT(added.error().message, testing::HasSubstr("already"));
}

}  // namespace
}  // namespace spymaster::pipeline
