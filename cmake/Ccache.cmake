# A second build of the same sources costs seconds.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # Without this it would not keep what is compiled with a precompiled header (tests/CMakeLists.txt).
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env CCACHE_SLOPPINESS=pch_defines,time_macros ${CCACHE_PROGRAM})
endif()
