#include "system/process.hpp"

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

volatile std::sig_atomic_t recorded = 0;

void record(int signo) {
  recorded = signo;
}

}  // namespace

bool is_ignored(int signo) {
  struct sigaction present{};
  return ::sigaction(signo, nullptr, &present) == 0 && present.sa_handler == SIG_IGN;
}

void record_signals() {
  struct sigaction action{};
  action.sa_handler = record;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_RESTART);
  for (const int signo : {SIGINT, SIGTERM}) {
    if (!is_ignored(signo)) (void)::sigaction(signo, &action, nullptr);  // they exist
  }
}

int recorded_signal() {
  return recorded;
}

void prepare_process() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) occupy_if_closed(fd);
  (void)std::signal(SIGPIPE, SIG_DFL);  // cannot fail for a signal that exists
}

void restore_default_signals() {
  for (const int signo : {SIGINT, SIGTERM}) {
    if (!is_ignored(signo)) (void)std::signal(signo, SIG_DFL);  // as above
  }
}

int end_by_signal(int signo) {
  (void)std::signal(signo, SIG_DFL);  // as above
  (void)std::raise(signo);
  return 128 + signo;
}

}  // namespace asyncdemo
