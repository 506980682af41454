// The lines of text that begin a session of the live gateway (its protocol's facts: Databento's raw API reference).
//
//   gateway                                   client
//   lsg_version=0.4.2\n
//   cram=CHALLENGE\n
//                                             auth=HEX-LAST5|dataset=GLBX.MDP3|encoding=dbn|...\n
//   success=1|session_id=17|\n                (success=0|error=why\n)
//                                             schema=mbo|stype_in=parent|id=1|...|symbols=ES.FUT,NQ.FUT|...\n ...
//                                             start_session\n
//   metadata and records
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "feed/live/subscription.hpp"

namespace spymaster::feed::live {

inline constexpr std::size_t kLongestControlLine = std::size_t{8} << 10U;
inline constexpr std::size_t kSymbolsPerLine = 500;  // the gateway's limit

// The value of `key` in "a=1|b=2|"; nullopt if it is not there.
[[nodiscard]] std::optional<std::string_view> field(std::string_view line, std::string_view key);

// What proves that the key is known without sending it: hex of SHA-256("challenge|key"), and the key's last five letters, by
// which the gateway finds it.
[[nodiscard]] std::string challenge_response(std::string_view challenge, std::string_view key);

[[nodiscard]] std::string authentication_line(std::string_view challenge, std::string_view key,
                                              std::string_view dataset, int heartbeat_interval_s);

// One line for each 500 symbols, all with this id.
[[nodiscard]] std::string subscription_lines(const LiveSubscription& request, std::size_t id);

inline constexpr std::string_view kStartSession = "start_session\n";

}  // namespace spymaster::feed::live
