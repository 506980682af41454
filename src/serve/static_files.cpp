#include "serve/static_files.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <system_error>

namespace spymaster::serve {

namespace {

constexpr std::uintmax_t kMaxFile = 64U << 20U;

constexpr std::array<std::pair<std::string_view, std::string_view>, 14> kContentTypes{{
    {".html", "text/html; charset=utf-8"},
    {".js", "text/javascript; charset=utf-8"},
    {".mjs", "text/javascript; charset=utf-8"},
    {".css", "text/css; charset=utf-8"},
    {".json", "application/json"},
    {".map", "application/json"},
    {".wasm", "application/wasm"},
    {".svg", "image/svg+xml"},
    {".png", "image/png"},
    {".ico", "image/x-icon"},
    {".woff2", "font/woff2"},
    {".txt", "text/plain; charset=utf-8"},
    {".webmanifest", "application/manifest+json"},
    {".arrow", kArrowContentType},
}};

std::string_view content_type(const std::filesystem::path& file) {
    const auto extension = file.extension().string();
    for (const auto& [known, type] : kContentTypes) {
        if (extension == known) return type;
    }
    return "application/octet-stream";
}

// Every part of the path is letters, digits, '.', '_', '-' and does not start with '.': no way up, no hidden
// file.
bool is_plain(std::string_view path) {
    while (!path.empty()) {
        const auto slash = path.find('/');
        const auto part = path.substr(0, slash);
        path = slash == std::string_view::npos ? std::string_view() : path.substr(slash + 1);
        const bool plain = std::all_of(part.begin(), part.end(), [](unsigned char c) {
            return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' ||
                   c == '_' || c == '-';
        });
        if (part.empty() || part.front() == '.' || !plain) return false;
    }
    return true;
}

bool is_below(const std::filesystem::path& file, const std::filesystem::path& folder) {
    return std::mismatch(folder.begin(), folder.end(), file.begin(), file.end()).first == folder.end();
}

Reply not_built(const std::filesystem::path& web) {
    Reply reply;
    reply.status = 404;
    reply.content_type = "text/plain; charset=utf-8";
    reply.body = fmt::format(
        "The page is not built: there is no {}/index.html.\n"
        "Build it with `make web`, or say where it is with `spymaster serve --web DIR`.\n"
        "The data are here all the same: /v1/catalog\n",
        web.string());
    return reply;
}

}  // namespace

Reply static_file(const std::filesystem::path& web, std::string_view path) {
    const bool index = path == "/" || path == "/index.html";
    const std::string_view relative = index ? "index.html" : path.substr(1);
    const auto not_found = [&] {
        return index ? not_built(web) : error_reply(404, "there is nothing at this path");
    };
    if (!is_plain(relative)) return not_found();

    std::error_code failed;
    const auto folder = std::filesystem::canonical(web, failed);
    if (failed) return not_found();
    const auto file = std::filesystem::canonical(folder / relative, failed);
    if (failed || !is_below(file, folder) || !std::filesystem::is_regular_file(file, failed))
        return not_found();
    const auto size = std::filesystem::file_size(file, failed);
    if (failed || size > kMaxFile) return not_found();

    std::ifstream in(file, std::ios::binary);
    Reply reply;
    reply.body.assign(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (in.bad() || reply.body.size() != size) return error_reply(500, "the file could not be read");
    reply.content_type = content_type(file);
    const bool hashed = relative.starts_with("assets/");
    reply.headers.emplace_back("Cache-Control", hashed ? "public, max-age=31536000, immutable" : "no-cache");
    return reply;
}

}  // namespace spymaster::serve
