// The chain of spec 4.5 to 4.8 as plainly as it can be: a plain book an option, every window looks at everything, and
// strikes go to rows by comparing distances. Best quotes keep every price they touched in a map.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "../book/plain_book.hpp"
#include "market/product.hpp"
#include "market/session.hpp"
#include "windows/chain_engine.hpp"

namespace spymaster::testing {

// Best quotes, by the words of spec 4.6 and the rule of fills.
class PlainQuotes {
  public:
    struct Flow {
        std::int64_t add = 0, gone = 0, traded = 0;
    };
    using Key = std::pair<char, std::int64_t>;  // side, price

    void apply(const dbn::Cmbp1Msg& m) {
        const auto& l = m.levels[0];
        bad = m.flags & dbn::flag::maybe_bad_book;
        disrupted |= bad;
        if (m.action == 'R') {
            top.clear();
            cleared = disrupted = true;
            return;
        }
        std::map<char, std::pair<std::int64_t, std::int64_t>> now;
        if (there(l.bid_px, l.bid_sz)) now['B'] = {l.bid_px, l.bid_sz};
        if (there(l.ask_px, l.ask_sz)) now['A'] = {l.ask_px, l.ask_sz};
        if (m.flags & dbn::flag::snapshot) {
            top = now;
            cleared = disrupted = true;
            return;
        }
        if (m.action == 'T' && there(m.price, m.size)) {
            char hit = m.side == 'B' ? 'A' : m.side == 'A' ? 'B' : ' ';
            if (hit == ' ' && top.contains('B') && m.price <= top['B'].first) hit = 'B';
            if (m.side != 'A' && m.side != 'B' && top.contains('A') && m.price >= top['A'].first) hit = 'A';
            if (hit != ' ') flow[{hit, m.price}].traded += m.size;
        }
        for (const char side : {'A', 'B'}) {
            std::map<std::int64_t, std::int64_t> change;
            if (now.contains(side)) change[now[side].first] += now[side].second;
            if (top.contains(side)) change[top[side].first] -= top[side].second;
            for (const auto& [price, by] : change) {
                if (by > 0) flow[{side, price}].add += by;
                if (by < 0) flow[{side, price}].gone -= by;
            }
        }
        top = now;
    }
    [[nodiscard]] std::int64_t qty(char side, std::int64_t price) const {
        const auto found = top.find(side);
        return found != top.end() && found->second.first == price ? found->second.second : 0;
    }

    std::map<char, std::pair<std::int64_t, std::int64_t>> top;  // by side: price, size
    std::map<Key, Flow> flow;                                   // of the window
    bool cleared = false, disrupted = false, bad = false;

  private:
    static bool there(std::int64_t price, std::uint32_t qty) {
        return price > 0 && price != dbn::kUndefPrice && qty > 0 && qty != dbn::kUndefSize;
    }
};

class PlainChain {
  public:
    PlainChain(const market::Grid& grid, market::SessionWindow session, const windows::SpotTrack& spots)
        : grid_(grid), session_(session), spots_(spots) {}

    void add_option(std::uint32_t id, const windows::OptionTerms& terms) {
        options_.try_emplace(id, Option{.terms = terms, .book = {}, .quotes = {}});
    }
    void apply(const dbn::MboMsg& m) {
        const auto found = options_.find(m.hd.instrument_id);
        if (found == options_.end() || found->second.quotes) return;
        Option& option = found->second;
        const std::int64_t t = PlainBook::time(m);
        if (!roll(t)) return;
        if (!option.book) {
            option.book.emplace(grid_.rest_ns);
            option.book->watch_crossed = false;
        }
        const bool reset = m.action == 'R' || (m.flags & dbn::flag::snapshot);
        if (!begins_with_reset_) begins_with_reset_ = reset;
        option.book->apply(m, t);
    }
    void apply(const dbn::Cmbp1Msg& m) {
        const auto found = options_.find(m.hd.instrument_id);
        if (found == options_.end() || found->second.book) return;
        if (!roll(static_cast<std::int64_t>(m.hd.ts_event))) return;
        if (!found->second.quotes) found->second.quotes.emplace();
        found->second.quotes->apply(m);
    }
    void finish() {
        if (!window_) open(first());
        while (!over()) close(), open(*window_ + 1);
    }

    std::vector<windows::ChainWindow> windows;

  private:
    struct Option {
        windows::OptionTerms terms;
        std::optional<PlainBook> book;
        std::optional<PlainQuotes> quotes;
        bool trusted_at_start = true;
        std::uint64_t clears = 0, disruptions = 0;
    };
    using Qty = std::map<std::int64_t, std::int64_t>;

    [[nodiscard]] std::int64_t first() const {
        std::int64_t w = session_.start_ns / grid_.window_ns - 1;
        while ((w + 1) * grid_.window_ns < session_.start_ns) ++w;
        return w;
    }
    [[nodiscard]] bool over() const { return (*window_ + 1) * grid_.window_ns > session_.end_ns; }
    bool roll(std::int64_t t) {
        const std::int64_t w = t / grid_.window_ns;
        if (!window_) open(std::min(w, first()));
        while (*window_ < w && !over()) close(), open(*window_ + 1);
        return !over();
    }
    [[nodiscard]] bool trusted(const Option& o) const {
        if (o.quotes) return !o.quotes->bad;
        if (!o.book) return true;
        return o.book->valid || (o.book->epoch == 0 && *begins_with_reset_);
    }
    void open(std::int64_t w) {
        window_ = w;
        for (auto& [id, o] : options_) {
            o.trusted_at_start = trusted(o);
            if (o.book) {
                o.book->flow.clear();
                o.clears = o.book->clears;
                o.disruptions = o.book->disruptions;
            } else {
                o.clears = o.disruptions = 0;
            }
            if (o.quotes) {
                o.quotes->flow.clear();
                o.quotes->cleared = o.quotes->disrupted = false;
            }
        }
    }
    // The row whose strike is the nearest; of two as near, the upper.
    [[nodiscard]] std::optional<int> row_of(std::int64_t strike, std::int64_t spot) const {
        const auto distance = [&](int k) {
            const long double at =
                static_cast<long double>(spot) + static_cast<long double>(grid_.step().nanos) * k;
            return std::max(at - static_cast<long double>(strike), static_cast<long double>(strike) - at);
        };
        const int half = grid_.steps_per_side();
        int best = -half - 1;
        for (int k = -half - 1; k <= half + 1; ++k) {
            if (distance(k) <= distance(best)) best = k;
        }
        if (best < -half || best > half) return std::nullopt;
        return best;
    }
    void close() {
        const std::int64_t start = *window_ * grid_.window_ns, end = start + grid_.window_ns;
        if (!session_.emits(end)) return;
        windows::ChainWindow out;
        out.window_start_ts_ns = start;
        out.window_end_ts_ns = end;
        const std::int64_t spot = std::max<std::int64_t>(0, spots_.spot_ref_price_int(end));
        out.spot_ref_price_int = spot;
        for (const market::Right right : {market::Right::call, market::Right::put}) {
            for (const market::Side side : {market::Side::ask, market::Side::bid}) {
                for (int k = -grid_.steps_per_side(); k <= grid_.steps_per_side(); ++k)
                    out.cells.push_back(cell(right, side, k, spot, end));
            }
        }
        for (const auto& [id, o] : options_) {
            std::int64_t bid = 0, ask = 0;
            if (o.book) bid = o.book->best('B').value_or(0), ask = o.book->best('A').value_or(0);
            if (o.quotes) {
                bid = o.quotes->top.contains('B') ? o.quotes->top.at('B').first : 0;
                ask = o.quotes->top.contains('A') ? o.quotes->top.at('A').first : 0;
            }
            if (bid <= 0 || ask <= bid) continue;
            const double mid =
                static_cast<double>(static_cast<std::uint64_t>(bid) + static_cast<std::uint64_t>(ask)) * 0.5;
            out.quotes.push_back(
                {id, o.terms.right, o.terms.strike_price_int, bid, ask, mid * 1e-9, mid, trusted(o)});
        }
        windows.push_back(std::move(out));
    }
    windows::StrikeFlow1s cell(market::Right right, market::Side side, int k, std::int64_t spot,
                               std::int64_t end) {
        windows::StrikeFlow1s sum;
        sum.rel_ticks = k * grid_.step_ticks;
        sum.strike_price_int = spot + k * grid_.step().nanos;
        sum.right = right;
        sum.side = side;
        sum.window_valid = spot > 0;
        if (spot <= 0) return sum;
        for (const auto& [id, o] : options_) {
            if (o.terms.right != right || row_of(o.terms.strike_price_int, spot) != std::optional(k))
                continue;
            const char letter = market::letter(side);
            bool disrupted = false;
            if (o.book) add_book(sum, *o.book, letter, end), disrupted = o.book->disruptions != o.disruptions;
            if (o.quotes) add_quotes(sum, *o.quotes, letter), disrupted = o.quotes->disrupted;
            if (disrupted || !trusted(o) || !o.trusted_at_start) sum.window_valid = false;
        }
        return sum;
    }
    void add_book(windows::StrikeFlow1s& sum, const PlainBook& book, char letter, std::int64_t end) const {
        std::map<std::int64_t, std::array<std::int64_t, 2>> levels;  // quantity, of it resting
        for (const auto& [key, o] : book.orders) {
            if (o.side != letter) continue;
            levels[o.price][0] += o.qty;
            levels[o.price][1] += end - o.t_enter >= grid_.rest_ns ? o.qty : 0;
        }
        for (const auto& [key, f] : book.flow) {
            if (key.first == letter) levels.try_emplace(key.second);
        }
        for (const auto& [price, qty] : levels) {
            const auto found = book.flow.find({letter, price});
            const PlainBook::Flow f = found == book.flow.end() ? PlainBook::Flow{} : found->second;
            sum.depth_qty_end += qty[0];
            sum.depth_qty_rest += qty[1];
            sum.depth_qty_start += std::max<std::int64_t>(0, qty[0] - f.add + f.pull + f.fill);
            sum.add_qty += f.add;
            sum.pull_qty_total += f.pull;
            sum.pull_qty_rest += f.pull_rest;
            sum.fill_qty += f.fill;
        }
    }
    static void add_quotes(windows::StrikeFlow1s& sum, const PlainQuotes& quotes, char letter) {
        std::set<std::int64_t> prices;
        if (quotes.top.contains(letter)) prices.insert(quotes.top.at(letter).first);
        for (const auto& [key, f] : quotes.flow) {
            if (key.first == letter) prices.insert(key.second);
        }
        for (const std::int64_t price : prices) {
            const auto found = quotes.flow.find({letter, price});
            const PlainQuotes::Flow f = found == quotes.flow.end() ? PlainQuotes::Flow{} : found->second;
            const std::int64_t fill = std::min(f.traded, f.gone);
            const std::int64_t end = quotes.qty(letter, price);
            sum.depth_qty_end += end;
            sum.depth_qty_start += std::max<std::int64_t>(0, end - f.add + f.gone);
            sum.add_qty += f.add;
            sum.pull_qty_total += f.gone - fill;
            sum.fill_qty += fill;
        }
    }

    market::Grid grid_;
    market::SessionWindow session_;
    const windows::SpotTrack& spots_;
    std::optional<std::int64_t> window_;
    std::map<std::uint32_t, Option> options_;
    std::optional<bool> begins_with_reset_;  // the first record tells
};

}  // namespace spymaster::testing
