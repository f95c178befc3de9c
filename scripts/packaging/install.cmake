# Installs three components: Runtime is the tool, Libraries is the shared library that programs load,
# and Development is the rest of the library. No installed file contains the prefix, so the installed
# files may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(made "${PROJECT_BINARY_DIR}/packaging")

# Sets `result` to the path from directory `from` to directory `to`, both below the prefix.
function(asyncio_relative_path result from to)
  file(RELATIVE_PATH path "/${from}" "/${to}")
  string(REGEX REPLACE "/$" "" path "${path}")
  set(${result} "${path}" PARENT_SCOPE)
endfunction()

foreach(kind BIN LIB INCLUDE MAN)
  if(IS_ABSOLUTE "${CMAKE_INSTALL_${kind}DIR}")
    message(FATAL_ERROR "CMAKE_INSTALL_${kind}DIR is ${CMAKE_INSTALL_${kind}DIR}: give it relative to "
                        "CMAKE_INSTALL_PREFIX, because the installed files must be relocatable")
  endif()
endforeach()

# Names a component's package, and installs the licence where Debian expects it.
function(asyncio_component component package)
  set(${component}_package ${package} PARENT_SCOPE)
  install(
    FILES "${PROJECT_SOURCE_DIR}/LICENSE"
    DESTINATION "${CMAKE_INSTALL_DATADIR}/doc/${package}"
    RENAME copyright
    COMPONENT ${component})
endfunction()

# ---- the library

asyncio_component(Development libasyncio-dev)
if(BUILD_SHARED_LIBS)
  asyncio_component(Libraries libasyncio${PROJECT_VERSION_MAJOR})
endif()
install(
  TARGETS asyncio
  EXPORT asyncio-targets
  ARCHIVE COMPONENT Development
  LIBRARY COMPONENT Libraries NAMELINK_COMPONENT Development
  FILE_SET HEADERS COMPONENT Development)

set(config_dir "${CMAKE_INSTALL_LIBDIR}/cmake/asyncio")
install(
  EXPORT asyncio-targets
  NAMESPACE asyncio::
  DESTINATION "${config_dir}"
  COMPONENT Development)
# Before 1.0, a minor version may change the API.
write_basic_package_version_file("${made}/asyncio-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(
  FILES "${CMAKE_CURRENT_LIST_DIR}/asyncio-config.cmake" "${made}/asyncio-config-version.cmake"
  DESTINATION "${config_dir}"
  COMPONENT Development)

set(pc_dir "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
asyncio_relative_path(pc_to_prefix "${pc_dir}" "")
get_target_property(definitions asyncio INTERFACE_COMPILE_DEFINITIONS)
set(pc_definitions "")
foreach(definition IN LISTS definitions)
  if(definition)
    string(APPEND pc_definitions " -D${definition}")
  endif()
endforeach()
# Static libraries need libkqueue where the system has no kqueue; a shared library brings it along.
set(pc_libraries "")
if(KQUEUE_LIBRARY AND NOT BUILD_SHARED_LIBS)
  set(pc_libraries " ${KQUEUE_LIBRARY}")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/asyncio.pc.in" "${made}/asyncio.pc" @ONLY)
install(FILES "${made}/asyncio.pc" DESTINATION "${pc_dir}" COMPONENT Development)

# ---- the tool

if(TARGET asyncdemo)
  if(BUILD_SHARED_LIBS)
    asyncio_relative_path(bin_to_lib "${CMAKE_INSTALL_BINDIR}" "${CMAKE_INSTALL_LIBDIR}")
    if(APPLE)
      set(here "@loader_path")
    else()
      set(here "$ORIGIN")
    endif()
    set_target_properties(asyncdemo PROPERTIES INSTALL_RPATH "${here}/${bin_to_lib}")
  endif()
  asyncio_component(Runtime asyncdemo)
  install(TARGETS asyncdemo RUNTIME COMPONENT Runtime)

  # The program writes its manual page and completion scripts into the usual folders. (Debian's zsh
  # has a separate folder for the completions of packages.)
  if(NOT DEFINED ASYNCIO_ZSH_DIR)
    set(ASYNCIO_ZSH_DIR "${CMAKE_INSTALL_DATADIR}/zsh/site-functions")
  endif()
  if(NOT CMAKE_CROSSCOMPILING)
    install(
      CODE "set(asyncdemo \"$<TARGET_FILE:asyncdemo>\")
            set(man_dir \"${CMAKE_INSTALL_MANDIR}\")
            set(data_dir \"${CMAKE_INSTALL_DATADIR}\")
            set(zsh_dir \"${ASYNCIO_ZSH_DIR}\")
            include(\"${CMAKE_CURRENT_LIST_DIR}/install_documents.cmake\")"
      COMPONENT Runtime)
  endif()
endif()

if(PROJECT_IS_TOP_LEVEL)
  include("${CMAKE_CURRENT_LIST_DIR}/cpack.cmake")
endif()
