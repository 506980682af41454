// The codes of a live gateway's own messages.
#pragma once

#include <cstdint>

namespace spymaster::dbn {

// SystemMsg::code.
enum class SystemCode : std::uint8_t {
    heartbeat = 0,
    subscription_ack = 1,
    slow_reader_warning = 2,
    replay_completed = 3,
    end_of_interval = 4,
};

// ErrorMsg::code. The first three, invalid_subscription and internal_error end the session.
enum class ErrorMsgCode : std::uint8_t {
    auth_failed = 1,
    api_key_deactivated = 2,
    connection_limit_exceeded = 3,
    symbol_resolution_failed = 4,
    invalid_subscription = 5,
    internal_error = 6,
    skipped_records_after_slow_reading = 7,
    replay_data_aged_out = 8,
};

}  // namespace spymaster::dbn
