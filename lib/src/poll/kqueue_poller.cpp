#include <fcntl.h>
#include <sys/event.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "asyncio/base/posix.hpp"
#include "asyncio/base/unique_fd.hpp"
#include "asyncio/poll/poller.hpp"

namespace asyncio {

std::unique_ptr<Poller> make_kqueue_poller();

namespace {

using std::chrono::nanoseconds;

constexpr int kWakeIdent = 0;  // user events have numbers of their own, apart from descriptors

constexpr std::array kFilters = {std::pair(Interest::read, EVFILT_READ),
                                 std::pair(Interest::write, EVFILT_WRITE)};

struct kevent make_event(int ident, int filter, int flags) {
  struct kevent event{};  // set member by member: the types differ between systems
  event.ident = static_cast<decltype(event.ident)>(ident);
  event.filter = static_cast<decltype(event.filter)>(filter);
  event.flags = static_cast<decltype(event.flags)>(flags);
  return event;
}

/// Converts a time for the kernel. Limits it to one year, because some kernels refuse more than
/// 100,000,000 seconds.
timespec to_timespec(nanoseconds time) {
  constexpr nanoseconds kLongest = std::chrono::hours(24 * 365);
  const nanoseconds clamped = std::clamp(time, nanoseconds::zero(), kLongest);
  const auto whole = std::chrono::floor<std::chrono::seconds>(clamped);
  timespec result{};
  result.tv_sec = static_cast<decltype(result.tv_sec)>(whole.count());
  result.tv_nsec = static_cast<decltype(result.tv_nsec)>((clamped - whole).count());
  return result;
}

/// A poller on kqueue, with a level-triggered filter for each direction. One call changes both at
/// once.
///
/// A filter belongs to the descriptor number and ends when that is closed. So there are no events
/// of closed descriptors to filter out.
class KqueuePoller final : public Poller {
 public:
  KqueuePoller();

  void set_interest(int fd, Interest interest) override;
  void wait(std::optional<nanoseconds> timeout, std::vector<PollEvent>& events) override;
  void wake() noexcept override;
  void limit_batch(std::size_t most) noexcept override { most_events_ = most; }
  [[nodiscard]] std::string_view name() const noexcept override { return "kqueue"; }

 private:
  struct Registration {
    Interest interest = Interest::none;
    std::uint64_t batch = 0;  // the last batch with an event of this descriptor
    std::size_t place = 0;    // the index of that event in `events`
  };

  Registration& registration(int fd);
  void forget(int fd) noexcept;
  int apply(int fd, Interest known, Interest wanted) noexcept;
  std::span<const struct kevent> wait_for_batch(std::optional<nanoseconds> timeout);
  void append_wanted(const struct kevent& ready, std::vector<PollEvent>& events);
  void append(int fd, bool readable, bool writable, std::vector<PollEvent>& events);

  UniqueFd kqueue_fd_;
  std::vector<Registration> registrations_;  // indexed by descriptor
  std::size_t registered_ = 0;               // descriptors with an interest
  std::size_t most_events_ = SIZE_MAX;       // of one wait(), the wake-up included
  // Descriptors whose reading end was closed before they were watched for writing. Some kernels
  // refuse that filter (EPIPE). Every wait reports these descriptors as hung up.
  std::vector<int> broken_;
  std::vector<struct kevent> ready_;
  std::uint64_t batch_ = 0;  // the number of waits so far
};

KqueuePoller::KqueuePoller() : kqueue_fd_(::kqueue()) {
  if (!kqueue_fd_) throw_errno("kqueue");
  // A child of fork() does not inherit the queue, but a program started by exec() alone would.
  if (::fcntl(kqueue_fd_.get(), F_SETFD, FD_CLOEXEC) < 0) throw_errno("fcntl", kqueue_fd_.get());
  const struct kevent wake_up = make_event(kWakeIdent, EVFILT_USER, EV_ADD | EV_CLEAR);
  if (::kevent(kqueue_fd_.get(), &wake_up, 1, nullptr, 0, nullptr) < 0) {
    throw_errno("kevent", kqueue_fd_.get());
  }
}

void KqueuePoller::set_interest(int fd, Interest interest) {
  if (interest == Interest::none) return forget(fd);
  Registration& known = registration(fd);
  if (known.interest == interest) return;

  broken_.reserve(broken_.size() + 1);
  const int error = apply(fd, known.interest, interest);
  if (known.interest == Interest::none) ++registered_;
  known.interest = interest;
  if (error != 0) {
    forget(fd);
    throw system_call_error(error, "kevent", fd);
  }
}

/// Returns the entry of `fd`, which it creates if necessary. A number that is not open is refused
/// before the table grows to hold it.
KqueuePoller::Registration& KqueuePoller::registration(int fd) {
  if (fd < 0) throw system_call_error(EBADF, "kevent", fd);
  const auto index = static_cast<std::size_t>(fd);
  if (index >= registrations_.size()) {
    if (::fcntl(fd, F_GETFD) < 0) throw_errno("fcntl", fd);
    registrations_.resize(index + 1);
  }
  return registrations_[index];
}

void KqueuePoller::forget(int fd) noexcept {
  if (fd < 0 || static_cast<std::size_t>(fd) >= registrations_.size()) return;
  Registration& known = registrations_[static_cast<std::size_t>(fd)];
  if (known.interest == Interest::none) return;
  // The result is ignored on purpose: a filter that cannot be deleted is gone already.
  (void)apply(fd, known.interest, Interest::none);
  known.interest = Interest::none;
  --registered_;
}

/// Deletes the filters of `known` and adds those of `wanted`, even if a direction is in both. If
/// the number was closed without our knowledge, its filters are gone; and libkqueue refuses to add
/// a write filter that exists. Returns 0 or the error number of an addition.
int KqueuePoller::apply(int fd, Interest known, Interest wanted) noexcept {
  std::array<struct kevent, 4> changes;
  int count = 0;
  const auto change = [&](Interest directions, int flags) {
    for (const auto& [direction, filter] : kFilters) {
      if (!asks(directions, direction)) continue;
      changes[static_cast<std::size_t>(count++)] = make_event(fd, filter, flags | EV_RECEIPT);
    }
  };
  change(known, EV_DELETE);
  const int deletions = count;
  change(wanted, EV_ADD);
  std::erase(broken_, fd);

  std::array<struct kevent, 4> receipts{};  // one for each change, which leaves no room for events
  const timespec at_once{};
  const int queue = kqueue_fd_.get();
  const int received = ::kevent(queue, changes.data(), count, receipts.data(), count, &at_once);
  if (received < 0) return errno;

  for (int i = deletions; i < received; ++i) {
    const struct kevent& receipt = receipts[static_cast<std::size_t>(i)];
    if (receipt.data == 0) continue;
    if (receipt.filter != EVFILT_WRITE || receipt.data != EPIPE) {
      return static_cast<int>(receipt.data);
    }
    broken_.push_back(fd);  // set_interest() has reserved the room
  }
  return 0;
}

void KqueuePoller::wait(std::optional<nanoseconds> timeout, std::vector<PollEvent>& events) {
  if (!broken_.empty()) timeout = nanoseconds::zero();
  // Room for all that may be reported, an event for each direction, and the wake-up.
  if (ready_.size() <= 2 * registered_ && ready_.size() < most_events_) {
    ready_.resize(std::min(4 * registered_ + 1, most_events_));
  }

  ++batch_;
  for (const struct kevent& ready : wait_for_batch(timeout)) append_wanted(ready, events);
  for (const int fd : broken_) append(fd, false, true, events);
}

/// Returns the events that the kernel put into ready_; none after a signal.
std::span<const struct kevent> KqueuePoller::wait_for_batch(std::optional<nanoseconds> timeout) {
  const timespec time = to_timespec(timeout.value_or(nanoseconds::zero()));
  const int most = static_cast<int>(std::min(ready_.size(), most_events_));
  const timespec* const limit = timeout ? &time : nullptr;
  const int count = ::kevent(kqueue_fd_.get(), nullptr, 0, ready_.data(), most, limit);
  if (count < 0 && errno != EINTR) throw_errno("kevent", kqueue_fd_.get());
  return std::span(ready_).first(static_cast<std::size_t>(std::max(count, 0)));
}

void KqueuePoller::append_wanted(const struct kevent& ready, std::vector<PollEvent>& events) {
  if (ready.filter == EVFILT_USER) return;
  // A plain EV_EOF is the end of one direction; with an error number the descriptor is broken.
  const bool broken =
      (ready.flags & EV_ERROR) != 0 || ((ready.flags & EV_EOF) != 0 && ready.fflags != 0);
  append(static_cast<int>(ready.ident), broken || ready.filter == EVFILT_READ,
         broken || ready.filter == EVFILT_WRITE, events);
}

/// Reports that `fd` is ready, in the directions of its interest. A batch has one event for each
/// descriptor.
void KqueuePoller::append(int fd, bool readable, bool writable, std::vector<PollEvent>& events) {
  Registration& known = registrations_[static_cast<std::size_t>(fd)];
  readable = readable && asks(known.interest, Interest::read);
  writable = writable && asks(known.interest, Interest::write);
  if (!readable && !writable) return;

  if (known.batch != batch_) {
    known.batch = batch_;
    known.place = events.size();
    events.push_back({fd, false, false});
  }
  PollEvent& event = events[known.place];
  event.readable = event.readable || readable;
  event.writable = event.writable || writable;
}

void KqueuePoller::wake() noexcept {
  const int interrupted_errno = errno;  // a signal handler must not change it
  struct kevent wake_up = make_event(kWakeIdent, EVFILT_USER, 0);
  wake_up.fflags = NOTE_TRIGGER;
  // The result is ignored on purpose: the event exists, and triggering it takes no resources.
  (void)::kevent(kqueue_fd_.get(), &wake_up, 1, nullptr, 0, nullptr);
  errno = interrupted_errno;
}

}  // namespace

std::unique_ptr<Poller> make_kqueue_poller() {
  return std::make_unique<KqueuePoller>();
}

}  // namespace asyncio
