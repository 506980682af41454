#include "pipeline/day/job_report.hpp"

#include <algorithm>

namespace spymaster::pipeline {

Result<void> add_partition(const lake::Lake& lake, const lake::PartitionKey& key, bool written,
                           JobReport& report) {
    const auto is_this = [&key](const PartitionReport& partition) { return partition.key == key; };
    if (std::ranges::any_of(report.partitions, is_this)) return {};
    SPY_ASSIGN(const lake::Manifest manifest, lake.manifest(key));
    report.partitions.push_back(
        {key, manifest.row_count, manifest.files.empty() ? "" : manifest.files.front().sha256, written});
    return {};
}

void note_universe(const OptionUniverse& universe, const Job& job, JobReport& report) {
    const UniverseCounts& left = universe.counts();
    std::string why;
    const auto add = [&why](std::uint64_t count, std::string_view reason) {
        if (count != 0) why += fmt::format("{}{} {}", why.empty() ? "" : ", ", count, reason);
    };
    add(left.other_expirations, "expire on other days");
    add(left.other_underlyings, "are on other underlyings");
    add(left.other_classes, "are no calls or puts");
    add(left.user_defined, "are user-defined");
    add(left.spreads, "are spreads");
    add(left.deleted, "were deleted");
    add(left.without_terms, "have no strike");
    if (why.empty()) return;
    report.notes.push_back(fmt::format("{} options on {} expire on {}; of the other definitions {}",
                                       universe.options().size(), job.symbol, job.date.iso(), why));
}

void note_records_left_out(const Job& job, JobReport& report) {
    const auto note = [&report](std::uint64_t count, std::string_view what) {
        if (count != 0) report.notes.push_back(fmt::format("{} {} left out", count, what));
    };
    note(report.raw.other_dates, "other days' records");
    note(report.raw.other_symbols, job.product->is_option()
                                       ? "records of other instruments (not expiring that day, spreads, "
                                         "other underlyings, or unknown to "
                                         "the definitions)"
                                       : "other symbols' records");
    note(report.raw.other_types, fmt::format("records that are not {}", job.product->raw_schema));
    note(report.raw.other_publishers, "second publishers' records");
}

}  // namespace spymaster::pipeline
