// For the single header: the settings that the library's CMakeLists.txt otherwise detects.
#if defined(__linux__)
#define ASYNCIO_HAS_EPOLL 1
#endif
#if __has_include(<sys/event.h>)
#define ASYNCIO_HAS_KQUEUE 1
#endif
#define ASYNCIO_HAS_POLL 1
#if !defined(__APPLE__)
#define ASYNCIO_HAS_PPOLL 1
#define ASYNCIO_HAS_PIPE2 1
#endif
