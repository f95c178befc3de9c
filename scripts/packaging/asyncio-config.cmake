# For find_package(asyncio 0.1). Defines the target asyncio::asyncio.
include(CMakeFindDependencyMacro)
find_dependency(Threads)
include("${CMAKE_CURRENT_LIST_DIR}/asyncio-targets.cmake")
