# Stops unless the library, as a part of this project, has left the project as it was.
get_property(targets DIRECTORY "${ASYNCIO_ROOT}" PROPERTY BUILDSYSTEM_TARGETS)
get_property(parts DIRECTORY "${ASYNCIO_ROOT}" PROPERTY SUBDIRECTORIES)
if(targets OR NOT parts STREQUAL "${ASYNCIO_ROOT}/lib")
  message(FATAL_ERROR "asyncio builds more than the library here: ${targets} ${parts}")
endif()
if(NOT "${CMAKE_BUILD_TYPE}" STREQUAL "" OR CMAKE_CXX_STANDARD OR CMAKE_RUNTIME_OUTPUT_DIRECTORY
   OR CMAKE_CXX_COMPILER_LAUNCHER)
  message(FATAL_ERROR "asyncio has changed the project's settings")
endif()
get_property(cached DIRECTORY PROPERTY CACHE_VARIABLES)
foreach(variable IN LISTS cached)
  if(NOT variable MATCHES "^_?(CMAKE_|ASYNCIO_|asyncio_|consumer_|FETCHCONTENT_|Threads_|_?CMAKE)"
     AND NOT variable MATCHES "^FIND_PACKAGE_")
    message(FATAL_ERROR "asyncio has left a cache variable ${variable}")
  endif()
endforeach()
