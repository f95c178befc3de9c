#include "asyncio/base/posix.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <cstdint>
#include <ctime>
#include <string>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace asyncio {
namespace {

#if defined(__linux__)

/// Returns the slack of the calling thread; negative if the kernel does not report it.
long timer_slack_ns() noexcept {
  return ::prctl(PR_GET_TIMERSLACK, 0L, 0L, 0L, 0L);
}

void set_timer_slack_ns(long slack_ns) noexcept {
  // The result is ignored on purpose: a refusal costs precision, not correctness.
  (void)::prctl(PR_SET_TIMERSLACK, slack_ns, 0L, 0L, 0L);
}

#else

long timer_slack_ns() noexcept {
  return -1;
}

void set_timer_slack_ns(long) noexcept {}

#endif

int poll_roughly(pollfd* first, std::size_t count, std::chrono::nanoseconds timeout) noexcept {
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(timeout);
  const auto ms = static_cast<int>(std::min<std::int64_t>(whole.count(), INT_MAX));
  return ::poll(first, static_cast<nfds_t>(count), ms);
}

#if ASYNCIO_HAS_PPOLL

int poll_precisely(pollfd* first, std::size_t count, std::chrono::nanoseconds timeout) noexcept {
  const auto whole = std::chrono::floor<std::chrono::seconds>(timeout);
  timespec time{};
  time.tv_sec = static_cast<decltype(time.tv_sec)>(whole.count());
  time.tv_nsec = static_cast<decltype(time.tv_nsec)>((timeout - whole).count());
  const int ready = ::ppoll(first, static_cast<nfds_t>(count), &time, nullptr);
  // The kernel or a sandbox refused the call. It may still allow the older one.
  if (ready < 0 && (errno == ENOSYS || errno == EPERM)) return poll_roughly(first, count, timeout);
  return ready;
}

#else

int poll_precisely(pollfd* first, std::size_t count, std::chrono::nanoseconds timeout) noexcept {
  return poll_roughly(first, count, timeout);
}

#endif

}  // namespace

std::system_error system_call_error(int code, const char* call, int fd) {
  std::string what = call;
  if (fd >= 0) what += "(fd " + std::to_string(fd) + ")";
  return {code, std::system_category(), what};
}

void throw_errno(const char* call, int fd) {
  throw system_call_error(errno, call, fd);
}

#if ASYNCIO_HAS_PIPE2

PipeEnds open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_NONBLOCK | O_CLOEXEC) < 0) throw_errno("pipe2");
  return {UniqueFd(ends[0]), UniqueFd(ends[1])};
}

#else

// Without pipe2(), a program that another thread starts before fcntl() inherits the ends. There is
// no way to prevent that.
PipeEnds open_pipe() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) < 0) throw_errno("pipe");
  PipeEnds owned{UniqueFd(ends[0]), UniqueFd(ends[1])};
  for (const int fd : ends) {
    if (::fcntl(fd, F_SETFD, FD_CLOEXEC) < 0) throw_errno("fcntl", fd);
    if (::fcntl(fd, F_SETFL, O_NONBLOCK) < 0) throw_errno("fcntl", fd);
  }
  return owned;
}

#endif

int poll_descriptors(pollfd* first, std::size_t count,
                     std::optional<std::chrono::nanoseconds> timeout) noexcept {
  if (!timeout) return ::poll(first, static_cast<nfds_t>(count), -1);
  if (*timeout <= std::chrono::nanoseconds::zero()) return poll_roughly(first, count, {});
  return poll_precisely(first, count, *timeout);
}

TimerSlackGuard::TimerSlackGuard(std::chrono::nanoseconds slack) noexcept
    : previous_ns_(timer_slack_ns()) {
  if (previous_ns_ >= 0) set_timer_slack_ns(static_cast<long>(slack.count()));
}

TimerSlackGuard::~TimerSlackGuard() {
  if (previous_ns_ >= 0) set_timer_slack_ns(previous_ns_);
}

void reset_timer_slack() noexcept {
  // Not 0: that would restore the thread's default, which is the slack that its creator had when it
  // started the thread.
  set_timer_slack_ns(static_cast<long>(kUsualTimerSlack.count()));
}

}  // namespace asyncio
