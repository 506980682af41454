#include "feed/gateway/library_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "dbn/decoder.hpp"
#include "dbn/upgrade.hpp"

namespace spymaster::feed {

namespace {

// 2200-01-01: a later stamp is damage, and would make the library's days endless.
constexpr std::uint64_t kLatest = 7'258'118'400ULL * 1'000'000'000ULL;

// The only parent that a file was requested with.
std::string only_parent(const dbn::Metadata& metadata) {
    const bool one = metadata.stype_in == dbn::SymbolType::parent && metadata.symbols.size() == 1;
    return one ? metadata.symbols.front() : std::string();
}

std::optional<std::uint32_t> parse_id(std::string_view text) {
    std::uint32_t id = 0;
    const auto [stop, failed] = std::from_chars(text.data(), text.data() + text.size(), id);
    if (failed != std::errc() || stop != text.data() + text.size()) return std::nullopt;
    return id;
}

void add_mappings(const dbn::Metadata& metadata, Symbology& symbology) {
    const std::string parent = only_parent(metadata);
    const bool ids_first = metadata.stype_in == dbn::SymbolType::instrument_id;
    for (const auto& mapping : metadata.mappings) {
        for (const auto& interval : mapping.intervals) {
            const auto& id_text = ids_first ? mapping.raw_symbol : interval.symbol;
            const auto& name = ids_first ? interval.symbol : mapping.raw_symbol;
            const auto id = parse_id(id_text);
            if (!id || parse_id(name)) continue;  // ids on both sides: no name
            symbology.add_mapping(name, *id, day_of(interval.start), day_of(interval.end), parent);
        }
    }
}

// Live recordings say in records what an id stands for.
void add_mapping_record(const std::byte* record, Symbology& symbology) {
    const auto mapping = dbn::read_symbol_mapping(record);
    if (!mapping || mapping->hd.ts_event >= kLatest) return;
    const auto name = dbn::text(mapping->stype_out_symbol);
    if (parse_id(name)) return;
    const Day day = day_of_ns(mapping->hd.ts_event);
    symbology.add_mapping(name, mapping->hd.instrument_id, day, day + 1);
}

class Scan {
  public:
    Scan(LibraryFile& file, Symbology& symbology) : file_(file), symbology_(symbology) {}

    void add(const std::byte* record) {
        const auto header = dbn::load<dbn::RecordHeader>(record);
        ++file_.records;
        seen_[header.rtype] = true;
        if (header.rtype == dbn::rtype::symbol_mapping) add_mapping_record(record, symbology_);
        const bool data = header.rtype != dbn::rtype::symbol_mapping && header.rtype != dbn::rtype::system &&
                          header.rtype != dbn::rtype::error;
        if (!data) return;
        const std::uint64_t ts = index_time(record);
        if (ts >= kLatest) {
            ++impossible_times;
            file_.in_order = false;
            return;
        }
        if (ts < file_.last_ns) file_.in_order = false;
        file_.first_ns = std::min(file_.first_ns, ts);
        file_.last_ns = std::max(file_.last_ns, ts);
        if (header.rtype == dbn::rtype::instrument_def) {
            if (const auto definition = dbn::read_definition(record)) symbology_.add_definition(*definition);
        }
    }

    [[nodiscard]] bool seen(std::uint8_t rtype) const { return seen_[rtype]; }
    std::uint64_t impossible_times = 0;

  private:
    LibraryFile& file_;
    Symbology& symbology_;
    std::array<bool, 256> seen_{};
};

// The schemas of a file: that of its metadata, else those that its types of records are of.
std::vector<dbn::Schema> schemas_of(const dbn::Metadata& metadata, const Scan& scan) {
    std::vector<dbn::Schema> schemas;
    for (int value = 0; value <= static_cast<int>(dbn::Schema::bbo_1m); ++value) {
        const auto schema = static_cast<dbn::Schema>(value);
        const auto type = rtype_of(schema);
        if (!type || !scan.seen(*type)) continue;
        const bool is_it = metadata.schema ? *metadata.schema == schema : schema != dbn::Schema::tbbo;
        if (is_it) schemas.push_back(schema);
    }
    return schemas;
}

}  // namespace

Result<LibraryFile> scan_file(const std::filesystem::path& path,
                              std::map<std::string, Symbology, std::less<>>& symbology) {
    SPY_ASSIGN(auto decoder, dbn::Decoder::open(path, {.own_thread = false}));
    const auto* metadata = decoder.metadata();
    if (metadata == nullptr) return make_error(ErrorCode::malformed, "a fragment, without metadata");
    if (metadata->dataset.empty()) return make_error(ErrorCode::malformed, "its metadata names no dataset");
    LibraryFile file;
    file.path = path;
    file.dataset = metadata->dataset;
    Symbology& names = symbology[file.dataset];
    add_mappings(*metadata, names);
    Scan scan(file, names);
    for (;;) {
        const auto block = decoder.next_block();
        if (!block) {
            file.warning = block.error().message;
            break;
        }
        if (block->empty()) break;
        dbn::for_each_record(*block, [&scan](const std::byte* record) { scan.add(record); });
    }
    file.schemas = schemas_of(*metadata, scan);
    if (file.schemas.empty() || file.first_ns > file.last_ns) {
        return make_error(ErrorCode::malformed, "no market data in it{}{}", file.warning.empty() ? "" : ": ",
                          file.warning);
    }
    if (scan.impossible_times > 0 && file.warning.empty()) {
        file.warning = fmt::format("{} records are from after the year 2200", scan.impossible_times);
    }
    return file;
}

}  // namespace spymaster::feed
