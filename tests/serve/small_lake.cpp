#include "small_lake.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "serve/arrow_streams.hpp"
#include "serve/replay_session.hpp"

namespace spymaster::serve {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

using Longs = std::vector<std::int64_t>;
using Ints = std::vector<std::int32_t>;
using Doubles = std::vector<double>;
using Flags = std::vector<std::uint8_t>;

// Fills one row by names; what the tests do not look at becomes 0.
class RowFiller {
  public:
    RowFiller(const lake::Contract& contract, lake::ColumnBatch& rows) : contract_(contract), rows_(rows) {
        for (std::size_t i = 0; i < contract.fields.size(); ++i) {
            if (contract.fields[i].type == lake::ColumnType::string) {
                rows_.at<lake::TextColumn>(i).dictionary = {"A", "B"};
            }
        }
    }

    template <class Value>  // Value(name) -> double or int64, for numbers and flags
    void add(char side, Value value) {
        for (std::size_t i = 0; i < contract_.fields.size(); ++i) {
            const auto& name = contract_.fields[i].name;
            switch (contract_.fields[i].type) {
                case lake::ColumnType::long_:
                    rows_.at<Longs>(i).push_back(value.integer(name));
                    break;
                case lake::ColumnType::int_:
                    rows_.at<Ints>(i).push_back(static_cast<std::int32_t>(value.integer(name)));
                    break;
                case lake::ColumnType::double_:
                    rows_.at<Doubles>(i).push_back(value.real(name));
                    break;
                case lake::ColumnType::boolean:
                    rows_.at<Flags>(i).push_back(static_cast<std::uint8_t>(value.integer(name)));
                    break;
                case lake::ColumnType::string:
                    rows_.at<lake::TextColumn>(i).codes.push_back(side == 'A' ? 0 : 1);
                    break;
            }
        }
    }

  private:
    const lake::Contract& contract_;
    lake::ColumnBatch& rows_;
};

struct SnapValues {
    const SmallSession& session;
    std::int64_t k;
    [[nodiscard]] std::int64_t integer(const std::string& name) const {
        if (name == "window_end_ts_ns") return end_of(session, k);
        if (name == "window_start_ts_ns") return end_of(session, k) - kSecond;
        if (name == "spot_ref_price_int") return spot_of(session, k);
        if (name == "book_valid") return valid_of(k) ? 1 : 0;
        if (name == "trade_count") return k;
        return 0;
    }
    [[nodiscard]] double real(const std::string& name) const {
        return name == "mid_price" ? mid_of(session, k) : 0.0;
    }
};

struct FlowValues {
    const SmallSession& session;
    std::int64_t k;
    char side;
    [[nodiscard]] std::int64_t integer(const std::string& name) const {
        if (name == "window_end_ts_ns") return end_of(session, k);
        if (name == "price_int") return spot_of(session, k) + (side == 'A' ? 250'000'000 : -250'000'000);
        return 0;
    }
    [[nodiscard]] double real(const std::string& name) const {
        const double sign = side == 'A' ? 1.0 : 2.0;
        if (name == "add_qty") return sign * static_cast<double>(k);
        if (name == "pull_qty_total") return sign * static_cast<double>(10 * k);
        if (name == "fill_qty") return sign * static_cast<double>(100 * k);
        return 0.0;
    }
};

struct GoldValues {
    const SmallSession& session;
    std::int64_t k;
    char side;
    int rel_ticks;
    [[nodiscard]] std::int64_t integer(const std::string& name) const {
        if (name == "window_end_ts_ns") return end_of(session, k);
        if (name == "spot_ref_price_int") return spot_of(session, k);
        if (name == "rel_ticks") return rel_ticks;
        return 0;
    }
    [[nodiscard]] double real(const std::string& name) const {
        const auto* at = std::find(kVelocityFields.begin(), kVelocityFields.end(), name);
        if (at == kVelocityFields.end()) return -1.0;
        return field_of(session, k, side, rel_ticks, static_cast<std::size_t>(at - kVelocityFields.begin()));
    }
};

template <class Fill>  // Fill(filler, k)
void write_partition(const lake::Lake& lake, std::string_view dataset, const SmallSession& session,
                     Fill fill) {
    const auto key = partition(dataset, {session.symbol, session.date});
    const auto spec = lake.dataset(dataset);
    ASSERT_TRUE(spec.ok());
    auto writer = lake.write(key);
    ASSERT_TRUE(writer.ok()) << writer.error().message;
    lake::ColumnBatch rows((*spec)->contract);
    for (std::int64_t k = 0; k < session.windows; ++k) {
        RowFiller filler((*spec)->contract, rows);
        fill(filler, k);
        if (rows.row_count() > 40'000 || k + 1 == session.windows) {
            const auto appended = (*writer)->append(rows);
            ASSERT_TRUE(appended.ok()) << appended.error().message;
        }
    }
    lake::Lineage lineage;
    lineage.stage = "test";
    lineage.properties = {{"session", "09:30-09:40"},
                          {"tick_int", "250000000"},
                          {"source", "simulated"},
                          {"half_width_ticks", std::to_string(session.half_width)}};
    const auto committed = (*writer)->commit(lineage);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
}

}  // namespace

std::int64_t end_of(const SmallSession& session, std::int64_t k) {
    return session.first_end + k * kSecond;
}

std::int64_t spot_of(const SmallSession& session, std::int64_t k) {
    if (k == session.empty_window) return 0;
    return 4'810'000'000'000 + (session.seed + k) * 250'000'000;
}

double mid_of(const SmallSession& session, std::int64_t k) {
    return static_cast<double>(session.seed) + 4810.125 + 0.25 * static_cast<double>(k);
}

bool valid_of(std::int64_t k) {
    return k % 3 != 1;
}

double field_of(const SmallSession& session, std::int64_t k, char side, int rel_ticks, std::size_t field) {
    return static_cast<double>(session.seed + k * 1000 + rel_ticks) + (side == 'A' ? 0.0 : 0.5) +
           static_cast<double>(field) / 64.0;
}

TemporaryLake::TemporaryLake() {
    std::string name = (std::filesystem::temp_directory_path() / "spymaster_serve_XXXXXX").string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
}

TemporaryLake::~TemporaryLake() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
}

lake::Lake TemporaryLake::open() const {
    auto lake = lake::Lake::open(folder_, SPYMASTER_SOURCE_DIR "/contracts");
    EXPECT_TRUE(lake.ok()) << lake.error().message;
    return std::move(lake).value();
}

void TemporaryLake::write_snapshots_only(const SmallSession& session) const {
    write_partition(open(), kSnapshotDataset, session,
                    [&](RowFiller& filler, std::int64_t k) { filler.add('A', SnapValues{session, k}); });
}

void TemporaryLake::write(const SmallSession& session) const {
    write_snapshots_only(session);
    const auto lake = open();
    write_partition(lake, kFlowDataset, session, [&](RowFiller& filler, std::int64_t k) {
        for (const char side : {'B', 'A'}) filler.add(side, FlowValues{session, k, side});
    });
    write_partition(lake, kSurfaceDataset, session, [&](RowFiller& filler, std::int64_t k) {
        if (k == session.empty_window) return;
        for (const char side : {'A', 'B'}) {
            for (int x = -session.half_width; x <= session.half_width; ++x) {
                filler.add(side, GoldValues{session, k, side, x});
            }
        }
    });
}

}  // namespace spymaster::serve
