#pragma once

#include <sys/epoll.h>
#include <sys/timerfd.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <utility>

#include "asyncio/base/unique_fd.hpp"

namespace asyncio {

/// Converts a time for the kernel.
///
/// REQUIRES: `time` is not negative.
inline timespec to_timespec(std::chrono::nanoseconds time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  timespec result{};
  result.tv_sec = whole.count();
  result.tv_nsec = (time - whole).count();
  return result;
}

/// A timer that ends long waits on an epoll set on time.
///
/// The kernel may end an epoll wait late by a thousandth of its timeout (select_estimate_accuracy
/// in its fs/select.c), whatever the thread's timer slack: by 1 ms after 1 s. A timerfd has no such
/// allowance. It costs a descriptor, opened at the first long wait, and a system call for each long
/// wait.
class TimerFd {
 public:
  /// The timeout above which the kernel's allowance of a thousandth exceeds a timer's usual
  /// lateness.
  static constexpr std::chrono::nanoseconds kLongWait = std::chrono::milliseconds(20);

  explicit TimerFd(std::uint64_t token) noexcept : token_(token) {}

  /// Makes `set` report the token after `time`, and forgets the time set before. Returns false if
  /// the kernel has no descriptor left.
  bool arm(const UniqueFd& set, std::chrono::nanoseconds time) {
    if (!fd_ && !open_in(set)) return false;
    armed_ = set_to(to_timespec(time));
    return armed_;
  }

  /// Cancels the timer, if a wait has ended before it.
  void disarm() noexcept {
    if (!armed_) return;
    // This cannot fail: the descriptor is a timer, and the time is valid.
    (void)set_to({});
    armed_ = false;
  }

  /// Tells the timer that its token has been reported.
  void expired() noexcept { armed_ = false; }

  /// Adds the timer to `set`, which replaces its old set. Returns false if the kernel refuses.
  [[nodiscard]] bool move_to(const UniqueFd& set) const noexcept { return !fd_ || watch(set, fd_); }

 private:
  bool open_in(const UniqueFd& set) noexcept {
    UniqueFd fresh(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC));
    if (!fresh || !watch(set, fresh)) return false;
    fd_ = std::move(fresh);
    return true;
  }

  // Edge-triggered and never read: arming it again discards an expiry that was not reported.
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
