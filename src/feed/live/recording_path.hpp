// Where recordings of live feeds lie:
//
//   {root}/raw/source=live/dataset=GLBX.MDP3/glbx-mdp3-20260106.live.dbn
//
// Plain DBN: the metadata of the session that began the file, then records as they came. One file a UTC date of ts_recv.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "market/time.hpp"

namespace spymaster::feed::live {

[[nodiscard]] std::filesystem::path recording_folder(const std::filesystem::path& root,
                                                     std::string_view dataset);
[[nodiscard]] std::string recording_name(std::string_view dataset, const market::Date& date);

}  // namespace spymaster::feed::live
