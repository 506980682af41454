// The seconds of a day as gamma exposure reads them from the lake: snapshots of the underlying, quotes of the options, and the
// open interest that has become known.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "physics/gamma/gex_engine.hpp"
#include "pipeline/reference/option_universe.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

// The options of a universe on one underlying, each with the moment it expires.
Result<std::vector<physics::ListedOption>> listed_options(const OptionUniverse& universe,
                                                          const market::Product& product,
                                                          const std::string& symbol);
// The same from the definitions in the lake.
Result<std::vector<physics::ListedOption>> listed_options(const lake::Lake& lake,
                                                          const market::Product& product,
                                                          const std::string& symbol,
                                                          const market::Date& date);

// A second as gamma exposure takes it, of the snapshot of the underlying and its options' quotes.
physics::GexSecond gex_second(const windows::BookSnapshot1s& underlying,
                              std::span<const windows::OptionQuote1s> quotes);

// Reads a day in time order. In memory: the snapshots, a row a second, and of quotes and open interest a row group. One thread
// at a time.
class GexInputs {
  public:
    // Error: missing (something is not in the lake; says which command makes it), malformed, conflict (options and underlying
    // of different sessions), io. REQUIRES: a product of options.
    static Result<GexInputs> open(const lake::Lake& lake, const market::Product& product,
                                  const std::string& symbol, const market::Date& date);
    ~GexInputs();
    GexInputs(GexInputs&&) noexcept;
    GexInputs& operator=(GexInputs&&) noexcept;

    // What it is made from: quotes, snapshots of the underlying, open interest, definitions.
    [[nodiscard]] const std::vector<lake::PartitionKey>& partitions() const;
    [[nodiscard]] std::size_t seconds() const;

    // The next second, after telling the engine of the open interest published up to its end; nullptr after the last. Valid
    // until the next call. Error: malformed (quotes of a second that the underlying does not have, or out of order), io.
    Result<const physics::GexSecond*> next(physics::GexEngine& engine);

  private:
    struct Tables;
    explicit GexInputs(std::unique_ptr<Tables> tables);
    std::unique_ptr<Tables> tables_;
};

}  // namespace spymaster::pipeline
