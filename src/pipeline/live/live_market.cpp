#include "pipeline/live/live_market.hpp"

#include <algorithm>
#include <map>
#include <mutex>

#include "feed/raw_files.hpp"
#include "pipeline/day/job_inputs.hpp"
#include "pipeline/live/clock_markers.hpp"
#include "pipeline/live/live_reference.hpp"
#include "pipeline/live/measured_records.hpp"
#include "pipeline/reference/raw_reference.hpp"

namespace spymaster::pipeline {

namespace {

using Moment = std::chrono::steady_clock::time_point;

// Records wait for definitions in memory. More than this, and what is known by then has to do.
constexpr std::size_t kMostWaitingBytes = std::size_t{512} << 20U;

class Market final : public LiveMarket {
  public:
    Market(const lake::Lake& lake, LiveMarketOptions options, LiveSink& sink)
        : lake_(lake),
          options_(std::move(options)),
          sink_(sink),
          take_contract_(
              [this](const std::string& symbol, const RecordRun& run) { return add_run(symbol, run); }),
          take_options_([this](const std::string& symbol, const RecordRun& run) {
              return add_option_run(symbol, run);
          }),
          reference_(options_.options ? &*options_.options : nullptr),
          ready_(!options_.awaits_definitions) {
        const Job& job = options_.outright;
        feeds_.try_emplace(std::string(job.product->dataset));
        contracts_.emplace(RawSelection{job.product, job.symbol, job.date, nullptr}, take_contract_);
        if (options_.contracts.empty() && is_root(job))
            options_.contracts.push_back(feed::front_contract(job.symbol, job.date));
        if (!options_.options) return;
        feeds_.try_emplace(std::string(options_.options->product->dataset));
    }

    Result<void> begin(std::string_view dataset, const dbn::Metadata& metadata,
                       const std::filesystem::path& recording, const market::Date& date) override {
        const std::scoped_lock lock(mutex_);
        SPY_ASSIGN(Feed* const feed, find(dataset));
        feed->is_measured = date == options_.outright.date;
        if (!feed->is_measured) return {};
        if (metadata.dataset != dataset) {
            return make_error(ErrorCode::conflict, "{} is of dataset {}, not {}", recording.string(),
                              metadata.dataset, dataset);
        }
        feed->recording = recording;
        feed->metadata = metadata;
        if (is_of_outright(dataset)) contracts_->begin(metadata);
        if (chain_ && is_of_options(dataset)) chain_->begin(metadata);
        return {};
    }

    Result<void> add(std::string_view dataset, std::span<const std::byte> block, Moment arrived) override {
        const std::scoped_lock lock(mutex_);
        SPY_ASSIGN(Feed* const feed, find(dataset));
        if (!feed->is_measured) return {};
        const std::size_t published = reference_.open_interest().size();
        dbn::for_each_record(block, [&](const std::byte* record) {
            see(*feed, record);
            reference_.take(record);
        });
        for (std::size_t i = published; i < reference_.open_interest().size(); ++i) {
            for (auto& [symbol, live] : days_) publish(reference_.open_interest()[i], live);
        }
        if (ready_) return measure(dataset, block, arrived);
        feed->waiting.push_back({{block.begin(), block.end()}, arrived});
        waiting_bytes_ += block.size();
        const bool is_time = reference_.definitions_told() || waiting_bytes_ > kMostWaitingBytes;
        return is_time ? measure_waiting() : Result<void>{};
    }

    Result<void> definitions_complete() override {
        const std::scoped_lock lock(mutex_);
        return measure_waiting();
    }

    std::vector<std::byte> close_overdue(std::string_view dataset, std::int64_t feed_now_ns) override {
        const std::scoped_lock lock(mutex_);
        std::vector<std::byte> markers;
        const auto found = feeds_.find(dataset);
        if (!ready_ || found == feeds_.end() || !found->second.is_measured) return markers;
        const std::int64_t now_ns = std::max(feed_now_ns - options_.close_after_ns,
                                             found->second.newest_recv_ns - options_.close_behind_ns);
        for (auto& [symbol, live] : days_) {
            const auto time = is_of_outright(dataset) ? live.day->overdue(now_ns) : std::nullopt;
            if (time) {
                live.markers.mark(*time, markers);
                live.day->marked(*time);
            }
            const auto option_time =
                is_of_options(dataset) ? live.day->options_overdue(now_ns) : std::nullopt;
            if (!option_time) continue;
            live.markers.mark_options(has_quotes(*options_.options->product), *option_time, markers);
            live.day->options_marked(*option_time);
        }
        return markers;
    }

    bool is_over() const override {
        const std::scoped_lock lock(mutex_);
        return !days_.empty() &&
               std::ranges::all_of(days_, [](const auto& each) { return each.second.day->is_over(); });
    }

    std::vector<FeedState::Stale> stale(Moment now, std::chrono::nanoseconds limit) const override {
        const std::scoped_lock lock(mutex_);
        std::vector<FeedState::Stale> stale;
        for (const auto& [symbol, live] : days_) {
            const std::chrono::nanoseconds age = now - live.newest_arrival;
            if (age > limit) stale.push_back({symbol, age.count()});
        }
        return stale;
    }

    Result<JobReport> commit() override {
        const std::scoped_lock lock(mutex_);
        JobReport report;
        Progress progress;
        // Definitions and statistics from where a batch run would take them: the recording, unless the lake has files.
        SPY_TRY(bring_reference_data(lake_, options_.outright, progress, report));
        if (options_.options) SPY_TRY(bring_reference_data(lake_, *options_.options, progress, report));
        const auto properties = raw_properties(recording_of(options_.outright));
        const auto option_properties =
            raw_properties(recording_of(options_.options ? *options_.options : options_.outright));
        for (auto& [symbol, live] : days_) SPY_TRY(live.day->commit(properties, option_properties, report));
        return report;
    }

    void end() override {
        const std::scoped_lock lock(mutex_);
        for (auto& [symbol, live] : days_) sink_.on_end(live.day->contract());
    }

  private:
    struct Waiting {
        std::vector<std::byte> block;
        Moment arrived;
    };
    struct Feed {
        bool is_measured = false;
        std::filesystem::path recording;
        dbn::Metadata metadata;
        std::int64_t newest_recv_ns = 0;  // of records that books are made of
        std::vector<Waiting> waiting;     // for definitions
    };
    struct Live {
        std::unique_ptr<LiveDay> day;
        Moment newest_arrival;
        ClockMarkers markers;
    };

    [[nodiscard]] bool is_of_outright(std::string_view dataset) const {
        return dataset == options_.outright.product->dataset;
    }
    [[nodiscard]] bool is_of_options(std::string_view dataset) const {
        return options_.options && dataset == options_.options->product->dataset;
    }

    Result<Feed*> find(std::string_view dataset) {
        const auto found = feeds_.find(dataset);
        if (found != feeds_.end()) return &found->second;
        return make_error(ErrorCode::conflict, "{} is no dataset of {}", dataset,
                          options_.outright.product->name);
    }

    static void see(Feed& feed, const std::byte* record) {
        const std::uint8_t type = dbn::load<dbn::RecordHeader>(record).rtype;
        if (type != dbn::rtype::mbo && type != dbn::rtype::cmbp_1) return;
        const std::uint64_t ts_recv = type == dbn::rtype::mbo ? dbn::load<dbn::MboMsg>(record).ts_recv
                                                              : dbn::load<dbn::Cmbp1Msg>(record).ts_recv;
        if (ts_recv != dbn::kUndefTimestamp)
            feed.newest_recv_ns = std::max(feed.newest_recv_ns, static_cast<std::int64_t>(ts_recv));
    }

    static void publish(const LiveReference::OpenInterest& said, Live& live) {
        live.day->publish_open_interest(said.ts_recv_ns, said.instrument_id, said.contracts);
    }

    Result<void> measure_waiting() {
        if (ready_) return {};
        ready_ = true;
        for (auto& [dataset, feed] : feeds_) {
            for (const Waiting& waiting : feed.waiting)
                SPY_TRY(measure(dataset, waiting.block, waiting.arrived));
            feed.waiting = {};
        }
        return {};
    }

    Result<void> measure(std::string_view dataset, std::span<const std::byte> block, Moment arrived) {
        arrived_ = arrived;
        if (reference_.universe_grows()) SPY_TRY(grow_universe());
        if (is_of_outright(dataset)) SPY_TRY(contracts_->add(block));
        return chain_ && is_of_options(dataset) ? chain_->add(block) : Result<void>{};
    }

    Result<void> grow_universe() {
        SPY_ASSIGN(const bool grown, reference_.grow_universe());
        if (!grown) return {};
        const Job& job = *options_.options;
        if (!chain_) {
            chain_.emplace(RawSelection{job.product, job.symbol, job.date, reference_.universe()},
                           take_options_);
            const Feed& feed = feeds_.find(job.product->dataset)->second;
            if (feed.is_measured) chain_->begin(feed.metadata);
        }
        chain_->choose_from(*reference_.universe());
        return {};
    }

    [[nodiscard]] bool is_wanted(const std::string& contract) const {
        const auto& wanted = options_.contracts;
        return wanted.empty() || std::ranges::find(wanted, contract) != wanted.end();
    }

    Result<void> add_run(const std::string& symbol, const RecordRun& run) {
        if (!is_wanted(symbol)) return {};
        auto found = days_.find(symbol);
        if (found == days_.end()) {
            SPY_TRY(open(symbol, run));
            found = days_.find(symbol);
        }
        Live& live = found->second;
        live.newest_arrival = arrived_;
        live.markers.see(run);
        return live.day->append(run, arrived_);
    }

    Result<void> add_option_run(const std::string& underlying, const RecordRun& run) {
        if (!is_wanted(underlying)) return {};
        const auto found = days_.find(underlying);
        if (found == days_.end()) {
            early_options_[underlying].push(run);  // its contract has no record yet
            return {};
        }
        found->second.markers.see_options(run);
        return found->second.day->append_options(run, arrived_);
    }

    Result<void> open(const std::string& symbol, const RecordRun& first) {
        const Job& job = options_.outright;
        SPY_ASSIGN(const market::SessionWindow session, market::on_date(job.session, job.date));
        LiveContract contract{
            job.product, symbol,           job.date,
            session,     job.session.name, grid_by_definition(job, symbol, reference_.definitions()),
            {}};
        if (reference_.has_options_on(symbol)) contract.option_grid = options_.options->grid;
        Live live;
        SPY_ASSIGN(live.day, LiveDay::open({lake_, job, options_.options ? &*options_.options : nullptr,
                                            reference_.universe(), sink_},
                                           std::move(contract)));
        live.markers.see(first);
        for (const LiveReference::OpenInterest& said : reference_.open_interest()) publish(said, live);
        Live& opened = days_.emplace(symbol, std::move(live)).first->second;
        if (!opened.day->has_options()) return {};
        const auto options = reference_.universe()->options();
        opened.markers.choose_option(
            std::ranges::find(options, symbol, &OptionTerms::underlying)->instrument_id);
        const auto early = early_options_.extract(symbol);
        return early ? add_option_run(symbol, early.mapped().front(ChainQueue::kNoLimit)) : Result<void>{};
    }

    [[nodiscard]] std::vector<std::filesystem::path> recording_of(const Job& job) const {
        return {feeds_.find(job.product->dataset)->second.recording};
    }

    mutable std::mutex mutex_;  // guards everything
    const lake::Lake& lake_;
    LiveMarketOptions options_;
    LiveSink& sink_;
    TakeRecords take_contract_;
    TakeRecords take_options_;
    LiveReference reference_;
    bool ready_;
    std::size_t waiting_bytes_ = 0;
    Moment arrived_;
    std::map<std::string, Feed, std::less<>> feeds_;
    std::optional<MeasuredRecords> contracts_;
    std::optional<MeasuredRecords> chain_;
    std::map<std::string, Live> days_;
    std::map<std::string, ChainQueue> early_options_;
};

}  // namespace

std::unique_ptr<LiveMarket> LiveMarket::open(const lake::Lake& lake, LiveMarketOptions options,
                                             LiveSink& sink) {
    return std::make_unique<Market>(lake, std::move(options), sink);
}

}  // namespace spymaster::pipeline
