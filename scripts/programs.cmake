# What the CMakeLists.txt of app and tests have in common.

# Finds a package, or stops with the name under which a system has it.
macro(asyncio_require package debian_package)
  find_package(${package} QUIET)
  if(NOT ${package}_FOUND)
    message(FATAL_ERROR "${package} is missing. "
                        "On Debian and Ubuntu: apt-get install ${debian_package}")
  endif()
endmacro()

# ccache sees through a precompiled header of g++ only with this.
set(pch_options $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)

# Links the C++ runtime into a program where the linker can: it starts in half the time. What of it
# is not used stays out, and no page is lost to keep code and constants apart.
# Not beside a shared C++ library, which brings the shared runtime along, nor with sanitizers.
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

# So many files in one unit share what they instantiate: half the time to compile, or less. To g++ a
# nameless namespace in an included file is suspicious.
option(ASYNCIO_UNITY "Compile files of the programs several at once; off: each by itself" ON)
function(asyncio_unity target files)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${ASYNCIO_UNITY}
                                             UNITY_BUILD_BATCH_SIZE ${files})
  target_compile_options(${target} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>)
endfunction()
