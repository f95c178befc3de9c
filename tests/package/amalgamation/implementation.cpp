// The file of the program that has the library's definitions.
#define ASYNCIO_IMPLEMENTATION
#include <asyncio/asyncio.hpp>
