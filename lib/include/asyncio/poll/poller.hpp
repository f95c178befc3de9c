#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace asyncio {

/// What a loop wants to hear about a descriptor.
enum class Interest : std::uint8_t { none = 0, read = 1, write = 2, read_write = 3 };

/// Whether `direction`, reading or writing, is part of `interest`.
[[nodiscard]] constexpr bool asks(Interest interest, Interest direction) noexcept {
  return (static_cast<unsigned>(interest) & static_cast<unsigned>(direction)) != 0;
}

/// One descriptor that is ready; a descriptor stands at most once in a batch.
///
/// An error or a hang-up is reported as both directions that were asked for: the system
/// call that follows says what happened.
struct PollEvent {
  int fd;         ///< which
  bool readable;  ///< a read would not block
  bool writable;  ///< a write would not block
};

/// Waits for descriptors, for a time, or to be woken: the one seam to the kernel's mechanism.
///
/// Readiness is level-triggered: what is still ready at the next wait is reported again.
///
/// Thread:   one thread at a time, except wake(), which any thread may call at any moment of
///           the object's life.
/// Lifetime: a descriptor's interest is set to none *before* the descriptor is closed. After the
///           wrong order a wait may end early once, with nothing, and a number that has been
///           opened again must be set to none, or to another interest, before it is reported.
class Poller {
 public:
  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  virtual ~Poller() = default;

  /// Sets what wait() reports for `fd`; Interest::none forgets the descriptor and is no
  /// error for one that is not known or already closed.
  ///
  /// Throws:   std::system_error naming the call and `fd`, which is then forgotten (EBADF; EPERM
  ///           for a regular file where the kernel cannot wait for one).
  /// Cost:     one system call, none when the interest is set to what it was.
  virtual void set_interest(int fd, Interest interest) = 0;

  /// Appends to `events` what is ready, after waiting up to `timeout` for the first of it:
  /// zero or less looks only, std::nullopt waits for ever.
  ///
  /// Returns early, maybe with nothing, when woken by wake() or by a signal; never early for
  /// another reason: a timeout is rounded up to what the kernel can count. Only one of weeks may
  /// be cut short.
  ///
  /// Throws:   std::system_error.
  virtual void wait(std::optional<std::chrono::nanoseconds> timeout,
                    std::vector<PollEvent>& events) = 0;

  /// Ends the present wait(), or else the next one, at once. Several calls before a wait() are
  /// as good as one.
  ///
  /// Thread:   any; async-signal-safe.
  virtual void wake() noexcept = 0;

  /// Asks wait() to report at most `most` descriptors per call, more than zero; the others follow in
  /// the next ones, in turns. A hint that a backend may ignore; unlimited by default.
  virtual void limit_batch(std::size_t /*most*/) noexcept {}

  /// The backend's name: "epoll", "kqueue", "poll".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
};

/// The backends this library was built with, best first.
[[nodiscard]] std::vector<std::string_view> poller_names();

/// Makes the backend `name`.
///
/// Throws:   std::invalid_argument listing the names for one that is not built;
///           std::system_error when the kernel refuses.
[[nodiscard]] std::unique_ptr<Poller> make_poller(std::string_view name);

/// Makes the backend that the environment variable ASYNCIO_BACKEND names, or the best one.
///
/// Throws:   as make_poller(name).
[[nodiscard]] std::unique_ptr<Poller> make_poller();

}  // namespace asyncio
