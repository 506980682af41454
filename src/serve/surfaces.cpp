#include "serve/surfaces.hpp"

#include <algorithm>

#include <fmt/ranges.h>

#include "serve/parameters.hpp"

namespace spymaster::serve {

Result<Surface> find_surface(std::string_view name, StreamKind kind) {
    if (name == "physics") return Surface::physics_bands;
    if (name == "snap" && kind == StreamKind::hud) return Surface::book_snapshot;
    const auto found = std::ranges::find(kSurfaceNames, name);
    if (found != kSurfaceNames.end())
        return kSurfaces[static_cast<std::size_t>(found - kSurfaceNames.begin())];
    return make_error(ErrorCode::usage, "there is no surface '{}'; surfaces are {}", shown(name),
                      fmt::join(kSurfaceNames, ", "));
}

Result<SurfaceSet> parse_surfaces(std::string_view list, StreamKind kind) {
    SurfaceSet surfaces;
    while (true) {
        const auto comma = list.find(',');
        SPY_ASSIGN(const auto surface, find_surface(list.substr(0, comma), kind));
        surfaces.insert(surface);
        if (comma == std::string_view::npos) return surfaces;
        list.remove_prefix(comma + 1);
    }
}

std::string json_list(SurfaceSet surfaces) {
    std::string list = "[";
    for (const auto surface : kSurfaces) {
        if (!surfaces.contains(surface)) continue;
        list += list.size() > 1 ? ",\"" : "\"";
        list.append(name_of(surface)) += '"';
    }
    return list + "]";
}

}  // namespace spymaster::serve
