#pragma once

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <utility>

#include "asyncio/base/unique_fd.hpp"

namespace asyncio {

/// `time` as the kernel wants it. REQUIRES: not negative.
inline timespec to_timespec(std::chrono::nanoseconds time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  timespec result{};
  result.tv_sec = whole.count();
  result.tv_nsec = (time - whole).count();
  return result;
}

/// Ends long waits on an epoll set on time.
///
/// The kernel may let epoll's own timeout pass by a thousandth of it (select_estimate_accuracy
/// in its fs/select.c), whatever the thread's timer slack: 1 ms late after 1 s. A timerfd has
/// no such allowance. It costs a descriptor, opened at the first long wait, and a system call
/// for each.
class TimerFd {
 public:
  /// From here on a thousandth of the timeout is more than a timer's usual lateness.
  static constexpr std::chrono::nanoseconds kLongWait = std::chrono::milliseconds(20);

  explicit TimerFd(std::uint64_t token) noexcept : token_(token) {}

  /// Makes `set` report the token after `time`, in place of what was armed before; false when
  /// the kernel has no descriptor left for it.
  bool arm(const UniqueFd& set, std::chrono::nanoseconds time) {
    if (!fd_ && !open_in(set)) return false;
    armed_ = set_to(to_timespec(time));
    return armed_;
  }

  /// Takes that back, where a wait ended before it.
  void disarm() noexcept {
    if (!armed_) return;
    // It cannot fail: the descriptor is a timer, and the time is valid.
    (void)set_to({});
    armed_ = false;
  }

  /// The token has been reported.
  void expired() noexcept { armed_ = false; }

  /// Reports to `set` in place of the set it was opened in; false when the kernel refuses.
  [[nodiscard]] bool move_to(const UniqueFd& set) const noexcept { return !fd_ || watch(set, fd_); }

 private:
  bool open_in(const UniqueFd& set) noexcept {
    UniqueFd fresh(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!fresh || !watch(set, fresh)) return false;
    fd_ = std::move(fresh);
    return true;
  }

  // Edge-triggered and never read: arming it anew forgets an expiry that nobody has seen.
  [[nodiscard]] bool watch(const UniqueFd& set, const UniqueFd& fd) const noexcept {
    epoll_event event{};
    event.events = EPOLLIN | EPOLLET;
    event.data.u64 = token_;
    return ::epoll_ctl(set.get(), EPOLL_CTL_ADD, fd.get(), &event) == 0;
  }

  [[nodiscard]] bool set_to(timespec time) const noexcept {
    const itimerspec once{.it_interval = {}, .it_value = time};
    return ::timerfd_settime(fd_.get(), 0, &once, nullptr) == 0;
  }

  std::uint64_t token_;
  UniqueFd fd_;  // opened at the first use
  bool armed_ = false;
};

}  // namespace asyncio
