#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/loop/event_loop.hpp"

namespace asyncio::busy_poll {

/// Busy polling without end.
inline constexpr Duration kForEver = Duration::max();

/// Returns options with busy polling for `span`.
inline LoopOptions busy(Duration span) {
  LoopOptions options;
  options.busy_poll(span);
  return options;
}

/// A socket whose reader runs `action` once, and its peer, which makes it readable.
class WatchedSocket {
 public:
  template <class F>
  WatchedSocket(EventLoop& loop, F action) : loop_(loop) {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    near_.reset(fds[0]);
    far_.reset(fds[1]);
    loop.add_reader(near_.get(), [this, action] {
      loop_.remove_reader(near_.get());
      action();
    });
  }
  WatchedSocket(const WatchedSocket&) = delete;
  WatchedSocket& operator=(const WatchedSocket&) = delete;
  ~WatchedSocket() { loop_.remove_reader(near_.get()); }

  void send() const { EXPECT_EQ(::write(far_.get(), "x", 1), 1); }

 private:
  EventLoop& loop_;
  UniqueFd near_;
  UniqueFd far_;
};

}  // namespace asyncio::busy_poll
