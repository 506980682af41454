# Arrow C++ as the target spymaster_arrow: an installed Arrow if there is one, else the copy inside the pyarrow wheel
# of the project's venv (scripts/setup installs it, pinned in requirements.txt).
find_package(Arrow QUIET)
find_package(Parquet QUIET)
add_library(spymaster_arrow INTERFACE)
if(Arrow_FOUND AND Parquet_FOUND)
    target_link_libraries(spymaster_arrow INTERFACE Arrow::arrow_shared Parquet::parquet_shared)
else()
    set(SPYMASTER_PYTHON ${PROJECT_SOURCE_DIR}/.venv/bin/python CACHE FILEPATH "Python whose pyarrow carries Arrow C++")
    execute_process(
        COMMAND ${SPYMASTER_PYTHON} -c "import pyarrow as p; p.create_library_symlinks(); print(p.get_include(), p.get_library_dirs()[0], sep=';')"
        OUTPUT_VARIABLE arrow_dirs OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
    if(failed)
        message(FATAL_ERROR "Arrow C++ not found: no CMake package, and ${SPYMASTER_PYTHON} has no pyarrow. Run scripts/setup.")
    endif()
    list(GET arrow_dirs 0 arrow_include)
    list(GET arrow_dirs 1 arrow_lib)
    target_include_directories(spymaster_arrow SYSTEM INTERFACE ${arrow_include})
    target_link_libraries(spymaster_arrow INTERFACE ${arrow_lib}/libarrow.so ${arrow_lib}/libparquet.so)
    target_link_options(spymaster_arrow INTERFACE -Wl,-rpath,${arrow_lib})
endif()
