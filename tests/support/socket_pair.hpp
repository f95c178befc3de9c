#pragma once

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "asyncio/base/unique_fd.hpp"

namespace asyncio::test {

/// Two connected sockets that do not block.
struct SocketPair {
  SocketPair() {
    std::array<int, 2> fds{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fds.data()), 0);
    near.reset(fds[0]);
    far.reset(fds[1]);
  }

  UniqueFd near;
  UniqueFd far;
};

inline void send_byte(int fd) {
  EXPECT_EQ(::write(fd, "x", 1), 1);
}

/// Returns whether a byte was there to be read.
inline bool read_byte(int fd) {
  char byte = 0;
  return ::read(fd, &byte, 1) == 1;
}

}  // namespace asyncio::test
