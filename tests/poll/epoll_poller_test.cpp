// Branches of the epoll backend that run only if the kernel lacks a call or a resource runs out.

#include <gtest/gtest.h>

#if __has_include(<linux/seccomp.h>)

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/poll/poller.hpp"
#include "poll/forbidden_call.hpp"
#include "poll/poller_contract.hpp"
#include "support/process_state.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using poller_contract::look;
using poller_contract::time_of_wait;
using std::chrono::nanoseconds;
using test::ResourceLimit;

bool has_epoll() {
  return std::ranges::count(poller_names(), "epoll") == 1;
}

TEST(EpollPoller, RoundsUpToMillisecondsIfTheKernelHasNoFinerTimeout) {
  if (!has_epoll()) GTEST_SKIP() << "epoll is not built";

  for (const int error : {ENOSYS, EPERM}) {
    bool forbidden = false;
    std::thread([&] {
      forbidden = forbid_system_call(SYS_epoll_pwait2, error);
      if (!forbidden) return;
      const std::unique_ptr<Poller> poller = make_poller("epoll");
      EXPECT_GE(time_of_wait(*poller, 1ns), 1ms);
      EXPECT_GE(time_of_wait(*poller, 100us), 1ms);
      EXPECT_GE(time_of_wait(*poller, 1'000'001ns), 2ms);
      poller->wake();
      EXPECT_TRUE(look(*poller, nanoseconds::max()).empty());
    }).join();
    if (!forbidden) GTEST_SKIP() << "seccomp is not available";
  }
}

/// Finds the eventfd among this process's descriptors.
std::optional<int> find_eventfd() {
  for (int fd = 0; fd < 1024; ++fd) {
    std::ifstream info("/proc/self/fdinfo/" + std::to_string(fd));
    for (std::string line; std::getline(info, line);) {
      if (line.starts_with("eventfd-count:")) return fd;
    }
  }
  return std::nullopt;
}

TEST(EpollPoller, IsWokenWhenItsWakeUpCounterIsFull) {  // B314
  if (!has_epoll()) GTEST_SKIP() << "epoll is not built";
  const std::unique_ptr<Poller> poller = make_poller("epoll");
  const std::optional<int> counter = find_eventfd();
  ASSERT_TRUE(counter);
  const std::uint64_t most = ~std::uint64_t{0} - 1;
  ASSERT_EQ(::write(*counter, &most, sizeof most), static_cast<ssize_t>(sizeof most));
  (void)look(*poller);
  ASSERT_GE(time_of_wait(*poller, 5ms), 5ms);

  errno = EDOM;
  poller->wake();
  EXPECT_EQ(errno, EDOM);

  EXPECT_LT(time_of_wait(*poller, 10s), 10s);
}

TEST(EpollPoller, KeepsWorkingWithoutADescriptorForANewSet) {
  if (!has_epoll()) GTEST_SKIP() << "epoll is not built";
  const std::unique_ptr<Poller> poller = make_poller("epoll");
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  const UniqueFd writer(ends[1]);
  UniqueFd closed(ends[0]);
  const UniqueFd duplicate(::fcntl(closed.get(), F_DUPFD_CLOEXEC, 0));
  ASSERT_EQ(::write(writer.get(), "x", 1), 1);
  poller->set_interest(writer.get(), Interest::write);
  poller->set_interest(closed.get(), Interest::read);
  const int number = closed.get();
  closed.reset();
  poller->set_interest(number, Interest::none);

  {
    const ResourceLimit none(RLIMIT_NOFILE, 0);
    for (int i = 0; i < 3; ++i) EXPECT_EQ(look(*poller).size(), 1U);
    poller->wake();
  }

  EXPECT_EQ(look(*poller).size(), 1U);
  poller->set_interest(writer.get(), Interest::none);
  EXPECT_GE(time_of_wait(*poller, 5ms), 5ms);
}

}  // namespace
}  // namespace asyncio

#endif
