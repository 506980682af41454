#include "cli/where.hpp"

#include <cstdlib>

namespace spymaster::cli {

namespace fs = std::filesystem;

namespace {

bool from_environment(const char* name, fs::path& path) {
    const char* const value = std::getenv(name);
    if (value == nullptr || *value == '\0') return false;
    path = value;
    return true;
}

}  // namespace

fs::path lake_root(const std::string& given) {
    fs::path path = "lake";
    if (!given.empty()) return given;
    from_environment("SPYMASTER_LAKE", path);
    return path;
}

fs::path contracts_folder(const std::string& given) {
    fs::path path = "contracts";
    if (!given.empty()) return given;
    if (from_environment("SPYMASTER_CONTRACTS", path)) return path;
    std::error_code failed;
    if (fs::exists(path / "datasets.yaml", failed)) return path;
    for (fs::path above = fs::read_symlink("/proc/self/exe", failed).parent_path(); above.has_relative_path();
         above = above.parent_path()) {
        if (fs::exists(above / "contracts" / "datasets.yaml", failed)) return above / "contracts";
    }
    return path;
}

}  // namespace spymaster::cli
