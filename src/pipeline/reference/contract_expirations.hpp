// When the contracts of a root expire, from what is known of them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lake/lake.hpp"
#include "market/time.hpp"
#include "pipeline/progress.hpp"

namespace spymaster::pipeline {

// Of the contract that a symbol means on a date: the third Friday of its month, in the first year from the
// date's on that ends in the symbol's digit; of two digits, of that year of this century.
// REQUIRES: a contract's symbol (feed::symbol_root() is another).
market::Date third_friday_expiration(std::string_view symbol, const market::Date& date);

class ContractExpirations {
  public:
    // Reads the definitions of the root's futures of every date in the lake. Error: whatever the lake says.
    static Result<ContractExpirations> of_root(const lake::Lake& lake, std::string root);

    // Of the contract that the symbol means on the date. Definitions of dates up to it go first, the latest of
    // them; then later ones; then the raw definition files of the date; then the third Friday, which is noted.
    // Error: whatever the decoder says.
    Result<market::Date> find(const std::string& symbol, const market::Date& date, Progress& progress);

    // Once a contract.
    [[nodiscard]] const std::map<std::string, std::string>& notes() const { return notes_; }

  private:
    struct Known {
        market::Date defined;
        market::Date expires;
    };

    explicit ContractExpirations(const lake::Lake& lake, std::string root)
        : lake_(lake), root_(std::move(root)) {}
    Result<void> read_partition(const lake::PartitionKey& key);
    Result<void> read_raw_files(const market::Date& date, Progress& progress);
    [[nodiscard]] std::optional<market::Date> known(const std::string& symbol,
                                                    const market::Date& date) const;

    lake::Lake lake_;
    std::string root_;
    std::map<std::string, std::vector<Known>> known_;
    std::set<market::Date> raw_files_read_;
    std::map<std::string, std::string> notes_;
};

}  // namespace spymaster::pipeline
