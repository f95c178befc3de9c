# The Debian packages, one for each component. scripts/packaging/debs builds them.
set(CPACK_PACKAGE_NAME asyncio)
set(CPACK_PACKAGE_CONTACT "The asyncio for C++20 authors <asyncio@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")  # each package has its own
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_ENABLE_COMPONENT_DEPENDS ON)

set(about_library "An event loop, coroutines and tasks with the names and the semantics of
Python's asyncio, on epoll, kqueue and poll.")

# Describes the package of a component to CPack.
function(asyncio_debian_package component section summary text)
  string(TOUPPER ${component} key)
  set(CPACK_DEBIAN_${key}_PACKAGE_NAME ${${component}_package} PARENT_SCOPE)
  set(CPACK_DEBIAN_${key}_PACKAGE_SECTION ${section} PARENT_SCOPE)
  set(CPACK_DEBIAN_${key}_DESCRIPTION "${summary}\n${text}" PARENT_SCOPE)
endfunction()

if(TARGET asyncdemo)
  asyncio_debian_package(
    Runtime utils "scenarios that show coroutines, tasks and an event loop at work"
    "Each scenario is the counterpart of a Python program that uses asyncio.
asyncdemo runs it, checks how long it took, and draws, as text, SVG or a
trace, what waits for what and when.")
endif()
asyncio_debian_package(
  Development libdevel "asyncio for C++20 - development files" "${about_library}
.
This package has the headers, and what CMake and pkg-config need to know.")
if(BUILD_SHARED_LIBS)
  asyncio_debian_package(
    Libraries libs "asyncio for C++20 - shared library" "${about_library}")
  set(CPACK_COMPONENT_DEVELOPMENT_DEPENDS Libraries)

  # The file `shlibs` tells dependent packages which package they need: exactly this version, as long
  # as a new version may change the API. The file `triggers` makes dpkg run ldconfig.
  file(WRITE "${made}/shlibs"
       "libasyncio ${PROJECT_VERSION_MAJOR} ${Libraries_package} (= ${PROJECT_VERSION})\n")
  file(WRITE "${made}/triggers" "activate-noawait ldconfig\n")
  set(CPACK_DEBIAN_LIBRARIES_PACKAGE_CONTROL_EXTRA "${made}/shlibs;${made}/triggers")
endif()

include(CPack)
