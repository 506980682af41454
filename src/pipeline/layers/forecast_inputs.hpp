// The seconds of a day as the forecast reads them from the lake: snapshots of silver, fields of gold, and the
// obstacles of the options on it where there are any.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "forecast/forecaster.hpp"
#include "lake/lake.hpp"
#include "market/product.hpp"
#include "windows/rows.hpp"

namespace spymaster::pipeline {

// Whether the gold of a product of options tells obstacles: it has Omega_opt in its contract (quotes do not tell it).
bool tells_obstacles(const lake::Lake& lake, const market::Product& options);

// The complete option gold whose obstacles count for this symbol and date: options on the product that
// tell obstacles. None if there is none.
std::optional<lake::PartitionKey> option_obstacles_of(const lake::Lake& lake, const market::Product& product,
                                                      const std::string& symbol, const market::Date& date);

// One second of the lake. The spans are those of the reader, valid until its next call.
struct ForecastSecond {
    forecast::Second second;
    windows::BookSnapshot1s snapshot;
    forecast::Fields fields;                   // empty without a surface
    std::span<const double> option_obstacles;  // empty without options
};

// Reads a day in time order. In memory: the snapshots, a row a second, and of gold a row group a table. One thread
// at a time.
class ForecastInputs {
  public:
    // Error: missing (silver or gold not in the lake; says which command makes it), malformed, conflict (gold and
    // silver of different sessions or grids, options of another session or tick), io.
    static Result<ForecastInputs> open(const lake::Lake& lake, const market::Product& product,
                                       const std::string& symbol, const market::Date& date);
    ~ForecastInputs();
    ForecastInputs(ForecastInputs&&) noexcept;
    ForecastInputs& operator=(ForecastInputs&&) noexcept;

    [[nodiscard]] const market::Grid& grid() const;
    [[nodiscard]] const std::optional<market::Grid>& option_grid() const;
    // What a forecast of the day is made from; their manifests make its lineage.
    [[nodiscard]] const std::vector<lake::PartitionKey>& partitions() const;
    // Every second of the session, ascending.
    [[nodiscard]] const std::vector<windows::BookSnapshot1s>& snapshots() const;

    // The next second, or nullptr after the last. Error: malformed (gold that is not dense, or not of this second;
    // says which partition and window), io. After an error the reader stands where it stood.
    Result<const ForecastSecond*> next();
    // Makes snapshots()[window] the next second; snapshots().size(): the end. REQUIRES: there is one.
    void seek(std::size_t window);

  private:
    struct Tables;
    explicit ForecastInputs(std::unique_ptr<Tables> tables);
    std::unique_ptr<Tables> tables_;
};

}  // namespace spymaster::pipeline
