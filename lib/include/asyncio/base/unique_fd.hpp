#pragma once

#include <unistd.h>

#include <cassert>
#include <utility>

namespace asyncio {

/// Owns a file descriptor and closes it.
///
/// Thread:   like an int.
/// Cost:     the size of an int.
class UniqueFd {
 public:
  /// Owns nothing.
  UniqueFd() noexcept = default;

  /// Takes `fd` over; a negative one, as failed system calls return it, is nothing to own.
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}

  /// Takes over what `other` owns.
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  /// The same, after closing what is owned.
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }

  ~UniqueFd() { reset(); }

  /// Closes what is owned and takes `fd` over instead.
  ///
  /// REQUIRES: `fd` is not the descriptor already owned.
  void reset(int fd = -1) noexcept {
    assert(fd < 0 || fd != fd_);
    const int closing = std::exchange(fd_, fd);
    // The result is ignored on purpose: after any error, EINTR too, the number may already
    // belong to somebody else, so there is nothing to try again.
    if (closing >= 0) (void)::close(closing);
  }

  /// Gives the descriptor up without closing it; -1 when there was none.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  /// The descriptor, still owned here; -1 when there is none.
  [[nodiscard]] int get() const noexcept { return fd_; }

  /// Whether a descriptor is owned.
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

}  // namespace asyncio
