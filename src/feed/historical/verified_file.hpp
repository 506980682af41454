// One file of a batch job: resumed, hashed as it comes, and put in its place when it is what was promised.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

#include "base/result.hpp"
#include "feed/historical/batch_service.hpp"

namespace spymaster::feed {

struct VerifiedFileContext {
    BatchService& service;
    std::function<bool(std::chrono::milliseconds)> pause;  // false: the work is to stop
    std::function<bool()> stopped;
    std::function<void(const std::string&)> say;
    std::function<void(std::uint64_t bytes)> progress;  // of the file, on disk so far
};

// Makes missing folders. Errors and retries: job_files.hpp. conflict: something came into the place meanwhile.
Result<void> download_verified(const VerifiedFileContext& context, const RemoteFile& file,
                               const std::string& job_id, const std::filesystem::path& place);

}  // namespace spymaster::feed
