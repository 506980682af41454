#include "pipeline/day/day.hpp"

#include "pipeline/bronze/bronze.hpp"
#include "pipeline/gold/windows_to_lake.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "windows/chain_engine.hpp"
#include "windows/window_engine.hpp"

namespace spymaster::pipeline {

namespace {

// The book of one contract.
class Outright {
  public:
    using Window = windows::Window;

    Outright(const DayMeasure& measure, windows::WindowSink& sink)
        : engine_(measure.grid, measure.session, sink) {}

    // Looks ahead so that the order of a record is in the cache when its turn comes.
    void apply(const RecordRun& run) {
        constexpr std::size_t kOrderAhead = 16;
        const std::span<const dbn::MboMsg> records = run.orders;
        for (std::size_t i = 0; i < records.size(); ++i) {
            if (i + kOrderAhead < records.size()) engine_.prefetch_order(records[i + kOrderAhead]);
            engine_.apply(records[i]);
        }
    }
    static Result<void> read(const lake::Lake& lake, const ContractDayKeys& keys, windows::WindowSink& sink) {
        return read_silver(lake, keys.snapshots, keys.flows, sink);
    }
    windows::WindowEngine& engine() { return engine_; }
    [[nodiscard]] const windows::WindowEngine& engine() const { return engine_; }
    [[nodiscard]] std::uint64_t crossed_publishes() const { return engine_.totals().crossed.count; }

  private:
    windows::WindowEngine engine_;
};

// The books of the options on one underlying.
class Chain {
  public:
    using Window = windows::ChainWindow;

    Chain(const DayMeasure& measure, windows::ChainSink& sink)
        : engine_(measure.grid, measure.session, *measure.spots, sink) {}

    void apply(const RecordRun& run) {
        for (const OptionTerms* option : run.new_options) {
            engine_.add_option(option->instrument_id, {option->right, option->strike_price},
                               option->min_price_increment);
        }
        engine_.apply(run.orders);
        engine_.apply(run.quotes);
    }
    static Result<void> read(const lake::Lake& lake, const ContractDayKeys& keys, windows::ChainSink& sink) {
        return read_silver(lake, keys.flows, sink);
    }
    windows::ChainEngine& engine() { return engine_; }
    [[nodiscard]] const windows::ChainEngine& engine() const { return engine_; }
    [[nodiscard]] std::uint64_t crossed_publishes() const { return engine_.totals().crossed_publishes; }

  private:
    windows::ChainEngine engine_;
};

template <class Books>
class DayOf final : public Day {
  public:
    using Window = typename Books::Window;

    DayOf(std::optional<BronzeSink> bronze, std::optional<SilverSink<Window>> silver,
          std::optional<GoldSink> gold, const DayMeasure& measure, WatchWindow<Window> watch)
        : bronze_(std::move(bronze)),
          windows_(std::move(silver), std::move(gold), measure.grid, std::move(watch)) {
        if (windows_.silver()) books_.emplace(measure, windows_);
    }

    Result<void> append(const RecordRun& run) override {
        if (bronze_) SPY_TRY(bronze_->append(run));
        if (books_ && !books_->engine().done()) books_->apply(run);
        return windows_.status();
    }
    Result<void> finish() override {
        if (books_) books_->engine().finish();
        return windows_.status();
    }
    [[nodiscard]] bool done() const override { return !bronze_ && (!books_ || books_->engine().done()); }
    Result<void> append_silver(const lake::Lake& lake, const ContractDayKeys& keys) override {
        SPY_TRY(Books::read(lake, keys, windows_));
        return windows_.status();
    }

    Result<void> commit_bronze(const lake::Lineage& lineage) override { return bronze_->commit(lineage); }
    Result<void> commit_silver(const lake::Lineage& lineage) override {
        return windows_.silver()->commit(lineage);
    }
    Result<void> commit_gold(const lake::Lineage& lineage) override {
        return windows_.gold()->commit(lineage);
    }

    [[nodiscard]] QualityReport quality() const override {
        if (!books_) return {};
        const auto totals = books_->engine().totals();
        return {.symbol = {},
                .records = totals.records,
                .anomalies = totals.anomalies.total(),
                .crossed_publishes = books_->crossed_publishes(),
                .identity_violations = totals.identity_violations};
    }

  private:
    std::optional<BronzeSink> bronze_;
    WindowsToLake<Window> windows_;
    std::optional<Books> books_;
};

template <class Books>
Result<std::unique_ptr<Day>> open(const lake::Lake& lake, const market::Product& product,
                                  const ContractDayKeys& keys, const Plan& plan, const DayMeasure& measure,
                                  WatchWindow<typename Books::Window> watch) {
    std::optional<BronzeSink> bronze;
    std::optional<SilverSink<typename Books::Window>> silver;
    std::optional<GoldSink> gold;
    if (plan.bronze) {
        SPY_ASSIGN(bronze, BronzeSink::create(lake, keys.bronze, product));
    }
    if (plan.silver) {
        SPY_ASSIGN(silver, SilverSink<typename Books::Window>::create(lake, keys, measure.grid));
    }
    if (plan.gold) {
        const physics::LatticeShape shape(measure.grid, WindowRoad<typename Books::Window>::kAxis);
        SPY_ASSIGN(gold, GoldSink::create(lake, keys.gold, shape));
    }
    return std::unique_ptr<Day>(std::make_unique<DayOf<Books>>(std::move(bronze), std::move(silver),
                                                               std::move(gold), measure, std::move(watch)));
}

}  // namespace

Result<std::unique_ptr<Day>> open_day(const lake::Lake& lake, const market::Product& product,
                                      const ContractDayKeys& keys, const Plan& plan,
                                      const DayMeasure& measure, DayWatch watch) {
    return product.is_option() ? open<Chain>(lake, product, keys, plan, measure, std::move(watch.chain))
                               : open<Outright>(lake, product, keys, plan, measure, std::move(watch.window));
}

}  // namespace spymaster::pipeline
