// The raw layer of the lake: which DBN files hold a product's records of a date (spec 2.1).
//
//   {lake}/raw/source=databento/product_type=future_mbo/symbol=ES/table=market_by_order_dbn/
//       glbx-mdp3-20260106.mbo.dbn.zst
//
// Raw files are never changed or deleted. A download may have put them in a folder of its own below that one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "market/product.hpp"
#include "market/time.hpp"

namespace spymaster::feed {

// A dataset as it stands in the names of files: "GLBX.MDP3" -> "glbx-mdp3".
std::string lower_dataset(std::string_view dataset);

// The root of a futures symbol: "ESH4" and "ESH24" -> "ES"; "ES" -> "ES" (anything that is not root, month
// letter of FGHJKMNQUVXZ and one or two digits is its own root).
std::string symbol_root(std::string_view symbol);

// The contract of a quarterly future that most of the trading is in on a date: from the Thursday eight days
// before a third Friday of March, June, September or December on, the next quarter's. ("ES", 2023-12-25) ->
// "ESH4".
std::string front_contract(std::string_view root, const market::Date& date);

// What a raw file of a product holds: its market data; the definitions of its instruments; or, for options,
// their statistics.
enum class RawKind : std::uint8_t { records, definitions, statistics };

// The folder of a product's raw files, whether or not it exists. `symbol` may be a futures contract: its root
// names the folder. Definitions of all symbols of a dataset lie in one folder. Error (usage): a symbol that is
// not [A-Za-z0-9._-]+, or is all dots; statistics of a product that has none.
Result<std::filesystem::path> raw_folder(const std::filesystem::path& lake_root,
                                         const market::Product& product, RawKind kind,
                                         std::string_view symbol);

// The nominal name of the raw file of a date: "glbx-mdp3-20260106.mbo.dbn.zst"; of definitions, which several
// symbols may have, with the symbol: "glbx-mdp3-20260106.ES.definition.dbn.zst".
std::string raw_file_name(const market::Product& product, RawKind kind, std::string_view symbol,
                          const market::Date& date);

// Every *{YYYYMMDD}*.dbn and *.dbn.zst under the raw folder, at any depth, sorted by path; never empty.
// Definitions: of every venue, so that what a stock is and what the options on it are can be read together.
// Error: missing (names the folder looked in and the commands that fill it), io, usage (as raw_folder).
Result<std::vector<std::filesystem::path>> find_raw_files(const std::filesystem::path& lake_root,
                                                          const market::Product& product, RawKind kind,
                                                          std::string_view symbol, const market::Date& date);

// A simulated file has a sidecar beside it, {file}.simulated.json, that says how it was made and how long the
// file is.
std::filesystem::path simulated_sidecar(const std::filesystem::path& raw_file);

// True if the sidecar is there and speaks of this very file (its size): a real file put in its place is not
// simulated.
bool is_simulated(const std::filesystem::path& raw_file);

}  // namespace spymaster::feed
