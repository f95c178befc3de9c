#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "asyncio/base/posix.hpp"
#include "asyncio/base/unique_fd.hpp"
#include "asyncio/poll/poller.hpp"

namespace asyncio {

std::unique_ptr<Poller> make_poll_poller();

namespace {

using std::chrono::nanoseconds;
using Deadline = std::chrono::time_point<std::chrono::steady_clock, nanoseconds>;

// The kernel may end a wait late by a thousandth of its length (a two-hundredth if the process is
// niced), whatever the thread's timer slack. So a long wait is split into several calls.
constexpr nanoseconds kLongWait = std::chrono::milliseconds(20);
constexpr int kPartLeft = 128;

// Limits that every system can count, even in milliseconds.
constexpr nanoseconds kLongestCall = std::chrono::hours(24);
constexpr nanoseconds kLongestWait = std::chrono::hours(24 * 365 * 100);

/// Returns the timeout for the next call if `left` is the time to wait.
nanoseconds share_of(nanoseconds left) {
  return std::min(left < kLongWait ? left : left - left / kPartLeft, kLongestCall);
}

Deadline deadline_after(nanoseconds timeout) {
  return std::chrono::steady_clock::now() + std::min(timeout, kLongestWait);
}

/// A poller on poll(), the mechanism that every system has. Each wait passes the whole list of
/// descriptors to the kernel. Its cost is linear in their number, and each event costs one more
/// system call.
///
/// poll() knows numbers and not files. If a number was closed without our knowledge and opened
/// again, its events are those of another file. So the poller remembers the file behind each
/// number.
class PollPoller final : public Poller {
 public:
  PollPoller();

  void set_interest(int fd, Interest interest) override;
  void wait(std::optional<nanoseconds> timeout, std::vector<PollEvent>& events) override;
  void wake() noexcept override;
  [[nodiscard]] std::string_view name() const noexcept override { return "poll"; }

 private:
  struct Registration {
    Interest interest = Interest::none;
    std::size_t place = 0;  // index in watched_
    dev_t device{};         // with the inode, identifies the file
    ino_t inode{};
  };

  [[nodiscard]] Interest interest_in(int fd) const noexcept;
  void forget(int fd) noexcept;
  int wait_for_batch(std::optional<nanoseconds> timeout);
  void append_wanted(const pollfd& ready, std::vector<PollEvent>& events);
  [[nodiscard]] bool is_still_ours(int fd) const noexcept;
  void drain_wake_ups() noexcept;

  PipeEnds wake_pipe_;
  std::vector<pollfd> watched_;              // first the wake-up, then descriptors with an interest
  std::vector<Registration> registrations_;  // indexed by descriptor
};

PollPoller::PollPoller()
    : wake_pipe_(open_pipe()), watched_{{wake_pipe_.reader.get(), POLLIN, 0}} {}

void PollPoller::set_interest(int fd, Interest interest) {
  if (interest == Interest::none) return forget(fd);
  if (interest_in(fd) == interest) return;

  struct stat file{};
  if (::fstat(fd, &file) < 0) {
    const int error = errno;
    forget(fd);
    throw system_call_error(error, "fstat", fd);
  }
  const auto index = static_cast<std::size_t>(fd);
  if (index >= registrations_.size()) registrations_.resize(index + 1);
  Registration& known = registrations_[index];
  if (known.interest == Interest::none) {
    watched_.push_back({fd, 0, 0});
    known.place = watched_.size() - 1;
  }
  known = {interest, known.place, file.st_dev, file.st_ino};
  const int asked = (asks(interest, Interest::read) ? POLLIN : 0) |
                    (asks(interest, Interest::write) ? POLLOUT : 0);
  watched_[known.place].events = static_cast<short>(asked);
}

/// Returns the interest in `fd`; Interest::none if it is unknown.
Interest PollPoller::interest_in(int fd) const noexcept {
  const auto index = static_cast<std::size_t>(fd);
  return fd < 0 || index >= registrations_.size() ? Interest::none : registrations_[index].interest;
}

/// Removes `fd`. The last entry of watched_ moves to its place.
void PollPoller::forget(int fd) noexcept {
  if (interest_in(fd) == Interest::none) return;
  Registration& known = registrations_[static_cast<std::size_t>(fd)];
  known.interest = Interest::none;
  const pollfd last = watched_.back();
  registrations_[static_cast<std::size_t>(last.fd)].place = known.place;
  watched_[known.place] = last;
  watched_.pop_back();
}

void PollPoller::wait(std::optional<nanoseconds> timeout, std::vector<PollEvent>& events) {
  int left = wait_for_batch(timeout);
  if (left > 0 && watched_.front().revents != 0) {
    drain_wake_ups();
    --left;
  }
  for (std::size_t place = 1; left > 0 && place < watched_.size();) {
    const pollfd ready = watched_[place];
    if (ready.revents != 0) {
      --left;
      if (!is_still_ours(ready.fd)) {
        forget(ready.fd);  // another entry is in this place now
        continue;
      }
      append_wanted(ready, events);
    }
    ++place;
  }
}

/// Returns the number of entries in watched_ that are ready; zero after the timeout or a signal.
int PollPoller::wait_for_batch(std::optional<nanoseconds> timeout) {
  const bool ends = timeout && *timeout > nanoseconds::zero();
  const Deadline deadline = ends ? deadline_after(*timeout) : Deadline();
  if (ends) timeout = share_of(*timeout);
  for (;;) {
    const int count = poll_descriptors(watched_.data(), watched_.size(), timeout);
    if (count < 0 && errno != EINTR) throw_errno("poll");
    if (count != 0 || !ends) return std::max(count, 0);
    const nanoseconds left = deadline - std::chrono::steady_clock::now();
    if (left <= nanoseconds::zero()) return 0;
    timeout = share_of(left);
  }
}

/// Appends an event. An error, a hang-up, and a file for which the kernel cannot wait (POLLNVAL for
/// an open number) count as both directions.
void PollPoller::append_wanted(const pollfd& ready, std::vector<PollEvent>& events) {
  const bool broken = (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  const bool readable = broken || (ready.revents & POLLIN) != 0;
  const bool writable = broken || (ready.revents & POLLOUT) != 0;
  events.push_back({ready.fd, readable && (ready.events & POLLIN) != 0,
                    writable && (ready.events & POLLOUT) != 0});
}

/// Returns whether `fd` is open and still refers to the remembered file.
bool PollPoller::is_still_ours(int fd) const noexcept {
  const Registration& known = registrations_[static_cast<std::size_t>(fd)];
  struct stat file{};
  return ::fstat(fd, &file) == 0 && file.st_dev == known.device && file.st_ino == known.inode;
}

/// Empties the pipe. This loses no wake-up: all of them so far were meant for the wait that is
/// ending now.
void PollPoller::drain_wake_ups() noexcept {
  std::array<char, 256> bytes{};
  while (::read(wake_pipe_.reader.get(), bytes.data(), bytes.size()) > 0) {
  }
}

void PollPoller::wake() noexcept {
  const int interrupted_errno = errno;  // a signal handler must not change it
  const char byte = 0;
  // The write is refused if the pipe is full (EAGAIN), but then the poller wakes anyway. A signal
  // does not interrupt a non-blocking write, but not every system promises that; hence the loop.
  while (::write(wake_pipe_.writer.get(), &byte, 1) < 0 && errno == EINTR) {
  }
  errno = interrupted_errno;
}

}  // namespace

std::unique_ptr<Poller> make_poll_poller() {
  return std::make_unique<PollPoller>();
}

}  // namespace asyncio
