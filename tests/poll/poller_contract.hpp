#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/poll/poller.hpp"

namespace asyncio::poller_contract {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
using Clock = std::chrono::steady_clock;

// A wait that takes this long has hung.
inline constexpr nanoseconds kHang = 10s;

/// The ready descriptors, each with "r", "w" or "rw". A '+' between them shows two events for one
/// descriptor, which is an error.
using Ready = std::map<int, std::string>;

inline Ready to_ready(const std::vector<PollEvent>& events) {
  Ready ready;
  for (const PollEvent& event : events) {
    std::string& directions = ready[event.fd];
    if (!directions.empty()) directions += '+';
    if (event.readable) directions += 'r';
    if (event.writable) directions += 'w';
  }
  return ready;
}

inline void make_nonblocking(const UniqueFd& fd) {
  ASSERT_EQ(::fcntl(fd.get(), F_SETFL, O_NONBLOCK), 0);
}

inline void put(const UniqueFd& fd, char byte = 'x') {
  ASSERT_EQ(::write(fd.get(), &byte, 1), 1);
}

inline char take(const UniqueFd& fd) {
  char byte = 0;
  EXPECT_EQ(::read(fd.get(), &byte, 1), 1);
  return byte;
}

/// Writes until no more fits.
inline void fill(const UniqueFd& fd) {
  const std::array<char, 4096> bytes{};
  while (::write(fd.get(), bytes.data(), bytes.size()) > 0) {
  }
  while (::write(fd.get(), bytes.data(), 1) > 0) {
  }
  ASSERT_TRUE(errno == EAGAIN || errno == EWOULDBLOCK);
}

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe(ends.data()), 0);
    reader.reset(ends[0]);
    writer.reset(ends[1]);
    make_nonblocking(reader);
    make_nonblocking(writer);
  }

  UniqueFd reader;
  UniqueFd writer;
};

struct SocketPair {
  SocketPair() {
    std::array<int, 2> ends{};
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    near.reset(ends[0]);
    far.reset(ends[1]);
    make_nonblocking(near);
    make_nonblocking(far);
  }

  UniqueFd near;
  UniqueFd far;
};

inline std::vector<int> open_descriptors() {
  std::vector<int> open;
  for (int fd = 0; fd < 1024; ++fd) {
    if (::fcntl(fd, F_GETFD) >= 0) open.push_back(fd);
  }
  return open;
}

/// Waits once and returns the ready descriptors.
inline Ready look(Poller& poller, std::optional<nanoseconds> timeout = 0ns) {
  std::vector<PollEvent> events;
  poller.wait(timeout, events);
  return to_ready(events);
}

inline nanoseconds time_of_wait(Poller& poller, std::optional<nanoseconds> timeout) {
  const Clock::time_point start = Clock::now();
  (void)look(poller, timeout);
  return Clock::now() - start;
}

/// The promises of asyncio/poll/poller.hpp, checked on every backend that is built.
class PollerContract : public testing::TestWithParam<std::string_view> {
 protected:
  Ready look(std::optional<nanoseconds> timeout = 0ns) {
    return poller_contract::look(*poller_, timeout);
  }

  nanoseconds time_of_wait(std::optional<nanoseconds> timeout) {
    return poller_contract::time_of_wait(*poller_, timeout);
  }

  /// Calls set_interest() and returns its error, if any.
  std::optional<std::system_error> refusal(int fd, Interest interest) {
    try {
      poller_->set_interest(fd, interest);
    } catch (const std::system_error& error) {
      return error;
    }
    return std::nullopt;
  }

  std::unique_ptr<Poller> poller_ = make_poller(GetParam());
};

/// Runs the tests of `suite`, which is or derives from PollerContract, on every backend.
#define ASYNCIO_ON_EVERY_BACKEND(suite)                                            \
  INSTANTIATE_TEST_SUITE_P(EveryBackend, suite, testing::ValuesIn(poller_names()), \
                           [](const auto& backend) { return std::string(backend.param); })

}  // namespace asyncio::poller_contract
