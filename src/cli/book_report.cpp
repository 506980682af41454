#include "cli/book_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "market/time.hpp"

namespace spymaster::cli {

namespace {

using book::Book;
using book::Level;
using market::Side;
using Json = nlohmann::ordered_json;

// "4810.25": at least two decimals, exact.
std::string price_text(std::int64_t nanos) {
    const bool negative = nanos < 0;
    const std::uint64_t size =
        negative ? 0 - static_cast<std::uint64_t>(nanos) : static_cast<std::uint64_t>(nanos);
    std::string fraction = fmt::format("{:09}", size % 1'000'000'000);
    while (fraction.size() > 2 && fraction.back() == '0') fraction.pop_back();
    return fmt::format("{}{}.{}", negative ? "-" : "", size / 1'000'000'000, fraction);
}

// Best first.
std::vector<Level> levels_of(const Book& book, Side side) {
    std::vector<Level> levels;
    book.ladder().for_each_between(
        side, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
        [&](std::uint32_t cell, std::int64_t) { levels.push_back(book.ladder().level(cell)); });
    if (side == Side::bid) std::reverse(levels.begin(), levels.end());
    return levels;
}

std::string instant(std::uint64_t ts) {
    if (ts > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return "undefined";
    return market::format_utc(static_cast<std::int64_t>(ts));
}

Json side_json(const std::vector<Level>& levels, std::size_t shown) {
    Json out = Json::array();
    for (std::size_t i = 0; i < std::min(levels.size(), shown); ++i) {
        out.push_back({{"price_int", levels[i].price.nanos},
                       {"price", levels[i].price.points()},
                       {"qty", levels[i].qty},
                       {"orders", levels[i].orders}});
    }
    return out;
}

void print_levels(const std::vector<Level>& bids, const std::vector<Level>& asks, std::size_t shown) {
    fmt::print("\n{:>8} {:>10} {:>14}   {:<14} {:>10} {:>8}\n", "orders", "qty", "bid", "ask", "qty",
               "orders");
    for (std::size_t i = 0; i < std::min(shown, std::max(bids.size(), asks.size())); ++i) {
        const std::string bid = i < bids.size() ? fmt::format("{:>8} {:>10} {:>14}", bids[i].orders,
                                                              bids[i].qty, price_text(bids[i].price.nanos))
                                                : std::string(34, ' ');
        const std::string ask = i < asks.size()
                                    ? fmt::format("   {:<14} {:>10} {:>8}", price_text(asks[i].price.nanos),
                                                  asks[i].qty, asks[i].orders)
                                    : std::string();
        fmt::print("{}{}\n", bid, ask);
    }
}

}  // namespace

BookReport::BookReport(std::string file, Name name, Read read, const Book& book, std::size_t levels)
    : file_(std::move(file)),
      name_(std::move(name)),
      read_(read),
      book_(book),
      levels_(levels),
      bids_(levels_of(book, Side::bid)),
      asks_(levels_of(book, Side::ask)) {}

// The orders and the levels are kept apart, so one can be added up against the other.
std::vector<BookReport::Check> BookReport::checks() const {
    std::map<std::uint32_t, std::pair<std::int64_t, std::uint32_t>> by_cell;
    book_.orders().for_each([&](const book::OrderTable::Order& order) {
        by_cell[order.cell].first += order.qty;
        ++by_cell[order.cell].second;
    });
    bool same = true;
    std::size_t counted = 0;
    for (const auto& [cell, sum] : by_cell) {
        const Level level = book_.ladder().level(cell);
        same = same && level.qty >= sum.first && level.orders == sum.second;
        counted += level.orders;
    }
    const auto best_is_first = [&](Side side, const std::vector<Level>& levels) {
        return book_.ladder().empty(side) ? levels.empty()
                                          : !levels.empty() && book_.ladder().best(side) == levels.front();
    };
    return {{"levels hold what their orders add up to", same},
            {"every order is in a level", counted == book_.orders().size()},
            {"the best prices are the first levels",
             best_is_first(Side::bid, bids_) && best_is_first(Side::ask, asks_)},
            {"level counts", bids_.size() == book_.ladder().level_count(Side::bid) &&
                                 asks_.size() == book_.ladder().level_count(Side::ask)}};
}

void BookReport::print_json() const {
    Json anomalies = Json::object();
    for (std::size_t kind = 0; kind < book::kAnomalyKinds; ++kind) {
        anomalies[std::string(book::kAnomalyNames[kind])] = book_.anomalies().by_kind[kind];
    }
    Json checked = Json::object();
    for (const Check& check : checks()) {
        std::string key = check.name;
        std::replace(key.begin(), key.end(), ' ', '_');
        checked[key] = check.holds;
    }
    Json crossed = {{"count", book_.crossed_publishes().count}};
    if (book_.crossed_publishes().count != 0) {
        crossed["first_ts_recv"] = instant(book_.crossed_publishes().first_ts_recv);
        crossed["last_ts_recv"] = instant(book_.crossed_publishes().last_ts_recv);
    }
    const Json out = {{"file", file_},
                      {"complete", read_.complete},
                      {"publisher_id", name_.publisher_id},
                      {"instrument_id", name_.instrument_id},
                      {"symbol", name_.symbol},
                      {"last_ts_recv", instant(read_.last_ts_recv)},
                      {"records", read_.records},
                      {"publishes", book_.publishes()},
                      {"orders", book_.orders().size()},
                      {"bid_prices", bids_.size()},
                      {"ask_prices", asks_.size()},
                      {"book_valid", book_.continuity().valid()},
                      {"epoch", book_.continuity().epoch()},
                      {"last_trade_price_int", book_.last_trade()},
                      {"bids", side_json(bids_, levels_)},
                      {"asks", side_json(asks_, levels_)},
                      {"checks", checked},
                      {"anomalies", anomalies},
                      {"crossed_publishes", crossed}};
    fmt::print("{}\n", out.dump());
}

void BookReport::print_table() const {
    fmt::print("{}  publisher {}  instrument {}\n", name_.symbol.empty() ? "(no symbol)" : name_.symbol,
               name_.publisher_id, name_.instrument_id);
    fmt::print("as of {} (ts_recv)  {} records, {} events\n", instant(read_.last_ts_recv), read_.records,
               book_.publishes());
    print_levels(bids_, asks_, levels_);
    if (!bids_.empty() && !asks_.empty()) {
        fmt::print("\nbest     {} / {}  spread {}\n", price_text(bids_[0].price.nanos),
                   price_text(asks_[0].price.nanos), price_text(asks_[0].price.nanos - bids_[0].price.nanos));
    }
    fmt::print("total    {} orders, {} bid and {} ask prices\n", book_.orders().size(), bids_.size(),
               asks_.size());
    fmt::print("trade    {}\n", book_.last_trade() == 0 ? "none" : price_text(book_.last_trade()));
    fmt::print(
        "state    {}, epoch {}\n",
        book_.continuity().valid() ? "valid" : "not valid: no complete clear or snapshot, or a gap since",
        book_.continuity().epoch());
    for (const Check& check : checks()) {
        fmt::print("check    {}: {}\n", check.name, check.holds ? "yes" : "NO");
    }
    const book::CrossedPublishes& crossed = book_.crossed_publishes();
    fmt::print("crossed  {} times{}\n", crossed.count,
               crossed.count == 0 ? ""
                                  : fmt::format(", from {} to {}", instant(crossed.first_ts_recv),
                                                instant(crossed.last_ts_recv)));
    fmt::print("odd      {}", book_.anomalies().total() == 0 ? "nothing" : "");
    for (std::size_t kind = 0, shown = 0; kind < book::kAnomalyKinds; ++kind) {
        if (book_.anomalies().by_kind[kind] == 0) continue;
        fmt::print("{}{} {}", shown++ == 0 ? "" : ", ", book::kAnomalyNames[kind],
                   book_.anomalies().by_kind[kind]);
    }
    fmt::print("\n");
}

}  // namespace spymaster::cli
