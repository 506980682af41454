#include "pipeline/reference/selection_builder.hpp"

#include <algorithm>
#include <set>
#include <tuple>

#include "feed/raw_files.hpp"
#include "pipeline/reference/contract_expirations.hpp"

namespace spymaster::pipeline {

namespace {

using market::Date;

constexpr std::string_view kOrders = "bronze.future_mbo.mbo";
constexpr int kPremarketStart = 5 * 3'600;
constexpr int kPremarketEnd = 8 * 3'600 + 1'800;
constexpr const char* kPremarketZone = "America/New_York";

// What was traded on a date.
struct DayTrading {
    std::map<std::string, std::int64_t> volume;  // lots, by contract
    bool is_trading_date = false;
};

// What was traded in the contracts of a root, each date read once, when it is first asked for.
class TradingDays {
  public:
    static Result<TradingDays> of_root(const lake::Lake& lake, const std::string& root, Progress& progress) {
        TradingDays days(lake, progress);
        SPY_ASSIGN(const std::vector<lake::PartitionKey> partitions, lake.partitions(kOrders));
        for (const lake::PartitionKey& key : partitions) {
            const bool contract = key.symbol != root && feed::symbol_root(key.symbol) == root;
            if (contract) days.partitions_[key.date].push_back(key);
        }
        if (!days.partitions_.empty()) return days;
        return make_error(ErrorCode::missing,
                          "no orders of any contract of {} in the lake {}; make them with: spymaster run "
                          "--layer bronze --symbol {}",
                          root, lake.root().string(), root);
    }

    Result<const DayTrading*> on(const Date& date) {
        const auto known = days_.find(date);
        if (known != days_.end()) return &known->second;
        DayTrading day;
        if (const auto found = partitions_.find(date); found != partitions_.end()) {
            SPY_ASSIGN(const std::int64_t start_ns,
                       market::local_instant(date, kPremarketStart, kPremarketZone));
            SPY_ASSIGN(const std::int64_t end_ns, market::local_instant(date, kPremarketEnd, kPremarketZone));
            for (const lake::PartitionKey& key : found->second) SPY_TRY(add(key, start_ns, end_ns, day));
        }
        return &days_.emplace(date, std::move(day)).first->second;
    }

    // The trading date before a date, if there is one.
    Result<std::optional<Date>> before(const Date& date) {
        for (auto place = partitions_.lower_bound(date); place != partitions_.begin();) {
            --place;
            SPY_ASSIGN(const DayTrading* day, on(place->first));
            if (day->is_trading_date) return std::optional(place->first);
        }
        return std::optional<Date>{};
    }

    // Contracts with orders on the date or before it.
    [[nodiscard]] std::set<std::string> contracts_up_to(const Date& date) const {
        std::set<std::string> contracts;
        for (auto place = partitions_.begin(); place != partitions_.upper_bound(date); ++place) {
            for (const lake::PartitionKey& key : place->second) contracts.insert(key.symbol);
        }
        return contracts;
    }

    [[nodiscard]] bool has_orders(const Date& date) const { return partitions_.contains(date); }

  private:
    TradingDays(const lake::Lake& lake, Progress& progress) : lake_(lake), progress_(progress) {}

    Result<void> add(const lake::PartitionKey& key, std::int64_t start_ns, std::int64_t end_ns,
                     DayTrading& day) {
        SPY_ASSIGN(const lake::DatasetSpec* dataset, lake_.dataset(key.dataset));
        SPY_ASSIGN(const std::size_t time_place, dataset->contract.index_of("ts_event"));
        SPY_ASSIGN(const std::size_t action_place, dataset->contract.index_of("action"));
        SPY_ASSIGN(const std::size_t size_place, dataset->contract.index_of("size"));
        SPY_ASSIGN(auto reader, lake_.read(key, {"ts_event", "action", "size"}));
        progress_.units_total += static_cast<std::uint64_t>(reader->row_count());
        std::int64_t& volume = day.volume[key.symbol];
        lake::ColumnBatch batch(dataset->contract);
        for (;;) {
            SPY_ASSIGN(const bool more, reader->next(batch));
            if (!more) return {};
            const auto& actions = batch.at<lake::TextColumn>(action_place);
            const auto& sizes = batch.at<std::vector<std::int64_t>>(size_place);
            const auto& times = batch.at<std::vector<std::int64_t>>(time_place);
            const auto trade = static_cast<std::int32_t>(std::ranges::find(actions.dictionary, "T") -
                                                         actions.dictionary.begin());
            for (std::size_t row = 0; row < sizes.size(); ++row) {
                if (actions.codes[row] != trade) continue;
                volume += sizes[row];
                if (sizes[row] > 0 && times[row] >= start_ns && times[row] < end_ns)
                    day.is_trading_date = true;
            }
            progress_.units_done += sizes.size();
            progress_.records += sizes.size();
        }
    }

    const lake::Lake& lake_;
    Progress& progress_;
    std::map<Date, std::vector<lake::PartitionKey>> partitions_;
    std::map<Date, DayTrading> days_;
};

struct Candidate {
    std::string symbol;
    Date expires;
    std::int64_t volume = 0;
};

class SelectionBuilder {
  public:
    SelectionBuilder(TradingDays days, ContractExpirations expirations, Progress& progress)
        : days_(std::move(days)), expirations_(std::move(expirations)), progress_(progress) {}

    // Of a trading date, whether or not it was asked for.
    Result<ContractDaySelection> select(const Date& date) {
        SPY_ASSIGN(std::optional<ContractDaySelection> selection, choose(date));
        if (!selection) {
            return make_error(ErrorCode::missing,
                              "every contract in the lake has expired before {}; bring the orders of a later "
                              "one",
                              date.iso());
        }
        if (!selection->prev_trading_date) return *selection;
        SPY_ASSIGN(const auto previous, choose(*selection->prev_trading_date));
        selection->roll = previous && previous->selected_symbol != selection->selected_symbol;
        return *selection;
    }

    TradingDays& days() { return days_; }
    [[nodiscard]] const ContractExpirations& expirations() const { return expirations_; }

  private:
    // All but the roll; none if every contract has expired.
    Result<std::optional<ContractDaySelection>> choose(const Date& date) {
        if (const auto known = chosen_.find(date); known != chosen_.end()) return known->second;
        ContractDaySelection selection;
        SPY_ASSIGN(selection.prev_trading_date, days_.before(date));
        SPY_ASSIGN(std::vector<Candidate> candidates, candidates_on(date, selection.prev_trading_date));
        if (candidates.empty()) return chosen_.emplace(date, std::nullopt).first->second;
        std::ranges::sort(candidates, [](const Candidate& a, const Candidate& b) {
            return std::tie(b.volume, a.expires, a.symbol) < std::tie(a.volume, b.expires, b.symbol);
        });
        selection.selected_symbol = candidates.front().symbol;
        selection.selected_exp_date = candidates.front().expires;
        selection.prev_volume_selected = candidates.front().volume;
        selection.prev_volume_rank2 = candidates.size() > 1 ? candidates[1].volume : 0;
        return chosen_.emplace(date, std::move(selection)).first->second;
    }

    Result<std::vector<Candidate>> candidates_on(const Date& date, const std::optional<Date>& previous) {
        const DayTrading* before = nullptr;
        if (previous) {
            SPY_ASSIGN(before, days_.on(*previous));
        }
        std::vector<Candidate> candidates;
        for (const std::string& symbol : days_.contracts_up_to(date)) {
            SPY_ASSIGN(const Date expires, expirations_.find(symbol, date, progress_));
            if (date >= expires) continue;
            Candidate candidate{symbol, expires, 0};
            if (before != nullptr) {
                if (const auto found = before->volume.find(symbol); found != before->volume.end())
                    candidate.volume = found->second;
            }
            candidates.push_back(std::move(candidate));
        }
        return candidates;
    }

    TradingDays days_;
    ContractExpirations expirations_;
    Progress& progress_;
    std::map<Date, std::optional<ContractDaySelection>> chosen_;
};

}  // namespace

Result<BuiltSelection> build_selection(const lake::Lake& lake, const std::string& root,
                                       const std::vector<Date>& dates, Progress& progress) {
    if (root.empty() || feed::symbol_root(root) != root) {
        return make_error(ErrorCode::usage,
                          "'{}' is no root of futures; write ES, not a contract such as ESH6", root);
    }
    SPY_ASSIGN(TradingDays days, TradingDays::of_root(lake, root, progress));
    SPY_ASSIGN(ContractExpirations expirations, ContractExpirations::of_root(lake, root));
    SelectionBuilder builder(std::move(days), std::move(expirations), progress);
    BuiltSelection built;
    for (const Date& date : dates) {
        SPY_ASSIGN(const DayTrading* day, builder.days().on(date));
        if (day->is_trading_date) {
            SPY_ASSIGN(ContractDaySelection selection, builder.select(date));
            built.rows.emplace(date, std::move(selection));
            continue;
        }
        built.notes.push_back(fmt::format("{} is left out: {}", date.iso(),
                                          builder.days().has_orders(date)
                                              ? "no contract traded in [05:00, 08:30) New York"
                                              : "the lake has no orders of that date"));
    }
    for (const auto& [symbol, note] : builder.expirations().notes()) built.notes.push_back(note);
    if (!built.rows.empty()) return built;
    return make_error(ErrorCode::missing, "no trading date of {} among the {} dates: {}", root, dates.size(),
                      built.notes.front());
}

}  // namespace spymaster::pipeline
