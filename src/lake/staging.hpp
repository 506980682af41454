// How a partition folder comes to be whole or absent, old or new, whatever stops the program.
//
//   1. stage     `.tmp_<32 hex>` beside the target, locked by the living writer; files written and synced in
//   it
//   2. swap      one atomic exchange of names with the old partition (renameat2), or one rename where there
//   is none.
//                Where the file system cannot exchange: the old one aside to `.old_<name>`, then the new one
//                in.
//   3. clean     the old one is deleted
//
// Names that begin with a dot are invisible to readers. What a killed program leaves:
//   before 2     a `.tmp_` whose lock is free: the next writer beside it deletes it
//   within 2     (only without exchange) no target but an `.old_`: restore() puts it back
//   before 3     a `.tmp_` or `.old_` beside a whole target: the next writer deletes it
#pragma once

#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace spymaster::lake {

// A folder being filled, beside its target. One thread at a time; any number of them may stage for the same
// target, and the last to publish stays.
class Staging {
  public:
    // Makes the folders above the target, deletes what dead writers left there, and makes the staging folder.
    static Result<Staging> create(const std::filesystem::path& target);
    // Deletes the folder unless it was published.
    ~Staging();
    Staging(Staging&& other) noexcept;
    Staging& operator=(Staging&&) = delete;

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    // Puts the folder, whose files are synced, in the target's place. Afterwards folder() is no more.
    Result<void> publish();

  private:
    Staging(std::filesystem::path target, std::filesystem::path folder, int lock);

    std::filesystem::path target_;
    std::filesystem::path folder_;
    int lock_;  // the folder's own descriptor, flock()ed: freed by the system when the writer dies
};

// Puts back an old partition that a killed writer left aside. Cheap where there is nothing to do.
void restore(const std::filesystem::path& target);

// Makes a partition folder vanish in one step, then deletes it. Nothing to do is not an error.
Result<void> remove_folder(const std::filesystem::path& target);

// For tests of the promise above. `at_step` is called after each step that can be seen from outside, with its
// name; `can_exchange` false takes the road of file systems that cannot exchange. Set before any writer runs.
struct StagingSeam {
    void (*at_step)(std::string_view step) = nullptr;
    bool can_exchange = true;
};
StagingSeam& staging_seam();
void reached(std::string_view step);

}  // namespace spymaster::lake
