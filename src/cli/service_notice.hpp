// What a long-running command tells the service manager that started it (systemd, Type=notify).
#pragma once

#include <string_view>

namespace spymaster::cli {

// Sends `state` ("READY=1") to the datagram socket that NOTIFY_SOCKET names: a path, or @name in Linux's abstract namespace.
// Without that variable, or if nobody takes it, nothing happens: a command does not fail because nobody watches it. Any thread.
void tell_service_manager(std::string_view state);

}  // namespace spymaster::cli
