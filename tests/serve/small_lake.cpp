#include "small_lake.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>

#include "pipeline/calibration/calibration_store.hpp"
#include "serve/arrow_streams.hpp"

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
                using Letters = std::vector<std::string>;
                rows_.at<lake::TextColumn>(i).dictionary =
                    contract.fields[i].name == "right" ? Letters{"C", "P"} : Letters{"A", "B"};
            }
        }
    }

    template <class Value>  // Value(name) -> double or int64, for numbers and flags
    void add(char side, Value value, char right = 'C') {
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
                    rows_.at<lake::TextColumn>(i).codes.push_back(
                        (name == "right" ? right == 'C' : side == 'A') ? 0 : 1);
                    break;
            }
        }
    }

  private:
    const lake::Contract& contract_;
    lake::ColumnBatch& rows_;
};

const market::Grid& grid_of(const SmallSession& session) {
    return market::product_of(session.product).grid;
}

struct SnapValues {
    const SmallSession& session;
    std::int64_t k;
    [[nodiscard]] std::int64_t integer(const std::string& name) const {
        if (name == "window_end_ts_ns") return end_of(session, k);
        if (name == "window_start_ts_ns") return end_of(session, k) - kSecond;
        if (name == "spot_ref_price_int") return spot_of(session, k);
        if (name == "book_valid") return valid_of(k) ? 1 : 0;
        if (name == "window_valid") return window_valid_of(k) ? 1 : 0;
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
        if (name == "price_int")
            return spot_of(session, k) + (side == 'A' ? 1 : -1) * grid_of(session).tick.nanos;
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
        if (name == "u_near" || name == "u_p_slow") return cell_of(k, side, rel_ticks, name);
        if (at == kVelocityFields.end()) return -1.0;
        return field_of(session, k, side, rel_ticks, static_cast<std::size_t>(at - kVelocityFields.begin()));
    }
};

struct OptionValues {
    const SmallSession& session;
    const SmallChain& chain;
    std::int64_t k;
    char right;
    char side;
    int rel_ticks;
    [[nodiscard]] std::int64_t integer(const std::string& name) const {
        if (name == "window_end_ts_ns") return end_of(session, k);
        if (name == "spot_ref_price_int") return spot_of(session, k);
        return name == "rel_ticks" ? rel_ticks : 0;
    }
    [[nodiscard]] double real(const std::string& name) const {
        if (name == "Omega_opt") return obstacle_of(chain, k, right, side, rel_ticks);
        return name == "liquidity_velocity" ? option_velocity_of(chain, k, right, side, rel_ticks) : -1.0;
    }
};

lake::Lineage lineage_of(const SmallSession& session, const market::Grid& grid, int half_width, int step) {
    lake::Lineage lineage;
    lineage.stage = "test";
    lineage.properties = {{"session", "09:30-09:40"},
                          {"tick_int", std::to_string(grid.tick.nanos)},
                          {"source", "simulated"},
                          {"half_width_ticks", std::to_string(half_width)}};
    if (session.old_manifest) return lineage;
    lineage.properties["session_start_ns"] = std::to_string(session.first_end - kSecond);
    lineage.properties["session_end_ns"] = std::to_string(end_of(session, session.windows - 1));
    lineage.properties["window_ns"] = std::to_string(grid.window_ns);
    lineage.properties["rest_ns"] = std::to_string(grid.rest_ns);
    lineage.properties["step_ticks"] = std::to_string(step);
    lineage.properties["price_increment_int"] = std::to_string(grid.price_increment.nanos);
    return lineage;
}

template <class Fill>  // Fill(filler, k)
void write_partition(const lake::Lake& lake, const lake::PartitionKey& key, const SmallSession& session,
                     const lake::Lineage& lineage, Fill fill) {
    const auto spec = lake.dataset(key.dataset);
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
    const auto committed = (*writer)->commit(lineage);
    ASSERT_TRUE(committed.ok()) << committed.error().message;
}

}  // namespace

std::int64_t end_of(const SmallSession& session, std::int64_t k) {
    return session.first_end + k * kSecond;
}

std::int64_t spot_of(const SmallSession& session, std::int64_t k) {
    if (k == session.empty_window) return 0;
    const bool future = session.product == market::ProductType::future_mbo;
    return (future ? 4'810'000'000'000 : 690'120'000'000) +
           (session.seed + k) * grid_of(session).price_increment.nanos;
}

double mid_of(const SmallSession& session, std::int64_t k) {
    return static_cast<double>(session.seed) + 4810.125 + 0.25 * static_cast<double>(k);
}

bool valid_of(std::int64_t k) {
    return k % 3 != 1;
}

bool window_valid_of(std::int64_t k) {
    return valid_of(k) && k % 7 != 5;
}

double field_of(const SmallSession& session, std::int64_t k, char side, int rel_ticks, std::size_t field) {
    return static_cast<double>(session.seed + k * 1000 + rel_ticks) + (side == 'A' ? 0.0 : 0.5) +
           static_cast<double>(field) / 64.0;
}

double cell_of(std::int64_t k, char side, int rel_ticks, std::string_view name) {
    const auto place = (rel_ticks * (name == "u_near" ? 7 : 5) + 3 * k + (side == 'A' ? 0 : 2)) % 11;
    return 0.05 * static_cast<double>(place) - 0.2;
}

double obstacle_of(const SmallChain& chain, std::int64_t k, char right, char side, int rel_ticks) {
    return 0.125 * static_cast<double>((rel_ticks / chain.step + k + chain.seed) % 5 + 5) +
           (right == 'C' ? 0.1 : 0.7) + (side == 'A' ? 0.0 : 1.0);
}

double option_velocity_of(const SmallChain& chain, std::int64_t k, char right, char side, int rel_ticks) {
    if (right == 'C' && side == 'B') return 1e15;
    if (right == 'P' && side == 'A') return -1e15;
    const auto moved = static_cast<double>(chain.seed + 1000 * k + rel_ticks);
    return moved + (right == 'C' ? 0.1 : 0.3);
}

bool has_options(const SmallChain& chain, std::int64_t k) {
    return k >= chain.first && k < chain.last && k != chain.empty_window;
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
    write_partition(open(), partitions_of(session.key()).snapshots, session,
                    lineage_of(session, grid_of(session), session.half_width, 1),
                    [&](RowFiller& filler, std::int64_t k) { filler.add('A', SnapValues{session, k}); });
}

void TemporaryLake::write(const SmallSession& session) const {
    write_snapshots_only(session);
    const auto lake = open();
    const auto keys = partitions_of(session.key());
    const auto lineage = lineage_of(session, grid_of(session), session.half_width, 1);
    write_partition(lake, keys.flows, session, lineage, [&](RowFiller& filler, std::int64_t k) {
        for (const char side : {'B', 'A'}) filler.add(side, FlowValues{session, k, side});
    });
    write_partition(lake, keys.gold, session, lineage, [&](RowFiller& filler, std::int64_t k) {
        if (k == session.empty_window) return;
        for (const char side : {'A', 'B'}) {
            for (int x = -session.half_width; x <= session.half_width; ++x) {
                filler.add(side, GoldValues{session, k, side, x});
            }
        }
    });
}

void TemporaryLake::write_options(const SmallSession& session, const SmallChain& chain) const {
    const auto& product = *pipeline::option_product_of(session.product);
    auto lineage = lineage_of(session, product.grid, chain.half_width, chain.step);
    lineage.inputs = {partitions_of(session.key()).snapshots};
    const auto fill = [&](RowFiller& filler, std::int64_t k) {
        if (!has_options(chain, k)) return;
        for (const char right : {'C', 'P'}) {
            for (const char side : {'A', 'B'}) {
                for (int x = -chain.half_width; x <= chain.half_width; x += chain.step)
                    filler.add(side, OptionValues{session, chain, k, right, side, x}, right);
            }
        }
    };
    write_partition(open(), partitions_of({product.type, session.symbol, session.date}).gold, session,
                    lineage, fill);
}

std::filesystem::path TemporaryLake::write_calibration(const std::string& symbol,
                                                       std::int64_t trained_until_ns,
                                                       const forecast::Parameters& parameters,
                                                       market::ProductType product) const {
    pipeline::StoredCalibration stored;
    stored.product_type = market::product_of(product).name;
    stored.symbol = symbol;
    stored.session = "09:30-12:30";
    stored.calibration.path = {.parameters = parameters,
                               .a = 1.0 - parameters.gamma,
                               .b = parameters.beta,
                               .a_std_error = 0.25,
                               .b_std_error = 0.5,
                               .r_squared = 0.125,
                               .samples = 42};
    stored.calibration.confidence_scale = {.edges = {0.0, 0.0, 0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75},
                                           .forecasts = 90};
    stored.days.push_back({.symbol = symbol,
                           .date = {2026, 1, 5},
                           .first_window_end_ts_ns = trained_until_ns - 60 * kSecond,
                           .last_window_end_ts_ns = trained_until_ns,
                           .samples = 42,
                           .manifests = {}});
    stored.engine_sha256 = std::string(64, '0');
    const auto path = pipeline::store_calibration(open(), stored);
    EXPECT_TRUE(path.ok()) << path.error().message;
    return *path;
}

std::filesystem::path TemporaryLake::options_folder(const SmallSession& session) const {
    const auto& product = *pipeline::option_product_of(session.product);
    const auto path = open().partition_path(partitions_of({product.type, session.symbol, session.date}).gold);
    EXPECT_TRUE(path.ok());
    return *path;
}

}  // namespace spymaster::serve
