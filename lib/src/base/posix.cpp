#include "asyncio/base/posix.hpp"

#include <cerrno>
#include <string>

#if defined(__linux__)
#include <sys/prctl.h>
#endif

namespace asyncio {
namespace {

#if defined(__linux__)

/// The calling thread's slack; negative when the kernel does not tell.
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

}  // namespace

std::system_error system_call_error(int code, const char* call, int fd) {
  std::string what = call;
  if (fd >= 0) what += "(fd " + std::to_string(fd) + ")";
  return {code, std::system_category(), what};
}

void throw_errno(const char* call, int fd) {
  throw system_call_error(errno, call, fd);
}

TimerSlackGuard::TimerSlackGuard(std::chrono::nanoseconds slack) noexcept
    : previous_ns_(timer_slack_ns()) {
  if (previous_ns_ >= 0) set_timer_slack_ns(static_cast<long>(slack.count()));
}

TimerSlackGuard::~TimerSlackGuard() {
  if (previous_ns_ >= 0) set_timer_slack_ns(previous_ns_);
}

void reset_timer_slack() noexcept {
  // Not 0, which stands for the thread's default: a new thread's default is the slack that its
  // creator had at that moment.
  set_timer_slack_ns(static_cast<long>(kUsualTimerSlack.count()));
}

}  // namespace asyncio
