# spymaster_flags: what every target of ours is compiled with.
add_library(spymaster_flags INTERFACE)

target_compile_options(spymaster_flags INTERFACE
    -Wall -Wextra -Wpedantic -Werror
    -Wconversion          # a silent narrowing of a price or a quantity is a bug
    -Wshadow              # two things, one name
    -Wnon-virtual-dtor
    -Wold-style-cast      # casts are searched for
    -ffp-contract=off     # no fused multiply-add: results are the same bits on every machine and build
    -fno-omit-frame-pointer)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12 reports these inside its own and fmt's headers at -O2 and above (GCC bugs 105329, 105651).
    target_compile_options(spymaster_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-stringop-overflow)
elseif(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # clang sees that libstdc++ 12 uses its own deprecated std::get_temporary_buffer in std::stable_sort.
    target_compile_options(spymaster_flags INTERFACE -Wno-deprecated-declarations)
endif()

if(SPYMASTER_ARCH AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(spymaster_flags INTERFACE -march=${SPYMASTER_ARCH})
endif()

if(SPYMASTER_SANITIZE)
    target_compile_options(spymaster_flags INTERFACE -fsanitize=${SPYMASTER_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(spymaster_flags INTERFACE -fsanitize=${SPYMASTER_SANITIZE})
    target_compile_definitions(spymaster_flags INTERFACE SPYMASTER_SANITIZED)
    if(SPYMASTER_SANITIZE MATCHES "thread")
        target_compile_definitions(spymaster_flags INTERFACE SPYMASTER_THREAD_SANITIZED)
        # The thread sanitizer does not know fences, and g++ refuses them; Asio's queues synchronise by their mutexes anyway.
        target_compile_definitions(spymaster_flags INTERFACE BOOST_ASIO_DISABLE_FENCED_BLOCK)
    endif()
endif()

# Half of what a small source costs is reading the same headers again. The sanitizers' builds read them once; the others stay
# as they are, so that a source which forgets to include something does not compile there.
function(spymaster_precompile target)
    if(SPYMASTER_SANITIZE)
        target_precompile_headers(${target} PRIVATE <algorithm> <array> <chrono> <cstdint> <filesystem> <functional> <map> <memory>
            <optional> <set> <span> <string> <string_view> <unordered_map> <variant> <vector> <fmt/format.h> ${ARGN})
    endif()
endfunction()
