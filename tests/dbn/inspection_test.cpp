#include "dbn/inspection.hpp"

#include <gtest/gtest.h>

#include "dbn/encoder.hpp"
#include "vectors.hpp"

namespace spymaster::dbn {
namespace {

using namespace test;

Inspection inspect_bytes(const Bytes& bytes) {
    auto decoder = Decoder::from_memory(bytes, "memory", {.own_thread = false});
    EXPECT_TRUE(decoder);
    return inspect(*decoder);
}

// A file of records put together by hand.
class FileBuilder {
  public:
    FileBuilder() {
        Metadata metadata;
        metadata.stype_in = SymbolType::raw_symbol;
        metadata.mappings = {{"ESH4", {{{1970, 1, 1}, {1970, 1, 2}, "7"}}}};
        bytes_ = *encode_metadata(metadata);
    }
    template <class Change>
    FileBuilder& mbo(const Change& change) {
        MboMsg mbo{};
        mbo.hd = {kRecordLength<MboMsg>, rtype::mbo, 1, 7, 50};
        mbo.price = 1;
        mbo.size = 1;
        mbo.action = 'A';
        mbo.side = 'B';
        mbo.ts_recv = 100;
        change(mbo);
        const auto record = std::as_bytes(std::span(&mbo, 1));
        bytes_.insert(bytes_.end(), record.begin(), record.end());
        return *this;
    }
    FileBuilder& plain() {
        return mbo([](MboMsg&) {});
    }
    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  private:
    Bytes bytes_;
};

TEST(Inspection, CleanFileHasNoOddities) {
    const Inspection found = inspect_bytes(FileBuilder().plain().plain().bytes());
    EXPECT_EQ(found.records, 2U);
    EXPECT_EQ(found.actions['A'], 2U);
    EXPECT_EQ(found.sides['B'], 2U);
    EXPECT_EQ(found.ts_event.first, 50U);
    EXPECT_EQ(found.ts_recv.last, 100U);
    EXPECT_EQ(found.kinds.at({rtype::mbo, 56}), 2U);
    for (const Oddity& oddity :
         {found.ts_recv_backwards, found.ts_recv_undefined, found.price_undefined, found.size_zero,
          found.unknown_type, found.unknown_layout, found.unknown_action, found.unknown_side,
          found.unmapped_instrument, found.maybe_bad_book}) {
        EXPECT_EQ(oddity.count, 0U);
    }
    EXPECT_FALSE(found.error);
}

TEST(Inspection, EveryValueOfTheFlagsIsCountedByActionWithItsFirstRecord) {
    constexpr std::uint8_t kBoth = flag::snapshot | flag::last;
    FileBuilder file;
    file.plain();
    file.mbo([](MboMsg& m) { m.flags = flag::last, m.action = 'C'; });
    file.mbo([](MboMsg& m) { m.flags = kBoth; });
    file.mbo([](MboMsg& m) { m.flags = flag::last, m.action = 'M'; });
    file.mbo([](MboMsg& m) { m.flags = flag::last, m.action = 'X'; });  // counted, under no action
    const Inspection found = inspect_bytes(file.bytes());
    const auto by_action = [&found](std::uint8_t value, char action) {
        return found.flags[value].actions[kActions.find(action)];
    };
    EXPECT_EQ(found.flags[0].records.count, 1U);
    EXPECT_EQ(found.flags[flag::last].records.count, 3U);
    EXPECT_EQ(found.flags[flag::last].records.first_record, 2U);
    EXPECT_EQ(by_action(flag::last, 'C'), 1U);
    EXPECT_EQ(by_action(flag::last, 'M'), 1U);
    EXPECT_EQ(by_action(flag::last, 'A'), 0U);
    EXPECT_EQ(by_action(kBoth, 'A'), 1U);
    EXPECT_EQ(first_record_with_flag(found, 7), 2U);
    EXPECT_EQ(first_record_with_flag(found, 5), 3U);
    EXPECT_EQ(first_record_with_flag(found, 6), 0U);
}

TEST(Inspection, EveryOddityIsCountedOnceWithItsRecord) {
    FileBuilder file;
    file.plain();
    file.mbo([](MboMsg& m) { m.ts_recv = 90; });
    file.mbo([](MboMsg& m) { m.ts_recv = kUndefTimestamp; });
    file.mbo([](MboMsg& m) { m.price = kUndefPrice; });
    file.mbo([](MboMsg& m) { m.action = 'M', m.price = kUndefPrice; });
    file.mbo([](MboMsg& m) { m.flags = flag::tob, m.price = kUndefPrice; });  // an empty side: not odd
    file.mbo([](MboMsg& m) { m.size = 0; });
    file.mbo([](MboMsg& m) { m.hd.rtype = 0xEE; });
    file.mbo([](MboMsg& m) { m.action = 'X'; });
    file.mbo([](MboMsg& m) { m.side = 'Z'; });
    file.mbo([](MboMsg& m) { m.hd.instrument_id = 8; });
    file.mbo([](MboMsg& m) { m.flags = flag::maybe_bad_book | flag::last; });
    const Inspection found = inspect_bytes(file.bytes());
    const auto is = [](const Oddity& oddity, std::uint64_t count, std::uint64_t first) {
        return oddity.count == count && oddity.first_record == first;
    };
    EXPECT_TRUE(is(found.ts_recv_backwards, 1, 2));
    EXPECT_TRUE(is(found.ts_recv_undefined, 1, 3));
    EXPECT_TRUE(is(found.price_undefined, 2, 4));
    EXPECT_TRUE(is(found.size_zero, 1, 7));
    EXPECT_TRUE(is(found.unknown_type, 1, 8));
    EXPECT_TRUE(is(found.unknown_action, 1, 9));
    EXPECT_TRUE(is(found.unknown_side, 1, 10));
    EXPECT_TRUE(is(found.unmapped_instrument, 1, 11));
    EXPECT_TRUE(is(found.maybe_bad_book, 1, 12));
    EXPECT_EQ(found.flag_bits[7], 1U);
    EXPECT_EQ(found.flag_bits[2], 1U);
    EXPECT_EQ(found.flag_bits[6], 1U);
}

TEST(Inspection, CutFileIsCountedUpToTheCut) {
    Bytes bytes = FileBuilder().plain().plain().plain().bytes();
    bytes.erase(bytes.end() - 10, bytes.end());
    const Inspection found = inspect_bytes(bytes);
    EXPECT_EQ(found.records, 2U);
    ASSERT_TRUE(found.error);
    EXPECT_EQ(found.error->code, ErrorCode::truncated);
}

TEST(Inspection, RealHour) {
    SPY_NEEDS_DATA();
    auto decoder = Decoder::open(real_files() / "esh4-glbx-mdp3-20231225.mbo.dbn.zst");
    ASSERT_TRUE(decoder);
    const Inspection found = inspect(*decoder);
    EXPECT_EQ(found.records, 68'792U);
    EXPECT_EQ(found.bytes, 206U + 68'792U * 56) << "206 bytes of metadata";
    EXPECT_EQ(found.actions['M'], 12'233U);
    EXPECT_EQ(found.flag_bits[7], 47'022U);
    EXPECT_EQ(found.instruments.size(), 1U);
    EXPECT_EQ(market::format_utc(static_cast<std::int64_t>(found.ts_recv.first)), "2023-12-25T00:00:00Z");
    EXPECT_EQ(found.ts_recv_backwards.count, 0U);
    EXPECT_EQ(found.unmapped_instrument.count, 0U);
    EXPECT_FALSE(found.error);
}

TEST(Inspection, EveryOfficialRecordHasAKnownLayout) {
    SPY_NEEDS_DATA();
    for (const auto& file : files_under(data_folder() / "dbn_vectors")) {
        auto decoder = Decoder::open(file);
        ASSERT_TRUE(decoder);
        const Inspection found = inspect(*decoder);
        EXPECT_EQ(found.unknown_type.count + found.unknown_layout.count, 0U) << file;
        EXPECT_EQ(found.unknown_action.count + found.unknown_side.count, 0U) << file;
        EXPECT_FALSE(found.error);
    }
}

}  // namespace
}  // namespace spymaster::dbn
