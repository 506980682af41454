# Writes engine_hash.cpp: a hash of the sources that decide what is measured (src/pipeline/engine_hash.hpp).
#
#   cmake -D SOURCE=<the project>/src -D OUTPUT=<file> -P EngineHash.cmake
#
# Included by src/pipeline/CMakeLists.txt, it says which sources those are.
set(SPYMASTER_ENGINE_FOLDERS base market dbn book windows physics forecast)

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
    set(patterns ${SPYMASTER_ENGINE_FOLDERS})
    list(TRANSFORM patterns REPLACE "(.+)" "${SOURCE}/\\1/*.?pp")
    file(GLOB_RECURSE files RELATIVE ${SOURCE} ${patterns})
    list(SORT files COMPARE STRING)
    set(list "")
    foreach(file IN LISTS files)
        file(SHA256 ${SOURCE}/${file} hash)
        string(APPEND list "${hash}  ${file}\n")  # as sha256sum prints it
    endforeach()
    string(SHA256 hash "${list}")
    file(WRITE ${OUTPUT} "#include \"pipeline/engine_hash.hpp\"\n
namespace spymaster::pipeline {

std::string_view engine_sha256() {
    return \"${hash}\";
}

}  // namespace spymaster::pipeline\n")
endif()
