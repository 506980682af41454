# spymaster_layer(NAME LINKS layer... FOLDERS folder... PUBLIC lib... PRIVATE lib...)
#
# FOLDERS, where a layer has many: each includes only itself, those to its left and the layer's own few files.
#
# Makes the library `spymaster_NAME` of every .cpp in the current folder. Its headers are included as "NAME/file.hpp",
# through a folder that holds only NAME, so an include of a layer that is not linked does not compile.
function(spymaster_layer name)
    cmake_parse_arguments(ARG "" "" "LINKS;FOLDERS;PUBLIC;PRIVATE" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*/*.cpp)

    set(include_root ${PROJECT_BINARY_DIR}/include/${name})
    file(MAKE_DIRECTORY ${include_root})
    file(CREATE_LINK ${CMAKE_CURRENT_SOURCE_DIR} ${include_root}/${name} SYMBOLIC)

    if(sources)
        add_library(spymaster_${name} STATIC ${sources})
        set(scope PUBLIC)
        target_link_libraries(spymaster_${name} PRIVATE spymaster_flags ${ARG_PRIVATE})
        spymaster_precompile(spymaster_${name})
    else()
        add_library(spymaster_${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(spymaster_${name} ${scope} ${include_root})
    target_link_libraries(spymaster_${name} ${scope} ${ARG_PUBLIC})

    set_property(GLOBAL APPEND PROPERTY SPYMASTER_BUILT_LAYERS ${name})  # for tests/must_not_compile

    spymaster_check_folders(${name} ${ARG_FOLDERS})

    list(FIND SPYMASTER_LAYERS ${name} own_place)
    if(own_place EQUAL -1)
        message(FATAL_ERROR "layer '${name}' is not in SPYMASTER_LAYERS")
    endif()
    foreach(layer IN LISTS ARG_LINKS)
        list(FIND SPYMASTER_LAYERS ${layer} place)
        if(place EQUAL -1 OR NOT place LESS own_place)
            message(FATAL_ERROR "layer '${name}' may not link '${layer}': only layers to its left (${SPYMASTER_LAYERS})")
        endif()
        target_link_libraries(spymaster_${name} ${scope} spymaster_${layer})
    endforeach()
endfunction()

# Within a layer there is one target, so no link shows what uses what: the includes are read, whenever CMake configures.
function(spymaster_check_folders layer)
    set(allowed "")
    foreach(folder IN LISTS ARGN)
        list(APPEND allowed ${folder})
        file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.?pp)
        foreach(source IN LISTS sources)
            file(STRINGS ${source} includes REGEX "^#include \"${layer}/[a-z_]+/")
            foreach(include IN LISTS includes)
                string(REGEX REPLACE "^#include \"${layer}/([a-z_]+)/.*" "\\1" used ${include})
                if(NOT used IN_LIST allowed)
                    message(FATAL_ERROR "${source}: ${folder} may not include ${used}: only folders to its left (${ARGN})")
                endif()
            endforeach()
        endforeach()
    endforeach()
endfunction()
