#pragma once

#include <unistd.h>

#include <cassert>
#include <utility>

namespace asyncio {

/// The owner of a file descriptor, which it closes in its destructor.
///
/// Thread:   like an int.
/// Cost:     the size of an int.
class UniqueFd {
 public:
  /// Creates an owner without a descriptor.
  UniqueFd() noexcept = default;

  /// Takes ownership of `fd`. A negative value, as failed system calls return it, means no
  /// descriptor.
  explicit UniqueFd(int fd) noexcept : fd_(fd) {}

  /// Takes over the descriptor of `other`.
  UniqueFd(UniqueFd&& other) noexcept : fd_(other.release()) {}
  /// Closes the current descriptor and takes over that of `other`.
  UniqueFd& operator=(UniqueFd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }

  /// Closes the descriptor, if there is one.
  ~UniqueFd() { reset(); }

  /// Closes the current descriptor and takes ownership of `fd`.
  ///
  /// REQUIRES: `fd` is not the current descriptor.
  void reset(int fd = -1) noexcept {
    assert(fd < 0 || fd != fd_);
    const int closing = std::exchange(fd_, fd);
    // The result is ignored on purpose: after any error, even EINTR, the number may already belong
    // to another file, so close() must not be tried again.
    if (closing >= 0) (void)::close(closing);
  }

  /// Gives up ownership and returns the descriptor without closing it; -1 if there is none.
  [[nodiscard]] int release() noexcept { return std::exchange(fd_, -1); }

  /// Returns the descriptor and keeps ownership; -1 if there is none.
  [[nodiscard]] int get() const noexcept { return fd_; }

  /// Returns whether there is a descriptor.
  [[nodiscard]] explicit operator bool() const noexcept { return fd_ >= 0; }

 private:
  int fd_ = -1;
};

}  // namespace asyncio
