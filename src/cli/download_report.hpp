// What `spymaster download` prints: costs, and how it went.
#pragma once

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "feed/historical/download_jobs.hpp"

namespace spymaster::cli {

feed::JobCost total_of(const std::vector<feed::JobQuote>& quotes);

// A table, and the total.
void print_quotes(std::FILE* out, const std::vector<feed::JobQuote>& quotes);
// On stdout.
void print_quotes_json(const std::vector<feed::JobQuote>& quotes, const feed::DownloadOutcome& outcome);
void print_outcome_json(const std::string& command, const std::filesystem::path& tracker,
                        const feed::DownloadOutcome& outcome);

}  // namespace spymaster::cli
