#include "pipeline/live/live_market.hpp"

#include <algorithm>
#include <cstring>
#include <deque>
#include <unordered_map>

#include "dbn/records.hpp"
#include "dbn/reference_records.hpp"
#include "dbn/upgrade.hpp"
#include "feed/live/markers.hpp"
#include "market/price.hpp"
#include "pipeline/definitions.hpp"
#include "pipeline/job_inputs.hpp"
#include "pipeline/raw_reference.hpp"
#include "pipeline/record_splitter.hpp"
#include "pipeline/statistics.hpp"

namespace spymaster::pipeline {

namespace {

using Moment = std::chrono::steady_clock::time_point;

template <class Record>
void append_bytes(std::vector<std::byte>& bytes, const Record& record) {
    const auto more = std::as_bytes(std::span(&record, 1));
    bytes.insert(bytes.end(), more.begin(), more.end());
}

// The newest definition of each instrument.
class LiveDefinitions {
  public:
    void take(const std::byte* bytes) {
        const auto record = dbn::read_definition(bytes);
        if (!record) return;
        Definition definition = to_definition(*record);
        const auto [place, is_new] = places_.try_emplace(
            std::uint64_t{definition.publisher_id} << 32U | definition.instrument_id, rows_.size());
        if (is_new) {
            rows_.push_back(std::move(definition));
        } else if (definition.ts_event >= rows_[place->second].ts_event) {
            rows_[place->second] = std::move(definition);
        }
    }
    [[nodiscard]] const std::vector<Definition>& rows() const { return rows_; }

  private:
    std::vector<Definition> rows_;
    std::unordered_map<std::uint64_t, std::size_t> places_;
};

// The records of one feed that are measured, of one kind: of the contracts, or of the options.
class Measured {
  public:
    Measured(const RawSelection& selection, const TakeRecords& take) : selection_(selection) {
        if (has_quotes(*selection.product)) {
            quotes_ = std::make_unique<RecordSplitter<dbn::Cmbp1Msg>>(selection_, take);
        } else {
            orders_ = std::make_unique<RecordSplitter<dbn::MboMsg>>(selection_, take);
        }
    }
    void begin(const dbn::Metadata& metadata) {
        if (orders_) orders_->begin_file(metadata);
        if (quotes_) quotes_->begin_file(metadata);
    }
    // More options are known; those known before stay as they are.
    void look_again(const OptionUniverse& universe) {
        selection_.universe = &universe;
        if (orders_) orders_->look_again();
        if (quotes_) quotes_->look_again();
    }
    Result<void> add(std::span<const std::byte> block) {
        return orders_ ? orders_->add_block(block) : quotes_->add_block(block);
    }

  private:
    RawSelection selection_;
    std::unique_ptr<RecordSplitter<dbn::MboMsg>> orders_;
    std::unique_ptr<RecordSplitter<dbn::Cmbp1Msg>> quotes_;
};

}  // namespace

class LiveMarket::Impl {
  public:
    Impl(const lake::Lake& lake, LiveMarketOptions options, LiveSink& sink)
        : lake_(lake),
          options_(std::move(options)),
          sink_(sink),
          take_contract_(
              [this](const std::string& symbol, const RecordRun& run) { return add_run(symbol, run); }),
          take_options_([this](const std::string& symbol, const RecordRun& run) {
              return add_option_run(symbol, run);
          }),
          ready_(!options_.awaits_definitions) {
        feeds_.try_emplace(std::string(options_.outright.product->dataset));
        if (options_.options) feeds_.try_emplace(std::string(options_.options->product->dataset));
        const Job& job = options_.outright;
        contracts_.emplace(RawSelection{job.product, job.symbol, job.date, nullptr}, take_contract_);
    }

    Result<void> begin(std::string_view dataset, const dbn::Metadata& metadata,
                       const std::filesystem::path& recording, const market::Date& date) {
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

    Result<void> add(std::string_view dataset, std::span<const std::byte> block, Moment arrived) {
        SPY_ASSIGN(Feed* const feed, find(dataset));
        if (!feed->is_measured) return {};
        SPY_TRY(look_at(*feed, block));
        if (!ready_) {
            feed->waiting.push_back({{block.begin(), block.end()}, arrived});
            if (options_.awaits_definitions && definitions_told_) return definitions_complete();
            return {};
        }
        return measure(dataset, block, arrived);
    }

    Result<void> definitions_complete() {
        if (ready_) return {};
        ready_ = true;
        SPY_TRY(make_universe());
        for (auto& [dataset, feed] : feeds_) {
            for (const Waiting& waiting : feed.waiting)
                SPY_TRY(measure(dataset, waiting.block, waiting.arrived));
            feed.waiting = {};
        }
        return {};
    }

    std::vector<std::byte> close_overdue(std::string_view dataset, std::int64_t feed_now_ns) {
        std::vector<std::byte> markers;
        const auto found = feeds_.find(dataset);
        if (!ready_ || found == feeds_.end() || !found->second.is_measured) return markers;
        const std::int64_t now_ns = std::max(feed_now_ns - options_.close_after_ns,
                                             found->second.newest_recv_ns - options_.close_behind_ns);
        for (auto& [symbol, live] : days_) {
            if (is_of_outright(dataset)) mark(live, now_ns, markers);
            if (is_of_options(dataset)) mark_options(live, now_ns, markers);
        }
        return markers;
    }

    [[nodiscard]] bool is_over() const {
        return !days_.empty() &&
               std::ranges::all_of(days_, [](const auto& each) { return each.second.day->is_over(); });
    }

    [[nodiscard]] std::vector<FeedState::Stale> stale(Moment now, std::chrono::nanoseconds limit) const {
        std::vector<FeedState::Stale> stale;
        for (const auto& [symbol, live] : days_) {
            const auto age = now - live.newest_arrival;
            if (age > limit) stale.push_back({symbol, std::chrono::nanoseconds(age).count()});
        }
        return stale;
    }

    Result<JobReport> commit() {
        JobReport report;
        Progress progress;
        SPY_TRY(bring_reference(options_.outright, progress, report));
        if (options_.options) SPY_TRY(bring_reference(*options_.options, progress, report));
        for (auto& [symbol, live] : days_) {
            const auto properties = raw_properties(recordings(*options_.outright.product));
            const auto option_properties =
                options_.options ? raw_properties(recordings(*options_.options->product)) : properties;
            SPY_TRY(live.day->commit(properties, option_properties, report));
        }
        return report;
    }

    void end() {
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
        std::vector<Waiting> waiting;
    };
    struct Live {
        std::unique_ptr<LiveDay> day;
        Moment newest_arrival;
        dbn::MboMsg last{};  // of the contract
        std::optional<dbn::MboMsg> last_option_order;
        dbn::Cmbp1Msg option_quote{};  // the newest of the option whose records are markers
        std::uint32_t marker_option = 0;
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

    // What is known of the market besides books.
    Result<void> look_at(Feed& feed, std::span<const std::byte> block) {
        dbn::for_each_record(block, [&](const std::byte* record) {
            switch (dbn::load<dbn::RecordHeader>(record).rtype) {
                case dbn::rtype::mbo:
                    return see(feed, dbn::load<dbn::MboMsg>(record).ts_recv);
                case dbn::rtype::cmbp_1:
                    return see(feed, dbn::load<dbn::Cmbp1Msg>(record).ts_recv);
                case dbn::rtype::instrument_def:
                    return definitions_.take(record);
                case dbn::rtype::statistics:
                    return take_statistics(record);
                case dbn::rtype::system:
                    return take_system(record);
                default:
                    return;
            }
        });
        return {};
    }

    static void see(Feed& feed, std::uint64_t ts_recv) {
        if (ts_recv != dbn::kUndefTimestamp)
            feed.newest_recv_ns = std::max(feed.newest_recv_ns, static_cast<std::int64_t>(ts_recv));
    }

    void take_statistics(const std::byte* bytes) {
        const auto record = dbn::read_statistics(bytes);
        if (!record) return;
        const auto contracts = published_open_interest(*record);
        if (!contracts) return;
        publications_.push_back({received_ns(*record), record->hd.instrument_id, *contracts});
        for (auto& [symbol, live] : days_) publish(publications_.back(), live);
    }

    void take_system(const std::byte* bytes) {
        constexpr std::uint8_t kReplayCompleted = 3;
        const auto record = dbn::read_system(bytes);
        if (record && record->code == kReplayCompleted &&
            dbn::text(record->msg).find("definition") != std::string_view::npos)
            definitions_told_ = true;
    }

    struct Publication {
        std::int64_t ts_recv_ns;
        std::int64_t instrument_id;
        double contracts;
    };
    static void publish(const Publication& said, Live& live) {
        live.day->publish_open_interest(said.ts_recv_ns, said.instrument_id, said.contracts);
    }

    // The options that expire today, as far as they are known.
    Result<void> make_universe() {
        if (!options_.options) return {};
        const Job& job = *options_.options;
        auto made = OptionUniverse::of(definitions_.rows(), {job.product, job.symbol, job.date});
        if (!made.ok() && made.error().code == ErrorCode::missing) return {};
        SPY_ASSIGN(OptionUniverse universe, made);
        universe_.emplace(std::move(universe));
        chain_.emplace(RawSelection{job.product, job.symbol, job.date, &*universe_}, take_options_);
        const auto feed = feeds_.find(job.product->dataset);
        if (feed->second.is_measured) chain_->begin(feed->second.metadata);
        return {};
    }

    Result<void> measure(std::string_view dataset, std::span<const std::byte> block, Moment arrived) {
        arrived_ = arrived;
        if (is_of_outright(dataset)) SPY_TRY(contracts_->add(block));
        if (chain_ && is_of_options(dataset)) SPY_TRY(chain_->add(block));
        return {};
    }

    Result<void> add_run(const std::string& symbol, const RecordRun& run) {
        auto found = days_.find(symbol);
        if (found == days_.end()) {
            const auto& wanted = options_.contracts;
            if (!wanted.empty() && std::ranges::find(wanted, symbol) == wanted.end()) return {};
            SPY_TRY(open(symbol));
            found = days_.find(symbol);
        }
        Live& live = found->second;
        live.newest_arrival = arrived_;
        live.last = run.orders.back();
        return live.day->append(run, arrived_);
    }

    Result<void> add_option_run(const std::string& underlying, const RecordRun& run) {
        const auto found = days_.find(underlying);
        if (found == days_.end()) {
            // Its contract has no record yet.
            early_options_[underlying].push(run);
            return {};
        }
        Live& live = found->second;
        if (!run.orders.empty()) live.last_option_order = run.orders.back();
        for (const dbn::Cmbp1Msg& quote : run.quotes)
            if (quote.hd.instrument_id == live.marker_option) live.option_quote = quote;
        return live.day->append_options(run, arrived_);
    }

    Result<void> open(const std::string& symbol) {
        const Job& job = options_.outright;
        SPY_ASSIGN(const market::SessionWindow session, market::on_date(job.session, job.date));
        LiveContract contract{job.product, symbol, job.date, session, job.session.name, grid_of(symbol), {}};
        if (has_options(symbol)) contract.option_grid = options_.options->grid;
        SPY_ASSIGN(auto day, LiveDay::open({lake_, job, options_.options ? &*options_.options : nullptr,
                                            universe_ ? &*universe_ : nullptr, sink_},
                                           std::move(contract)));
        Live& live = days_[symbol];
        live.day = std::move(day);
        for (const Publication& said : publications_) publish(said, live);
        if (!live.day->has_options()) return {};
        choose_marker_option(symbol, live);
        const auto early = early_options_.extract(symbol);
        return early ? add_option_run(symbol, early.mapped().front(ChainQueue::kNoLimit)) : Result<void>{};
    }

    [[nodiscard]] bool has_options(const std::string& symbol) const {
        return universe_ &&
               std::ranges::find(universe_->underlyings(), symbol) != universe_->underlyings().end();
    }

    // As grid_of_contract() finds it in the lake.
    [[nodiscard]] market::Grid grid_of(const std::string& symbol) const {
        market::Grid grid = options_.outright.grid;
        const bool by_definition = options_.outright.product->type == market::ProductType::future_mbo;
        if (options_.outright.tick_given || !by_definition) return grid;
        const auto own = std::ranges::find_if(definitions_.rows(), [&symbol](const Definition& definition) {
            return definition.raw_symbol == symbol && definition.min_price_increment > 0;
        });
        if (own == definitions_.rows().end()) return grid;
        grid.tick.nanos = own->min_price_increment;
        grid.price_increment = grid.tick;
        return grid;
    }

    // One that nothing has been heard of has no quotes, as its markers say.
    void choose_marker_option(const std::string& symbol, Live& live) {
        const auto first = std::ranges::find(universe_->options(), symbol, &OptionTerms::underlying);
        live.marker_option = first->instrument_id;
        live.option_quote.hd = {.length = sizeof(dbn::Cmbp1Msg) / 4,
                                .rtype = dbn::rtype::cmbp_1,
                                .publisher_id = live.last.hd.publisher_id,
                                .instrument_id = first->instrument_id,
                                .ts_event = 0};
        live.option_quote.price = dbn::kUndefPrice;
        for (auto& level : live.option_quote.levels) level.bid_px = level.ask_px = dbn::kUndefPrice;
    }

    void mark(Live& live, std::int64_t now_ns, std::vector<std::byte>& markers) {
        const auto time = live.day->overdue(now_ns);
        if (!time) return;
        append_bytes(markers,
                     feed::live::mbo_marker(live.last.hd.publisher_id, live.last.hd.instrument_id, *time, 0));
        live.day->marked(*time);
    }

    void mark_options(Live& live, std::int64_t now_ns, std::vector<std::byte>& markers) {
        const auto time = live.day->options_overdue(now_ns);
        if (!time) return;
        if (has_quotes(*options_.options->product)) {
            append_bytes(markers, feed::live::cmbp1_marker(live.option_quote, *time, 0));
        } else {
            const dbn::RecordHeader& of = live.last_option_order ? live.last_option_order->hd : live.last.hd;
            const std::uint32_t id = live.last_option_order ? of.instrument_id : live.marker_option;
            append_bytes(markers, feed::live::mbo_marker(of.publisher_id, id, *time, 0));
        }
        live.day->options_marked(*time);
    }

    [[nodiscard]] std::vector<std::filesystem::path> recordings(const market::Product& product) const {
        const auto feed = feeds_.find(product.dataset);
        return {feed->second.recording};
    }

    Result<void> bring_reference(const Job& job, Progress& progress, JobReport& report) {
        if (definitions_.rows().empty()) return {};
        Job with_files = job;
        with_files.definition_files = recordings(*job.product);
        if (job.product->is_option()) with_files.statistics_files = with_files.definition_files;
        SPY_TRY(bring_reference_data(lake_, with_files, progress, report));
        return {};
    }

    const lake::Lake& lake_;
    LiveMarketOptions options_;
    LiveSink& sink_;
    TakeRecords take_contract_;
    TakeRecords take_options_;
    bool ready_;
    bool definitions_told_ = false;
    Moment arrived_;
    std::map<std::string, Feed, std::less<>> feeds_;
    LiveDefinitions definitions_;
    std::vector<Publication> publications_;  // for contracts that are opened later
    std::optional<OptionUniverse> universe_;
    std::optional<Measured> contracts_;
    std::optional<Measured> chain_;
    std::map<std::string, Live> days_;
    std::map<std::string, ChainQueue> early_options_;
};

LiveMarket::LiveMarket(const lake::Lake& lake, LiveMarketOptions options, LiveSink& sink)
    : impl_(std::make_unique<Impl>(lake, std::move(options), sink)) {}
LiveMarket::~LiveMarket() = default;

Result<void> LiveMarket::begin(std::string_view dataset, const dbn::Metadata& metadata,
                               const std::filesystem::path& recording, const market::Date& date) {
    const std::scoped_lock lock(mutex_);
    return impl_->begin(dataset, metadata, recording, date);
}
Result<void> LiveMarket::add(std::string_view dataset, std::span<const std::byte> whole_records,
                             Moment arrived) {
    const std::scoped_lock lock(mutex_);
    return impl_->add(dataset, whole_records, arrived);
}
Result<void> LiveMarket::definitions_complete() {
    const std::scoped_lock lock(mutex_);
    return impl_->definitions_complete();
}
std::vector<std::byte> LiveMarket::close_overdue(std::string_view dataset, std::int64_t feed_now_ns) {
    const std::scoped_lock lock(mutex_);
    return impl_->close_overdue(dataset, feed_now_ns);
}
bool LiveMarket::is_over() {
    const std::scoped_lock lock(mutex_);
    return impl_->is_over();
}
std::vector<FeedState::Stale> LiveMarket::stale(Moment now, std::chrono::nanoseconds limit) {
    const std::scoped_lock lock(mutex_);
    return impl_->stale(now, limit);
}
Result<JobReport> LiveMarket::commit() {
    const std::scoped_lock lock(mutex_);
    return impl_->commit();
}
void LiveMarket::end() {
    const std::scoped_lock lock(mutex_);
    impl_->end();
}

}  // namespace spymaster::pipeline
