// Which options on a symbol expire on a date, by its definition files (spec 2.5): what their data are asked for by.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

struct ZeroDteAssets {
    std::vector<std::string> assets;  // sorted, each once; empty: no option on the symbol expires on the date
    std::uint64_t options = 0;        // on the symbol, whenever they expire
    std::vector<std::string> surprises;  // assets of ES that its usual calendar does not have on such a date
};

// Options of product whose underlying is the symbol or a contract of it, by the last record of each, and whose
// expiration is on the date (market::expiration_date). Records of other datasets are skipped. Memory: an entry an option.
// Error: whatever the decoder says (file, byte, record); missing: the files have no option on the symbol; conflict: a
// file without metadata. REQUIRES: an option product.
Result<ZeroDteAssets> zero_dte_assets(const std::vector<std::filesystem::path>& files,
                                      const market::Product& product, const std::string& symbol,
                                      const market::Date& date);

// Whether the usual calendar of ES has options of the asset expire on such a date: ES on the third Friday, EW and EW1 to
// EW4 on other Fridays, E1... to E5... on other days. Holidays, month ends and quarters break it.
bool is_usual_asset(const std::string& asset, const market::Date& date);

}  // namespace spymaster::feed
