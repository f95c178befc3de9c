#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace asyncio {

/// The directions in which a descriptor is watched.
enum class Interest : std::uint8_t { none = 0, read = 1, write = 2, read_write = 3 };

/// Returns whether `interest` includes `direction`, which is read or write.
[[nodiscard]] constexpr bool asks(Interest interest, Interest direction) noexcept {
  return (static_cast<unsigned>(interest) & static_cast<unsigned>(direction)) != 0;
}

/// A descriptor that is ready. A batch has at most one event for each descriptor.
///
/// An error or a hang-up is reported in every direction of the interest: the next system call on
/// the descriptor says what happened.
struct PollEvent {
  int fd;         ///< the descriptor
  bool readable;  ///< a read would not block
  bool writable;  ///< a write would not block
};

/// The only interface to the kernel's polling mechanism. A poller waits for descriptors, for a
/// timeout, or for a wake-up.
///
/// Readiness is level-triggered: a descriptor that is still ready at the next wait is reported
/// again.
///
/// Thread:   one thread at a time, except for wake(), which any thread may call at any time during
///           the object's life.
/// Lifetime: set a descriptor's interest to none *before* closing the descriptor. Otherwise one
///           wait may end early without events, and if the number is opened again, it is reported
///           only after its interest has been set to none or changed.
class Poller {
 public:
  Poller() = default;
  Poller(const Poller&) = delete;
  Poller& operator=(const Poller&) = delete;
  virtual ~Poller() = default;

  /// Sets the directions that wait() reports for `fd`. Interest::none forgets the descriptor, and
  /// is no error if `fd` is unknown or already closed.
  ///
  /// Throws:   std::system_error, which names the call and `fd`: EBADF if it is not open, EPERM for
  ///           a regular file if the kernel cannot wait for one. The descriptor is then forgotten.
  /// Cost:     one system call; none if the interest stays as it is.
  virtual void set_interest(int fd, Interest interest) = 0;

  /// Waits up to `timeout` for the first descriptor that is ready, and appends all that are ready
  /// to `events`. A timeout of zero or less only checks; std::nullopt waits forever.
  ///
  /// Returns early, perhaps without events, after wake() or a signal. It never returns early for
  /// another reason, because it rounds the timeout up to the unit of the kernel. Only a timeout of
  /// several weeks may be cut short.
  ///
  /// Throws:   std::system_error.
  virtual void wait(std::optional<std::chrono::nanoseconds> timeout,
                    std::vector<PollEvent>& events) = 0;

  /// Ends the current wait() at once, or the next one if there is none. Several calls before a
  /// wait() have the effect of one.
  ///
  /// Thread:   any; async-signal-safe.
  virtual void wake() noexcept = 0;

  /// Limits wait() to `most` descriptors per call, which must be greater than zero. The next calls
  /// report the others in rotation. Backends may ignore this hint; by default there is no limit.
  virtual void limit_batch(std::size_t /*most*/) noexcept {}

  /// Returns the name of the backend: "epoll", "kqueue" or "poll".
  [[nodiscard]] virtual std::string_view name() const noexcept = 0;
};

/// Returns the names of the backends in this build, best first.
[[nodiscard]] std::vector<std::string_view> poller_names();

/// Creates the backend `name`.
///
/// Throws:   std::invalid_argument, which lists the names, if this build has no such backend;
///           std::system_error if the kernel refuses.
[[nodiscard]] std::unique_ptr<Poller> make_poller(std::string_view name);

/// Creates the backend that the environment variable ASYNCIO_BACKEND names, or else the best one.
///
/// Throws:   like make_poller(name).
[[nodiscard]] std::unique_ptr<Poller> make_poller();

}  // namespace asyncio
