// The files of a finished batch job, downloaded, verified and put where readers look for them.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "feed/historical/batch_service.hpp"
#include "feed/historical/job_plan.hpp"

namespace spymaster::feed {

struct JobFilesContext {
    BatchService& service;
    std::filesystem::path lake_root;
    std::function<bool(std::chrono::milliseconds)> pause;  // false: the work is to stop
    std::function<bool()> stopped;
    std::function<void(const std::string&)> say;                          // why something is tried again
    std::function<void(std::uint64_t done, std::uint64_t all)> progress;  // bytes of the job
};

// The one data file goes to its nominal place; several, each under its own name, to a folder of the job below it; all
// else to batch_job_folder(). Bytes are written to {folder}/.partial/{job}/{name}.partial, which is resumed where it
// ends; a file whose size and SHA-256 are right is synced and renamed to its place. A file that is there stays: the same
// bytes are not downloaded again. Lost connections are taken up again, up to five times in a row without a byte; a file
// with a wrong hash is deleted and downloaded anew, three times in all.
// Gives the paths of all files. Error: conflict (another file is in the place, or of the same day beside it: names both),
// malformed (the hash stays wrong), io, and as BatchService says.
Result<std::vector<std::filesystem::path>> download_job_files(const JobFilesContext& context,
                                                              const JobRequest& request,
                                                              const std::string& job_id);

// Raw files of the request's day that are there already: for definitions its own, else any that readers would take beside
// it. Recordings of live feeds are none: readers leave them for what is downloaded.
// Error: as raw_folder, io.
Result<std::vector<std::filesystem::path>> present_files(const std::filesystem::path& lake_root,
                                                         const JobRequest& request);

}  // namespace spymaster::feed
