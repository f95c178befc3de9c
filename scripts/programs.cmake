# Functions and settings that the CMakeLists.txt files of app and tests share.

# Finds a package, or stops and names the Debian package to install.
macro(asyncio_require package debian_package)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} is missing. "
                        "On Debian and Ubuntu: apt-get install ${debian_package}")
  endif()
endmacro()

# ccache needs this option to cache builds that use a precompiled header of g++.
set(pch_options $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

# Links the C++ runtime statically where the linker supports it, which halves the start-up time. Drops
# unused sections, and does not pad the file to keep code and constants on separate pages. Does nothing
# if the library is shared, because that brings the shared runtime along, or with sanitizers.
include(CheckLinkerFlag)
check_linker_flag(CXX "-static-libstdc++;-static-libgcc" ASYNCIO_STATIC_RUNTIME)
set(compact -Wl,--gc-sections -Wl,-z,noseparate-code)
check_linker_flag(CXX "${compact}" ASYNCIO_COMPACT_PROGRAM)
function(asyncio_static_runtime target)
  if(ASYNCIO_STATIC_RUNTIME AND NOT BUILD_SHARED_LIBS AND NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    target_link_options(${target} PRIVATE -static-libstdc++ -static-libgcc)
    if(ASYNCIO_COMPACT_PROGRAM)
      target_link_options(${target} PRIVATE ${compact})
    endif()
  endif()
endfunction()

# Compiles `files` sources in one unit, so that they share template instantiations, which at least
# halves the compile time. -Wno-subobject-linkage is for g++, which warns about unnamed namespaces in
# included files.
option(ASYNCIO_UNITY "Compile files of the programs several at once; off: each by itself" ON)
function(asyncio_unity target files)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${ASYNCIO_UNITY}
                                             UNITY_BUILD_BATCH_SIZE ${files})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()
