// What `spymaster book --all` prints: all books of a file together, and what they cost in memory.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "book/book.hpp"

namespace spymaster::cli {

class BookTotals {
  public:
    explicit BookTotals(std::string file, bool complete) : file_(std::move(file)), complete_(complete) {}

    void add(const book::Book& book, std::uint64_t records);

    void print_table() const;
    void print_json() const;

  private:
    [[nodiscard]] std::uint64_t per(std::uint64_t count) const { return count == 0 ? 0 : bytes_ / count; }

    std::string file_;
    bool complete_;  // the file could be read to its end, or to the moment asked for
    std::uint64_t books_ = 0;
    std::uint64_t records_ = 0;
    std::uint64_t orders_ = 0;
    std::uint64_t bid_prices_ = 0;
    std::uint64_t ask_prices_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t largest_ = 0;    // book, in bytes
    std::uint64_t not_valid_ = 0;  // books
    std::uint64_t crossed_ = 0;    // publishes
    book::AnomalyCounts anomalies_;
};

}  // namespace spymaster::cli
