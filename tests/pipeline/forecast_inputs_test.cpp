// The seconds of a day as the forecast reads them: in any order, for studies, and only from gold that is dense and in
// order.
#include <algorithm>
#include <cmath>
#include <functional>

#include "base/sha256.hpp"
#include "forecast_line.hpp"
#include "pipeline/engine_hash.hpp"
#include "pipeline/layers/forecast_inputs.hpp"
#include "pipeline/layers/study_day.hpp"
#include "pipeline/reference/measured_contract.hpp"
#include "pipeline/reference/selection.hpp"

namespace spymaster::pipeline {
namespace {

using market::ProductType;

const lake::Lake& small_lake() {
    static const TemporaryFolder folder;
    static const lake::Lake lake = [] {
        lake::Lake made = open_lake(folder.path());
        for (const ProductType type :
             {ProductType::future_mbo, ProductType::future_option_mbo, ProductType::equity_mbo})
            expect_ok(run(made, product_job(type, Layer::all)));
        expect_ok(run(made, product_job(ProductType::future_mbo, Layer::stream)));
        return made;
    }();
    return lake;
}

// A lake of its own, to spoil.
void copy_lake(const fs::path& to) {
    for (const char* layer : {"silver", "gold"})
        fs::copy(small_lake().root() / layer, to / layer, fs::copy_options::recursive);
}

Result<ForecastInputs> open_inputs(const lake::Lake& lake) {
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    return ForecastInputs::open(lake, *job.product, job.symbol, job.date);
}

std::vector<double> all_numbers(const ForecastSecond& second) {
    std::vector<double> numbers;
    for (const auto& field : {second.fields.u_near, second.fields.u_p_slow, second.fields.Omega,
                              second.fields.pressure_grad, second.option_obstacles})
        numbers.insert(numbers.end(), field.begin(), field.end());
    return numbers;
}

TEST(ForecastInputs, TheSecondsComeInAnyOrder) {
    auto inputs = open_inputs(small_lake());
    ASSERT_TRUE(inputs.ok()) << inputs.error().message;
    std::vector<std::vector<double>> forwards;
    for (;;) {
        const auto second = inputs->next();
        ASSERT_TRUE(second.ok()) << second.error().message;
        if (*second == nullptr) break;
        EXPECT_EQ((*second)->snapshot, inputs->snapshots()[forwards.size()]);
        EXPECT_EQ((*second)->second.previous_spot_ref_price_int,
                  forwards.empty() ? 0 : inputs->snapshots()[forwards.size() - 1].spot_ref_price_int);
        forwards.push_back(all_numbers(**second));
        EXPECT_EQ(forwards.back().size(), 4U * 802U + 21U);
    }
    ASSERT_EQ(forwards.size(), 61U);
    for (const std::size_t window : {60U, 0U, 30U, 29U, 31U}) {
        inputs->seek(window);
        EXPECT_EQ(all_numbers(**inputs->next()), forwards[window]) << window;
    }
    inputs->seek(61);
    EXPECT_EQ(*inputs->next(), nullptr);
}

// Rewrites a partition of gold after `change` has been at its rows.
void spoil(const lake::Lake& lake, const lake::PartitionKey& key,
           const std::function<void(lake::ColumnBatch&, const lake::Contract&)>& change) {
    const lake::Contract& contract = (*lake.dataset(key.dataset))->contract;
    const auto manifest = lake.manifest(key);
    ASSERT_TRUE(manifest.ok());
    auto reader = lake.read(key);
    ASSERT_TRUE(reader.ok());
    lake::ColumnBatch rows(contract);
    ASSERT_TRUE(*(*reader)->next(rows));
    ASSERT_EQ(static_cast<std::int64_t>(rows.row_count()), manifest->row_count) << "a test for one row group";
    change(rows, contract);
    auto writer = lake.write(key);
    ASSERT_TRUE(writer.ok());
    ASSERT_TRUE((*writer)->append(rows).ok());
    ASSERT_TRUE((*writer)->commit({manifest->stage, {}, manifest->properties}).ok());
}

template <class T>
auto set(std::string_view column, std::size_t row, T value) {
    return [=](lake::ColumnBatch& rows, const lake::Contract& contract) {
        rows.at<std::vector<T>>(*contract.index_of(column))[row] = value;
    };
}

void drop_last(lake::ColumnBatch& rows, const lake::Contract&) {
    for (std::size_t column = 0; column < rows.column_count(); ++column) {
        std::visit(
            [](auto& values) {
                if constexpr (std::is_same_v<std::decay_t<decltype(values)>, lake::TextColumn>)
                    values.codes.pop_back();
                else
                    values.pop_back();
            },
            rows.column(column));
    }
}

TEST(ForecastInputs, GoldThatIsNotDenseAndInOrderIsMalformed) {
    const Job futures = product_job(ProductType::future_mbo, Layer::stream);
    const Job options = product_job(ProductType::future_option_mbo, Layer::stream);
    const std::int64_t third = market::on_date(futures.session, futures.date)->start_ns + 2'000'000'000;
    const auto refused = [&](const Job& job, const auto& change, const std::string& place) {
        const TemporaryFolder folder;
        copy_lake(folder.path());
        const lake::Lake lake = open_lake(folder.path());
        const lake::PartitionKey gold = keys_of(*job.product, job.symbol, job.date).gold;
        spoil(lake, gold, change);
        auto inputs = open_inputs(lake);
        Error error;
        if (!inputs.ok()) {
            error = inputs.error();
        } else {
            for (int second = 0; second < 2; ++second) ASSERT_TRUE(inputs->next().ok());
            const auto read = inputs->next();
            ASSERT_FALSE(read.ok()) << place;
            EXPECT_EQ(inputs->next().error().message, read.error().message) << "it stands where it stood";
            error = read.error();
        }
        EXPECT_EQ(error.code, ErrorCode::malformed) << error.message;
        EXPECT_NE(error.message.find(gold.dataset), std::string::npos) << error.message;
        EXPECT_NE(error.message.find(place), std::string::npos) << error.message;
    };
    const std::string window = fmt::format("window {}", third);
    const std::size_t in_third = 2 * 802 + 5;
    refused(futures, drop_last, "48921 rows");
    refused(futures, set<std::int64_t>("window_end_ts_ns", in_third, third + 1), window);
    refused(futures, set<std::int64_t>("spot_ref_price_int", in_third, 1), window);
    refused(futures, set<std::int32_t>("rel_ticks", in_third, 7), window);
    refused(
        futures,
        [&](lake::ColumnBatch& rows, const lake::Contract& contract) {
            rows.at<lake::TextColumn>(*contract.index_of("side")).codes[in_third] ^= 1;
        },
        window);
    refused(options, drop_last, "5123 rows");
    refused(options, set<std::int64_t>("window_end_ts_ns", 2 * 84 + 5, 0), window);
    refused(
        options,
        [&](lake::ColumnBatch& rows, const lake::Contract& contract) {
            rows.at<lake::TextColumn>(*contract.index_of("right")).codes[2 * 84 + 5] ^= 1;
        },
        window);
}

TEST(StudyDay, IsTheSecondsOfTheSessionAsTheStreamHasThem) {
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    const market::SessionWindow whole = *market::on_date(job.session, job.date);
    const auto all = read_study_day(small_lake(), *job.product, job.symbol, job.date, whole);
    ASSERT_TRUE(all.ok()) << all.error().message;
    ASSERT_EQ(all->day.seconds.size(), 60U) << "the window that ends when the session begins is before it";
    EXPECT_EQ(all->day.date, job.date);
    EXPECT_EQ(all->manifests.size(), 3U);
    EXPECT_EQ(all->contracts.at("gold.future_mbo.physics_surface_1s"),
              (*small_lake().dataset("gold.future_mbo.physics_surface_1s"))->contract.sha256);

    const auto rows = stored_forecasts(small_lake(), job.symbol, job.date);
    const auto snapshots = open_inputs(small_lake())->snapshots();
    for (std::size_t i = 0; i < 60; ++i) {
        const forecast::Observation& seen = all->day.seconds[i];
        const windows::BookSnapshot1s& snapshot = snapshots[i + 1];
        EXPECT_EQ(seen.window_end_ts_ns, snapshot.window_end_ts_ns);
        ASSERT_TRUE(seen.valid);
        EXPECT_EQ(seen.spot_tick * 250'000'000, snapshot.spot_ref_price_int);
        EXPECT_EQ(seen.bid_tick * 0.25e9, static_cast<double>(snapshot.best_bid_price_int));
        EXPECT_EQ(seen.ask_tick * 0.25e9, static_cast<double>(snapshot.best_ask_price_int));
        EXPECT_EQ(seen.bid_qty, snapshot.best_bid_qty);
        EXPECT_EQ(seen.order_flow_imbalance_qty, snapshot.order_flow_imbalance_qty);
        for (std::size_t horizon = 0; horizon < forecast::kStudyHorizons.size(); ++horizon) {
            const ForecastRow& row =
                rows[(i + 1) * 31 + static_cast<std::size_t>(forecast::kStudyHorizons[horizon])];
            EXPECT_EQ(seen.predicted_tick_delta[horizon], row.predicted_tick_delta);
            EXPECT_EQ(seen.confidence[horizon], row.confidence);
        }
    }

    const std::int64_t middle = whole.start_ns + 30'000'000'000;
    const auto first =
        read_study_day(small_lake(), *job.product, job.symbol, job.date, {whole.start_ns, middle});
    const auto second =
        read_study_day(small_lake(), *job.product, job.symbol, job.date, {middle, whole.end_ns});
    ASSERT_TRUE(first.ok() && second.ok());
    ASSERT_EQ(first->day.seconds.size(), 30U);
    ASSERT_EQ(second->day.seconds.size(), 30U) << "halves share no second";
    EXPECT_EQ(first->day.seconds.back().window_end_ts_ns, middle);
    EXPECT_EQ(second->day.seconds.front().drive, all->day.seconds[30].drive);
    const auto none =
        read_study_day(small_lake(), *job.product, job.symbol, job.date, {0, whole.start_ns - 1});
    ASSERT_TRUE(none.ok());
    EXPECT_TRUE(none->day.seconds.empty());
}

TEST(StudyDay, PredictsWithTheParametersGiven) {
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    const market::SessionWindow whole = *market::on_date(job.session, job.date);
    const auto still = read_study_day(small_lake(), *job.product, job.symbol, job.date, whole, {0.0, 1.0});
    const auto moved = read_study_day(small_lake(), *job.product, job.symbol, job.date, whole);
    ASSERT_TRUE(still.ok() && moved.ok());
    bool differs = false;
    for (std::size_t i = 0; i < still->day.seconds.size(); ++i) {
        EXPECT_EQ(still->day.seconds[i].drive, moved->day.seconds[i].drive);
        for (const std::int64_t delta : still->day.seconds[i].predicted_tick_delta) EXPECT_EQ(delta, 0);
        for (const std::int64_t delta : moved->day.seconds[i].predicted_tick_delta) differs |= delta != 0;
    }
    EXPECT_TRUE(differs);
}

TEST(StudyDay, BestPricesOfBucketsAreFractionsOfATick) {
    const Job job = product_job(ProductType::equity_mbo, Layer::stream);
    const auto read =
        read_study_day(small_lake(), *job.product, "SPY", job.date, *market::on_date(job.session, job.date));
    ASSERT_TRUE(read.ok()) << read.error().message;
    ASSERT_EQ(read->day.seconds.size(), 60U);
    bool fraction = false;
    for (const forecast::Observation& second : read->day.seconds) {
        EXPECT_NEAR(second.bid_tick, static_cast<double>(second.spot_tick), 3.0);
        fraction |= second.bid_tick != std::floor(second.bid_tick);
    }
    EXPECT_TRUE(fraction);
}

TEST(MeasuredContract, IsTheSymbolItselfElseTheOnlyContractOfItsRoot) {
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    const auto resolved = [&](ProductType type, const std::string& symbol, const market::Date& date) {
        const auto found = measured_contract(small_lake(), market::product_of(type), symbol, date);
        EXPECT_TRUE(found.ok()) << (found.ok() ? "" : found.error().message);
        return found.ok() ? found->value_or("none") : "error";
    };
    EXPECT_EQ(resolved(ProductType::future_mbo, job.symbol, job.date), job.symbol);
    EXPECT_EQ(resolved(ProductType::future_mbo, "ES", job.date), job.symbol);
    EXPECT_EQ(resolved(ProductType::future_mbo, "ES", job.date.next()), "none");
    EXPECT_EQ(resolved(ProductType::future_mbo, "NQ", job.date), "none");
    EXPECT_EQ(resolved(ProductType::equity_mbo, "SPY", job.date), "SPY");
    EXPECT_EQ(resolved(ProductType::equity_mbo, job.symbol, job.date), "none");
}

TEST(MeasuredContract, OfSeveralIsTheOneSelected) {
    const TemporaryFolder folder;
    copy_lake(folder.path());
    const lake::Lake lake = open_lake(folder.path());
    const Job job = product_job(ProductType::future_mbo, Layer::stream);
    for (const char* layer : {"silver", "gold"}) {
        const fs::path product = folder.path() / layer / "product_type=future_mbo";
        fs::copy(product / ("symbol=" + job.symbol), product / "symbol=ESM6", fs::copy_options::recursive);
    }
    const auto resolved = [&] { return measured_contract(lake, *job.product, "ES", job.date); };
    const auto select = [&](const std::string& symbol) {
        ContractDaySelection row;
        row.selected_symbol = symbol;
        row.selected_exp_date = {2026, 6, 19};
        EXPECT_TRUE(merge_selection(lake, selection_path(lake), {{job.date, row}}).ok());
    };
    ASSERT_FALSE(resolved().ok());
    EXPECT_EQ(resolved().error().code, ErrorCode::missing);
    EXPECT_NE(resolved().error().message.find("is one of ESH6, ESM6"), std::string::npos);
    select("ESM6");
    ASSERT_TRUE(resolved().ok()) << resolved().error().message;
    EXPECT_EQ(*resolved(), "ESM6");
    select("ESU6");
    ASSERT_FALSE(resolved().ok());
    EXPECT_NE(resolved().error().message.find("ESU6 by the selection map"), std::string::npos);
}

// Like `sha256sum` over the list that `sha256sum` prints, as the header says.
TEST(EngineHash, IsThatOfTheSourcesThatMeasure) {
    const fs::path source = fs::path(SPYMASTER_SOURCE_DIR) / "src";
    std::vector<std::string> files;
    for (const char* folder : {"base", "market", "dbn", "book", "windows", "physics", "forecast"}) {
        for (const auto& entry : fs::recursive_directory_iterator(source / folder)) {
            const std::string extension = entry.path().extension();
            if (extension == ".cpp" || extension == ".hpp")
                files.push_back(entry.path().lexically_relative(source));
        }
    }
    std::ranges::sort(files);
    std::string list;
    for (const std::string& file : files) list += sha256_of(bytes_of(source / file)) + "  " + file + "\n";
    EXPECT_GT(files.size(), 100U);
    EXPECT_EQ(engine_sha256(), sha256_of(list));
}

}  // namespace
}  // namespace spymaster::pipeline
