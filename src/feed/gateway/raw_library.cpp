#include "feed/gateway/raw_library.hpp"

#include <algorithm>
#include <set>
#include <system_error>

#include "feed/gateway/library_scan.hpp"

namespace spymaster::feed {

namespace fs = std::filesystem;

namespace {

Result<std::vector<fs::path>> dbn_files(const fs::path& folder) {
    std::error_code failed;
    if (!fs::is_directory(folder, failed)) {
        return make_error(ErrorCode::missing, "{} is not a folder; give one with DBN files", folder.string());
    }
    std::vector<fs::path> files;
    auto entry = fs::recursive_directory_iterator(
        folder,
        fs::directory_options::skip_permission_denied | fs::directory_options::follow_directory_symlink,
        failed);
    for (; !failed && entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
        const std::string name = entry->path().filename().string();
        std::error_code unreadable;
        const bool dbn = name.ends_with(".dbn") || name.ends_with(".dbn.zst") ||
                         name.ends_with(".dbn.frag") || name.ends_with(".dbn.frag.zst");
        if (dbn && entry->is_regular_file(unreadable)) files.push_back(entry->path());
    }
    if (failed) return make_error(ErrorCode::io, "cannot list {}: {}", folder.string(), failed.message());
    std::sort(files.begin(), files.end());
    return files;
}

std::string names(const std::vector<dbn::Schema>& schemas) {
    std::string text;
    for (const auto schema : schemas) text += (text.empty() ? "" : ", ") + dbn::to_string(schema);
    return text;
}

bool contains(const std::vector<dbn::Schema>& schemas, dbn::Schema schema) {
    return std::find(schemas.begin(), schemas.end(), schema) != schemas.end();
}

}  // namespace

Result<RawLibrary> RawLibrary::open(const fs::path& folder) {
    SPY_ASSIGN(const auto paths, dbn_files(folder));
    RawLibrary library;
    for (const auto& path : paths) {
        auto scanned = scan_file(path, library.symbology_);
        if (scanned) {
            library.files_.push_back(std::move(scanned).value());
        } else {
            library.left_out_.push_back({path, scanned.error().message});
        }
    }
    if (library.files_.empty()) {
        std::string why = library.left_out_.empty() ? std::string() : ": " + library.left_out_.front().reason;
        return make_error(ErrorCode::missing, "no DBN file in {} can be served ({} left out){}",
                          folder.string(), library.left_out_.size(), why);
    }
    for (auto& [dataset, symbology] : library.symbology_) symbology.seal();
    return library;
}

std::vector<std::string> RawLibrary::datasets() const {
    std::set<std::string> found;
    for (const auto& file : files_) found.insert(file.dataset);
    return {found.begin(), found.end()};
}

std::vector<dbn::Schema> RawLibrary::schemas(std::string_view dataset) const {
    std::set<dbn::Schema> found;
    for (const auto& file : files_) {
        if (file.dataset == dataset) found.insert(file.schemas.begin(), file.schemas.end());
    }
    if (found.contains(dbn::Schema::mbo)) found.insert(dbn::Schema::trades);
    return {found.begin(), found.end()};
}

Result<void> RawLibrary::has(std::string_view dataset) const {
    const auto all = datasets();
    if (std::find(all.begin(), all.end(), dataset) != all.end()) return {};
    return make_error(ErrorCode::missing, "dataset '{}' is not in the library; it has {}", dataset,
                      fmt::join(all, ", "));
}

bool RawLibrary::trades_of_mbo(std::string_view dataset, dbn::Schema schema) const {
    return schema == dbn::Schema::trades &&
           std::none_of(files_.begin(), files_.end(), [dataset](const LibraryFile& file) {
               return file.dataset == dataset && contains(file.schemas, dbn::Schema::trades);
           });
}

std::vector<LibraryFile> RawLibrary::files_with(std::string_view dataset, dbn::Schema schema) const {
    const auto stored = trades_of_mbo(dataset, schema) ? dbn::Schema::mbo : schema;
    std::vector<LibraryFile> found;
    for (const auto& file : files_) {
        if (file.dataset == dataset && contains(file.schemas, stored)) found.push_back(file);
    }
    return found;
}

Result<DayRange> RawLibrary::range(std::string_view dataset) const {
    SPY_TRY(has(dataset));
    const auto all = days(dataset);
    return DayRange{all.front(), all.back().next()};
}

Result<DayRange> RawLibrary::range(std::string_view dataset, dbn::Schema schema) const {
    SPY_TRY(has(dataset));
    const auto files = files_with(dataset, schema);
    if (files.empty()) {
        return make_error(ErrorCode::missing, "schema '{}' of {} is not in the library; it has {}",
                          dbn::to_string(schema), dataset, names(schemas(dataset)));
    }
    Day first = day_of_ns(files.front().first_ns);
    Day last = first;
    for (const auto& file : files) {
        first = std::min(first, day_of_ns(file.first_ns));
        last = std::max(last, day_of_ns(file.last_ns));
    }
    return DayRange{date_of(first), date_of(last + 1)};
}

std::vector<market::Date> RawLibrary::days(std::string_view dataset) const {
    std::set<market::Date> found;
    for (const auto& file : files_) {
        if (file.dataset != dataset) continue;
        for (Day day = day_of_ns(file.first_ns); day <= day_of_ns(file.last_ns); ++day)
            found.insert(date_of(day));
    }
    return {found.begin(), found.end()};
}

Result<Resolution> RawLibrary::resolve(std::string_view dataset, const SymbolQuery& query) const {
    SPY_TRY(has(dataset));
    const auto found = symbology_.find(dataset);
    SPY_ASSERT(found != symbology_.end());
    return found->second.resolve(query);
}

Result<RecordReader> RawLibrary::read(const RecordQuery& query) const {
    SPY_TRY(range(query.dataset, query.schema));
    auto files = files_with(query.dataset, query.schema);
    const auto outside = [&query](const LibraryFile& file) {
        return file.first_ns >= query.end_ns || file.last_ns < query.start_ns;
    };
    if (query.filter == TimeField::index) std::erase_if(files, outside);
    return RecordReader(std::move(files), query, trades_of_mbo(query.dataset, query.schema));
}

Result<Bill> RawLibrary::bill(const RecordQuery& query) const {
    SPY_ASSIGN(auto reader, read(query));
    Bill bill;
    for (;;) {
        SPY_ASSIGN(const auto record, reader.next());
        if (record.empty()) return bill;
        ++bill.records;
        bill.bytes += record.size();
    }
}

}  // namespace spymaster::feed
