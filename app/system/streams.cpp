#include "system/streams.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <climits>
#include <mutex>
#include <string>
#include <system_error>
#include <utility>

#include "system/terminal.hpp"

namespace asyncdemo {
namespace {

using std::chrono::steady_clock;

constexpr int kPatience_ms = 50;  // between checks whether to give up

// A pipe that poll(2) calls writable accepts this much without blocking.
constexpr std::size_t kPiece = PIPE_BUF;

std::atomic<bool> giving_up{false};
std::atomic<bool> stdout_failed{false};

/// The terminal's state. Constant-initialised, because threads may write until the very end.
constinit std::mutex terminal_mutex;
constinit bool transient = false;
constinit steady_clock::time_point written_at{};

/// Waits until `fd` accepts more. Returns false if the run is interrupted meanwhile: a handled
/// signal ends poll(2), whereas write(2) would go on.
bool wait_writable(int fd) noexcept {
  pollfd entry{fd, POLLOUT, 0};
  while (!giving_up) {
    const int ready = ::poll(&entry, 1, kPatience_ms);
    if (ready < 0 && errno == EINTR) return false;
    if (ready != 0) return true;  // also on an error, which write(2) reports better
  }
  return false;
}

/// Prepares the terminal `fd` for output: wipes the transient part.
void make_room(int fd, bool to_terminal) noexcept {
  if (!to_terminal) return;
  const std::lock_guard lock(terminal_mutex);
  written_at = steady_clock::now();
  if (std::exchange(transient, false)) (void)write_all(fd, kErase);  // best effort
}

bool stderr_is_terminal() noexcept {
  static const bool to_terminal = is_terminal(STDERR_FILENO);
  return to_terminal;
}

}  // namespace

int write_all(int fd, std::string_view text) noexcept {
  while (!text.empty()) {
    if (!wait_writable(fd)) return EINTR;
    const ssize_t written = ::write(fd, text.data(), std::min(text.size(), kPiece));
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EAGAIN && errno != EINTR) {
      return errno;
    }
  }
  return 0;
}

void write_stdout(std::string_view text) {
  static const bool to_terminal = is_terminal(STDOUT_FILENO);
  make_room(STDOUT_FILENO, to_terminal);
  const int error = write_all(STDOUT_FILENO, text);
  if (error == EINTR) throw WriteInterrupted();
  if (error == 0) return;
  stdout_failed = true;
  throw std::system_error(error, std::generic_category(), "cannot write to standard output");
}

bool stdout_has_failed() noexcept {
  return stdout_failed;
}

void give_up_writing(bool on) noexcept {
  giving_up = on;
}

void complain(std::string_view text) noexcept try {
  std::string line = "asyncdemo: ";
  line += text;
  line += '\n';
  make_room(STDERR_FILENO, stderr_is_terminal());
  (void)write_all(STDERR_FILENO, line);  // see the header
} catch (const std::bad_alloc&) {
  (void)write_all(STDERR_FILENO, "asyncdemo: out of memory\n");
}

void show_transient(std::string_view line) noexcept {
  const std::lock_guard lock(terminal_mutex);
  (void)write_all(STDERR_FILENO, transient ? kErase : "\r");  // best effort
  (void)write_all(STDERR_FILENO, line);
  transient = true;
}

void wipe_transient() noexcept {
  const std::lock_guard lock(terminal_mutex);
  if (std::exchange(transient, false)) (void)write_all(STDERR_FILENO, kErase);  // best effort
}

void set_transient(bool shown) noexcept {
  const std::lock_guard lock(terminal_mutex);
  transient = shown;
}

steady_clock::time_point last_written() noexcept {
  const std::lock_guard lock(terminal_mutex);
  return written_at;
}

}  // namespace asyncdemo
