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

// The kernel may end a wait late by a thousandth of its time (by a two-hundredth where the process
// is niced), whatever the thread's timer slack. So a long wait leaves a part for the next call.
constexpr nanoseconds kLongWait = std::chrono::milliseconds(20);
constexpr int kPartLeft = 128;

// Within what every system counts, in milliseconds even.
constexpr nanoseconds kLongestCall = std::chrono::hours(24);
constexpr nanoseconds kLongestWait = std::chrono::hours(24 * 365 * 100);

/// How long the next call may last when `left` is to pass.
nanoseconds share_of(nanoseconds left) {
  return std::min(left < kLongWait ? left : left - left / kPartLeft, kLongestCall);
}

Deadline deadline_after(nanoseconds timeout) {
  return std::chrono::steady_clock::now() + std::min(timeout, kLongestWait);
}

/// Hands the kernel the whole list of descriptors at each wait: the mechanism that every system
/// has. A wait costs time in proportion to what is watched, and one system call more for each
/// event.
///
/// The kernel knows numbers here, not files. When one was closed behind our back and opened again
/// it would speak of somebody else's file; hence each number's file is remembered.
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
    std::size_t place = 0;  // in watched_
    dev_t device{};         // these two name the file
    ino_t inode{};
  };

  [[nodiscard]] Interest interest_in(int fd) const noexcept;
  void forget(int fd) noexcept;
  int wait_for_batch(std::optional<nanoseconds> timeout);
  void append_wanted(const pollfd& ready, std::vector<PollEvent>& events);
  [[nodiscard]] bool is_still_ours(int fd) const noexcept;
  void drain_wake_ups() noexcept;

  PipeEnds wake_pipe_;
  std::vector<pollfd> watched_;              // first the wake-up, then what has an interest
  std::vector<Registration> registrations_;  // by descriptor
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

/// Interest::none for a number that is not known.
Interest PollPoller::interest_in(int fd) const noexcept {
  const auto index = static_cast<std::size_t>(fd);
  return fd < 0 || index >= registrations_.size() ? Interest::none : registrations_[index].interest;
}

/// The last one takes the place that becomes free.
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
        forget(ready.fd);  // another one stands in this place now
        continue;
      }
      append_wanted(ready, events);
    }
    ++place;
  }
}

/// How many of watched_ are ready; none when the time has passed or a signal came.
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

/// An error, a hang-up, and a file for which the kernel cannot wait (POLLNVAL of a number that is
/// open) are both directions.
void PollPoller::append_wanted(const pollfd& ready, std::vector<PollEvent>& events) {
  const bool broken = (ready.revents & (POLLHUP | POLLERR | POLLNVAL)) != 0;
  const bool readable = broken || (ready.revents & POLLIN) != 0;
  const bool writable = broken || (ready.revents & POLLOUT) != 0;
  events.push_back({ready.fd, readable && (ready.events & POLLIN) != 0,
                    writable && (ready.events & POLLOUT) != 0});
}

/// False where the number was closed, or is another file by now.
bool PollPoller::is_still_ours(int fd) const noexcept {
  const Registration& known = registrations_[static_cast<std::size_t>(fd)];
  struct stat file{};
  return ::fstat(fd, &file) == 0 && file.st_dev == known.device && file.st_ino == known.inode;
}

/// Swallows no wake-up that has not ended the wait we are in.
void PollPoller::drain_wake_ups() noexcept {
  std::array<char, 256> bytes{};
  while (::read(wake_pipe_.reader.get(), bytes.data(), bytes.size()) > 0) {
  }
}

void PollPoller::wake() noexcept {
  const int interrupted_errno = errno;  // a signal handler leaves it as it was
  const char byte = 0;
  // Refused when the pipe is full (EAGAIN), which wakes as well. A pipe that does not block is not
  // interrupted; the systems differ in whether they say so, hence the loop.
  while (::write(wake_pipe_.writer.get(), &byte, 1) < 0 && errno == EINTR) {
  }
  errno = interrupted_errno;
}

}  // namespace

std::unique_ptr<Poller> make_poll_poller() {
  return std::make_unique<PollPoller>();
}

}  // namespace asyncio
