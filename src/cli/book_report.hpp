// What `spymaster book` prints: the levels of a book, totals, whether it adds up, and what did not fit.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "book/book.hpp"

namespace spymaster::cli {

class BookReport {
  public:
    struct Name {
        std::uint16_t publisher_id;
        std::uint32_t instrument_id;
        std::string symbol;  // empty: unmapped
    };
    struct Read {
        std::uint64_t records;
        std::uint64_t last_ts_recv;
        bool complete;  // the file could be read to its end, or to the moment asked for
    };

    // `levels`: prices to show on each side. REQUIRES: `book` outlives the report and does not change.
    BookReport(std::string file, Name name, Read read, const book::Book& book, std::size_t levels);

    void print_table() const;
    void print_json() const;

  private:
    struct Check {
        const char* name;
        bool holds;
    };
    [[nodiscard]] std::vector<Check> checks() const;

    std::string file_;
    Name name_;
    Read read_;
    const book::Book& book_;
    std::size_t levels_;
    std::vector<book::Level> bids_;  // best first
    std::vector<book::Level> asks_;
};

}  // namespace spymaster::cli
