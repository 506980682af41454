// Where the program finds things when the command line does not say.
#pragma once

#include <filesystem>
#include <string>

namespace spymaster::cli {

// --lake, else $SPYMASTER_LAKE, else ./lake.
std::filesystem::path lake_root(const std::string& given);

// --contracts, else $SPYMASTER_CONTRACTS, else the first "contracts" folder with datasets.yaml in the working
// folder or above the program's own. If there is none: "contracts", for the error message to name.
std::filesystem::path contracts_folder(const std::string& given);

}  // namespace spymaster::cli
