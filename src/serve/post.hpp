// Work handed from one thread to another.
#pragma once

#include <functional>

namespace spymaster::serve {

// Runs a job somewhere else: on a worker, or back on the server's thread. Any thread.
using Post = std::function<void(std::function<void()>)>;

}  // namespace spymaster::serve
