#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "asyncio/base/posix.hpp"
#include "asyncio/base/unique_fd.hpp"
#include "asyncio/poll/poller.hpp"
#include "timer_fd.hpp"

namespace asyncio {

std::unique_ptr<Poller> make_epoll_poller();

namespace {

using std::chrono::nanoseconds;

// Tokens that the kernel returns with an event. A registration belongs to an open file and a
// descriptor number, not to the number alone. If a duplicate keeps the file open, closing the
// number leaves the registration behind, and no call can delete it any more. So a token has a
// generation beside the number, by which wait() recognises the events of such a registration.
constexpr std::uint64_t kWakeToken = ~std::uint64_t{0};
constexpr std::uint64_t kTimerToken = kWakeToken - 1;

std::uint64_t to_token(int fd, std::uint32_t generation) {
  return static_cast<std::uint64_t>(fd) << 32U | generation;
}

/// Rounds up: a wait that ends early would have to be repeated for the rest.
int to_milliseconds(nanoseconds time) {
  const auto whole = std::chrono::ceil<std::chrono::milliseconds>(time);
  return static_cast<int>(std::min<std::int64_t>(whole.count(), INT_MAX));
}

bool add_to_counter(const UniqueFd& counter) noexcept {
  const std::uint64_t one = 1;
  return ::write(counter.get(), &one, sizeof one) == sizeof one;
}

bool drain_counter(const UniqueFd& counter) noexcept {
  std::uint64_t count = 0;
  return ::read(counter.get(), &count, sizeof count) == sizeof count;
}

/// A poller on epoll. Each descriptor has one level-triggered registration, with the union of its
/// directions. Changes take effect at once; setting the same interest again costs no system call.
class EpollPoller final : public Poller {
 public:
  EpollPoller();

  void set_interest(int fd, Interest interest) override;
  void wait(std::optional<nanoseconds> timeout, std::vector<PollEvent>& events) override;
  void wake() noexcept override;
  void limit_batch(std::size_t most) noexcept override { most_events_ = most; }
  [[nodiscard]] std::string_view name() const noexcept override { return "epoll"; }

 private:
  struct Registration {
    std::uint32_t generation = 0;  // of the last change; unique among registrations
    Interest interest = Interest::none;
  };

  Registration& registration(int fd);
  void forget(int fd) noexcept;
  [[nodiscard]] int most_events() const noexcept {
    return static_cast<int>(std::min(batch_.size(), most_events_));
  }
  int wait_for_batch(std::optional<nanoseconds> timeout);
  int wait_for_ever();
  int wait_up_to(nanoseconds timeout);
  int wait_precisely(nanoseconds timeout);
  int wait_roughly(int timeout_ms);
  bool append_wanted(const epoll_event& ready, std::vector<PollEvent>& events) const;
  void rebuild();
  static int control(const UniqueFd& set, int operation, int fd, Registration wanted) noexcept;
  static int watch_wake_fd(const UniqueFd& set, const UniqueFd& wake_fd) noexcept;

  UniqueFd epoll_fd_;
  UniqueFd wake_fd_;                         // never replaced: wake() uses it on other threads
  std::vector<Registration> registrations_;  // indexed by descriptor
  std::size_t registered_ = 0;               // descriptors with an interest
  std::size_t most_events_ = SIZE_MAX;       // of one wait(), the wake-up and the timer included
  std::uint32_t last_generation_ = 0;
  std::vector<epoll_event> batch_;
  TimerFd timer_{kTimerToken};  // for long waits
  bool has_pwait2_ = true;      // until the kernel or a sandbox refuses it
};

EpollPoller::EpollPoller()
    : epoll_fd_(::epoll_create1(EPOLL_CLOEXEC)),
      wake_fd_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
  if (!epoll_fd_) throw_errno("epoll_create1");
  if (!wake_fd_) throw_errno("eventfd");
  if (watch_wake_fd(epoll_fd_, wake_fd_) != 0) throw_errno("epoll_ctl", wake_fd_.get());
}

void EpollPoller::set_interest(int fd, Interest interest) {
  if (interest == Interest::none) return forget(fd);
  Registration& known = registration(fd);
  if (known.interest == interest) return;

  const bool is_new = known.interest == Interest::none;
  const Registration wanted{++last_generation_, interest};
  int error = control(epoll_fd_, is_new ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, wanted);
  // The number was closed without our knowledge. Now another file has it (ENOENT), or the same file
  // has come back to it through a duplicate (EEXIST).
  if (error == ENOENT) error = control(epoll_fd_, EPOLL_CTL_ADD, fd, wanted);
  if (error == EEXIST) error = control(epoll_fd_, EPOLL_CTL_MOD, fd, wanted);
  if (error != 0) {
    forget(fd);
    throw system_call_error(error, "epoll_ctl", fd);
  }
  if (is_new) ++registered_;
  known = wanted;
}

/// Returns the entry of `fd`, which it creates if necessary. A number that is not open is refused
/// before the table grows to hold it.
EpollPoller::Registration& EpollPoller::registration(int fd) {
  if (fd < 0) throw system_call_error(EBADF, "epoll_ctl", fd);
  const auto index = static_cast<std::size_t>(fd);
  if (index >= registrations_.size()) {
    if (::fcntl(fd, F_GETFD) < 0) throw_errno("fcntl", fd);
    registrations_.resize(index + 1);
  }
  return registrations_[index];
}

void EpollPoller::forget(int fd) noexcept {
  if (fd < 0 || static_cast<std::size_t>(fd) >= registrations_.size()) return;
  Registration& known = registrations_[static_cast<std::size_t>(fd)];
  if (known.interest == Interest::none) return;
  // The result is ignored on purpose: if the number was closed or given to another file, the
  // registration is either gone, or wait() will find it.
  (void)control(epoll_fd_, EPOLL_CTL_DEL, fd, known);
  known.interest = Interest::none;
  --registered_;
}

void EpollPoller::wait(std::optional<nanoseconds> timeout, std::vector<PollEvent>& events) {
  // Room for all that may be reported, the wake-up and the timer. With less than that the kernel
  // rotates its list of ready descriptors: those that found no room come first next time.
  if (batch_.size() < registered_ + 2 && batch_.size() < most_events_) {
    batch_.resize(std::min(2 * registered_ + 2, most_events_));
  }

  const auto count = static_cast<std::size_t>(wait_for_batch(timeout));
  bool has_stale = false;
  for (const epoll_event& ready : std::span(batch_).first(count)) {
    if (ready.data.u64 == kWakeToken) continue;
    if (ready.data.u64 == kTimerToken) {
      timer_.expired();
      continue;
    }
    if (!append_wanted(ready, events)) has_stale = true;
  }
  if (has_stale) rebuild();
}

/// Returns the number of events that the kernel put into batch_; zero after a signal.
int EpollPoller::wait_for_batch(std::optional<nanoseconds> timeout) {
  const int count = timeout ? wait_up_to(*timeout) : wait_for_ever();
  if (count >= 0) return count;
  if (errno != EINTR) throw_errno("epoll_wait", epoll_fd_.get());
  return 0;
}

int EpollPoller::wait_for_ever() {
  timer_.disarm();
  return wait_roughly(-1);
}

int EpollPoller::wait_up_to(nanoseconds timeout) {
  // A call that does not wait needs no precision, and epoll_wait() is cheaper.
  if (timeout <= nanoseconds::zero()) return wait_roughly(0);
  if (timeout >= TimerFd::kLongWait && timer_.arm(epoll_fd_, timeout)) return wait_roughly(-1);
  timer_.disarm();
  return wait_precisely(timeout);
}

int EpollPoller::wait_precisely(nanoseconds timeout) {
  if (has_pwait2_) {
    const timespec time = to_timespec(timeout);
    const int count = ::epoll_pwait2(epoll_fd_.get(), batch_.data(), most_events(), &time, nullptr);
    if (count >= 0 || (errno != ENOSYS && errno != EPERM)) return count;
    has_pwait2_ = false;
  }
  return wait_roughly(to_milliseconds(timeout));
}

int EpollPoller::wait_roughly(int timeout_ms) {
  return ::epoll_wait(epoll_fd_.get(), batch_.data(), most_events(), timeout_ms);
}

/// Appends an event. Returns false if its registration is no longer ours.
bool EpollPoller::append_wanted(const epoll_event& ready, std::vector<PollEvent>& events) const {
  const auto fd = static_cast<int>(ready.data.u64 >> 32U);
  const Registration& known = registrations_[static_cast<std::size_t>(fd)];
  if (known.interest == Interest::none || to_token(fd, known.generation) != ready.data.u64) {
    return false;
  }
  const bool broken = (ready.events & (EPOLLHUP | EPOLLERR)) != 0;
  const bool readable = broken || (ready.events & EPOLLIN) != 0;
  const bool writable = broken || (ready.events & EPOLLOUT) != 0;
  events.push_back({fd, readable && asks(known.interest, Interest::read),
                    writable && asks(known.interest, Interest::write)});
  return true;
}

/// Replaces the epoll set with one that lacks the registrations that cannot be deleted. Those would
/// end every wait at once.
///
/// If the kernel has no room for a second set, the old one stays, and the next such event calls
/// this function again: a busy loop that works is better than none.
void EpollPoller::rebuild() {
  UniqueFd fresh(::epoll_create1(EPOLL_CLOEXEC));
  // A counter above zero would wake the new set once. Emptying it loses no wake-up: all of them so
  // far were meant for the wait that is ending now.
  (void)drain_counter(wake_fd_);
  if (!fresh || watch_wake_fd(fresh, wake_fd_) != 0 || !timer_.move_to(fresh)) return;

  for (std::size_t index = 0; index < registrations_.size(); ++index) {
    const Registration known = registrations_[index];
    const auto fd = static_cast<int>(index);
    if (known.interest == Interest::none) continue;
    // The number may have been closed and opened for another file since. So only registrations that
    // the old set still has are copied.
    if (control(epoll_fd_, EPOLL_CTL_MOD, fd, known) != 0) {
      forget(fd);
    } else if (control(fresh, EPOLL_CTL_ADD, fd, known) != 0) {
      return;
    }
  }
  epoll_fd_ = std::move(fresh);
}

/// Adds the wake-up to a set. It is edge-triggered, and no wait reads its counter: each write is an
/// edge of its own, so a wait has nothing to clean up.
int EpollPoller::watch_wake_fd(const UniqueFd& set, const UniqueFd& wake_fd) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  event.data.u64 = kWakeToken;
  return ::epoll_ctl(set.get(), EPOLL_CTL_ADD, wake_fd.get(), &event);
}

/// Calls epoll_ctl() and returns 0 or the error number. EPOLLRDHUP is left out, because the end of
/// the peer's stream is something to read and not a hang-up.
int EpollPoller::control(const UniqueFd& set, int operation, int fd, Registration wanted) noexcept {
  epoll_event event{};
  if (asks(wanted.interest, Interest::read)) event.events |= EPOLLIN;
  if (asks(wanted.interest, Interest::write)) event.events |= EPOLLOUT;
  event.data.u64 = to_token(fd, wanted.generation);
  return ::epoll_ctl(set.get(), operation, fd, &event) == 0 ? 0 : errno;
}

void EpollPoller::wake() noexcept {
  const int interrupted_errno = errno;  // a signal handler must not change it
  // The write is refused only if the counter is full, after 2^64 - 2 wake-ups: empty it and write
  // again.
  while (!add_to_counter(wake_fd_) && errno == EAGAIN) (void)drain_counter(wake_fd_);
  errno = interrupted_errno;
}

}  // namespace

std::unique_ptr<Poller> make_epoll_poller() {
  return std::make_unique<EpollPoller>();
}

}  // namespace asyncio
