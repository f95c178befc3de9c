#include "report/streams.hpp"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <system_error>

namespace asyncdemo {
namespace {

/// Waits until a descriptor that somebody else has made non-blocking takes more.
void wait_writable(int fd) {
  pollfd entry{fd, POLLOUT, 0};
  (void)::poll(&entry, 1, -1);  // whatever it says, the next write() says it better
}

}  // namespace

int write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno == EAGAIN) {
      wait_writable(fd);
    } else if (errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void write_stdout(std::string_view text) {
  if (const int error = write_all(STDOUT_FILENO, text); error != 0) {
    throw std::system_error(error, std::generic_category(), "cannot write to standard output");
  }
}

void complain(std::string_view text) noexcept try {
  std::string line = "asyncdemo: ";
  line += text;
  line += '\n';
  (void)write_all(STDERR_FILENO, line);  // see the header
} catch (const std::bad_alloc&) {
  (void)write_all(STDERR_FILENO, "asyncdemo: out of memory\n");
}

}  // namespace asyncdemo
