#include "process.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <initializer_list>

namespace asyncdemo {
namespace {

void occupy_if_closed(int fd) {
  if (::fcntl(fd, F_GETFD) != -1) return;
  // open() takes the lowest free number, which is `fd` when the lower ones are occupied. Read
  // only, so that a write fails as it does on the closed stream.
  (void)::open("/dev/null", O_RDONLY);  // if even that fails, making the loop will too
}

}  // namespace

void prepare_process() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) occupy_if_closed(fd);
  (void)std::signal(SIGPIPE, SIG_DFL);  // cannot fail for a signal that exists
}

void restore_default_signals() {
  (void)std::signal(SIGINT, SIG_DFL);  // as above
  (void)std::signal(SIGTERM, SIG_DFL);
}

int end_by_signal(int signo) {
  restore_default_signals();
  (void)std::raise(signo);
  return 128 + signo;
}

}  // namespace asyncdemo
