// What the historical service answers, read leniently: fields that are not needed may be missing, and unknown ones are
// skipped. Bytes from outside: any of them give a value within the documented bounds or an error, never a crash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace spymaster::feed {

// A batch job as the service sees it.
struct RemoteJob {
    std::string id;     // [A-Za-z0-9_-]{1,128}: it names folders
    std::string state;  // queued, processing, done, expired; others are possible
};

// A file of a job.
struct RemoteFile {
    std::string name;  // a plain file name: no separator, not hidden, at most 200 bytes
    std::uint64_t size_bytes = 0;
    std::string sha256;  // 64 lower-case hexadecimal digits
    std::string path;    // of its URL, from the "/" on; printable ASCII without blanks
};

// Error (malformed): not that, and what is wrong.
Result<RemoteJob> parse_job(std::string_view json);
Result<std::vector<RemoteJob>> parse_jobs(std::string_view json);
Result<std::vector<RemoteFile>> parse_files(std::string_view json);
// A finite number that is not negative.
Result<double> parse_amount(std::string_view json);
Result<std::uint64_t> parse_count(std::string_view json);

// What an error's body says, on one line: "case: message"; its text where it is no such JSON; at most 500 bytes.
std::string describe_failure(std::string_view body);
// The texts of an X-Warning header: those of a JSON array, or the header itself. On one line each.
std::vector<std::string> parse_warnings(std::string_view header);

}  // namespace spymaster::feed
