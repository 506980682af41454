#include "cli/book_totals.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace spymaster::cli {

void BookTotals::add(const book::Book& book, std::uint64_t records) {
    ++books_;
    records_ += records;
    orders_ += book.orders().size();
    bid_prices_ += book.ladder().level_count(market::Side::bid);
    ask_prices_ += book.ladder().level_count(market::Side::ask);
    bytes_ += book.memory_bytes();
    largest_ = std::max<std::uint64_t>(largest_, book.memory_bytes());
    not_valid_ += book.continuity().valid() ? 0U : 1U;
    crossed_ += book.crossed_publishes().count;
    for (std::size_t kind = 0; kind < book::kAnomalyKinds; ++kind)
        anomalies_.by_kind[kind] += book.anomalies().by_kind[kind];
}

void BookTotals::print_json() const {
    nlohmann::ordered_json anomalies = nlohmann::ordered_json::object();
    for (std::size_t kind = 0; kind < book::kAnomalyKinds; ++kind)
        anomalies[std::string(book::kAnomalyNames[kind])] = anomalies_.by_kind[kind];
    const nlohmann::ordered_json out = {{"file", file_},
                                        {"complete", complete_},
                                        {"books", books_},
                                        {"records", records_},
                                        {"orders", orders_},
                                        {"bid_prices", bid_prices_},
                                        {"ask_prices", ask_prices_},
                                        {"memory_bytes", bytes_},
                                        {"bytes_per_book", per(books_)},
                                        {"bytes_per_order", per(orders_)},
                                        {"largest_book_bytes", largest_},
                                        {"books_not_valid", not_valid_},
                                        {"crossed_publishes", crossed_},
                                        {"anomalies", anomalies}};
    fmt::print("{}\n", out.dump());
}

void BookTotals::print_table() const {
    fmt::print("books    {}, {} records; {} of them not valid\n", books_, records_, not_valid_);
    fmt::print("total    {} orders, {} bid and {} ask prices\n", orders_, bid_prices_, ask_prices_);
    fmt::print("memory   {} bytes: {} a book, {} an order; the largest book {}\n", bytes_, per(books_),
               per(orders_), largest_);
    fmt::print("crossed  {} times\n", crossed_);
    fmt::print("odd      {}", anomalies_.total() == 0 ? "nothing" : "");
    for (std::size_t kind = 0, shown = 0; kind < book::kAnomalyKinds; ++kind) {
        if (anomalies_.by_kind[kind] == 0) continue;
        fmt::print("{}{} {}", shown++ == 0 ? "" : ", ", book::kAnomalyNames[kind], anomalies_.by_kind[kind]);
    }
    fmt::print("\n");
}

}  // namespace spymaster::cli
