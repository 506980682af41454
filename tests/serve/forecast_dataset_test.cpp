// What is streamed against the dataset of the lake: the rows of stream.forecast_1s, bit for bit, of a simulated minute
// of a future with options and of a share, a calibration coming into force on the way.
#include <gtest/gtest.h>

#include <bit>

#include "../pipeline/simulated_products.hpp"
#include "pipeline/calibration/calibration_store.hpp"
#include "stream_window.hpp"

namespace spymaster::serve {
namespace {

using market::ProductType;
using pipeline::Layer;

// The whole dataset, as a client would hold it: a batch a window.
ArrowTable dataset(const lake::Lake& lake, const lake::PartitionKey& key) {
    ArrowTable table;
    const auto& contract = (*lake.dataset(key.dataset))->contract;
    auto reader = lake.read(key);
    EXPECT_TRUE(reader.ok()) << reader.error().message;
    lake::ColumnBatch rows(contract);
    for (std::size_t first = 0;; first += rows.row_count()) {
        const auto more = (*reader)->next(rows);
        EXPECT_TRUE(more.ok());
        if (!more.ok() || !*more) break;
        for (std::size_t place = 0; place < contract.fields.size(); ++place) {
            const auto& name = contract.fields[place].name;
            for (std::size_t row = 0; row < rows.row_count(); ++row) {
                const bool there = !rows.is_nullable(place) || rows.validity(place)[row] != 0;
                if (!there) table.nulls[name].push_back(first + row);
                switch (contract.fields[place].type) {
                    case lake::ColumnType::long_:
                        table.integers[name].push_back(there ? rows.at<std::vector<std::int64_t>>(place)[row]
                                                             : 0);
                        break;
                    case lake::ColumnType::int_:
                        table.integers[name].push_back(there ? rows.at<std::vector<std::int32_t>>(place)[row]
                                                             : 0);
                        break;
                    default:
                        table.reals[name].push_back(there ? rows.at<std::vector<double>>(place)[row] : 0.0);
                }
            }
        }
    }
    return table;
}

std::map<std::string, std::vector<std::uint64_t>> bits_of(const ArrowTable& table) {
    std::map<std::string, std::vector<std::uint64_t>> bits;
    for (const auto& [name, values] : table.reals)
        for (const double value : values) bits[name].push_back(std::bit_cast<std::uint64_t>(value));
    return bits;
}

void run_layers(const lake::Lake& lake, ProductType type, std::initializer_list<Layer> layers) {
    for (const auto layer : layers) {
        const auto report = pipeline::run(lake, pipeline::product_job(type, layer));
        ASSERT_TRUE(report.ok()) << report.error().message;
    }
}

// Trained until the middle of the session.
void calibrate(const lake::Lake& lake, ProductType type, const std::string& symbol) {
    const auto session =
        *market::on_date(*market::parse_session(pipeline::kSimulatedSession), pipeline::kSimulatedDate);
    const auto middle = session.start_ns + (session.end_ns - session.start_ns) / 2;
    pipeline::StoredCalibration stored;
    stored.product_type = market::product_of(type).name;
    stored.symbol = symbol;
    stored.session = pipeline::kSimulatedSession;
    stored.calibration.path.parameters = {.beta = 25.0, .gamma = 0.75};
    stored.days = {{symbol, pipeline::kSimulatedDate, session.start_ns, middle, 30, {}}};
    stored.engine_sha256 = std::string(64, '0');
    const auto path = pipeline::store_calibration(lake, stored);
    ASSERT_TRUE(path.ok()) << path.error().message;
}

void expect_stream_of_dataset(const lake::Lake& lake, ProductType type) {
    const auto job = pipeline::product_job(type, Layer::stream);
    const auto expected = dataset(lake, pipeline::forecast_key(job.symbol, job.date));
    const RunningServer server(
        pipeline::open_lake(lake.root()));  // a lake of its own: nothing is shared but the files
    const std::string day = "symbol=" + job.symbol + "&dt=" + job.date.iso();
    const auto range = read_arrow(
        request(server.port(), "/v1/forecast.arrow?" + day + "&start=0&end=9000000000000000000").body);
    EXPECT_EQ(range.error, "");
    EXPECT_GT(range.batch_rows.size(), 30U);
    EXPECT_EQ(range.integers, expected.integers);
    EXPECT_EQ(bits_of(range), bits_of(expected));
    EXPECT_EQ(range.nulls, expected.nulls);

    StreamSocket stream(server.port(), std::string(kAll) + "&" + day);
    std::size_t row = 0;
    std::size_t calibrated = 0;
    for (const auto rows : range.batch_rows) {
        const auto window = read_window(stream);
        EXPECT_EQ(window.forecast.batch_rows, std::vector<std::int64_t>{rows});
        EXPECT_EQ(window.end, expected.integers.at("window_end_ts_ns")[row]);
        calibrated += window.calibration.empty() ? 0 : 1;
        row += static_cast<std::size_t>(rows);
    }
    EXPECT_EQ(stream.read().close_code(), 1000);
    EXPECT_GT(calibrated, 20U);
    EXPECT_LT(calibrated, range.batch_rows.size() - 20);
}

TEST(ForecastDataset, OfAFutureWithOptionsIsWhatIsStreamed) {
    const TemporaryLake folder;
    const auto lake = folder.open();
    run_layers(lake, ProductType::future_mbo, {Layer::all});
    run_layers(lake, ProductType::future_option_mbo, {Layer::all});
    calibrate(lake, ProductType::future_mbo, "ES");
    run_layers(lake, ProductType::future_mbo, {Layer::stream});
    expect_stream_of_dataset(lake, ProductType::future_mbo);
}

TEST(ForecastDataset, OfAShareIsWhatIsStreamed) {
    const TemporaryLake folder;
    const auto lake = folder.open();
    run_layers(lake, ProductType::equity_mbo, {Layer::all});
    calibrate(lake, ProductType::equity_mbo, "SPY");
    run_layers(lake, ProductType::equity_mbo, {Layer::stream});
    expect_stream_of_dataset(lake, ProductType::equity_mbo);
}

}  // namespace
}  // namespace spymaster::serve
