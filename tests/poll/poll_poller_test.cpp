// Branches of the poll backend that the tests of the contract do not reach.

#include <gtest/gtest.h>
#include <sys/syscall.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <memory>
#include <thread>
#include <vector>

#include "asyncio/poll/poller.hpp"
#include "poll/forbidden_call.hpp"
#include "poll/poller_contract.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using poller_contract::kHang;
using poller_contract::look;
using poller_contract::Pipe;
using poller_contract::put;
using poller_contract::Ready;
using poller_contract::time_of_wait;
using std::chrono::nanoseconds;

std::unique_ptr<Poller> make_if_built() {
  return std::ranges::count(poller_names(), "poll") == 1 ? make_poller("poll") : nullptr;
}

TEST(PollPoller, IsWokenWhenItsPipeIsFull) {
  const std::unique_ptr<Poller> poller = make_if_built();
  if (!poller) GTEST_SKIP() << "poll is not built";
  errno = EDOM;
  for (int i = 0; i < 70'000; ++i) poller->wake();
  EXPECT_EQ(errno, EDOM);

  EXPECT_LT(time_of_wait(*poller, kHang), kHang);
  EXPECT_GE(time_of_wait(*poller, 5ms), 5ms);

  poller->wake();
  EXPECT_LT(time_of_wait(*poller, kHang), kHang);
}

TEST(PollPoller, ReportsTheOthersAfterOneWasClosed) {
  const std::unique_ptr<Poller> poller = make_if_built();
  if (!poller) GTEST_SKIP() << "poll is not built";
  std::vector<Pipe> pipes(5);
  Ready expected;
  for (const Pipe& pipe : pipes) {
    put(pipe.writer);
    poller->set_interest(pipe.reader.get(), Interest::read);
    expected.emplace(pipe.reader.get(), "r");
  }

  for (const std::size_t closed : {1U, 4U, 0U}) {
    expected.erase(pipes[closed].reader.get());
    pipes[closed].reader.reset();
    EXPECT_EQ(look(*poller), expected);
  }
}

#if __has_include(<linux/seccomp.h>)

TEST(PollPoller, RoundsUpToMillisecondsIfTheKernelHasNoFinerTimeout) {
  if (!make_if_built()) GTEST_SKIP() << "poll is not built";

  for (const int error : {ENOSYS, EPERM}) {
    bool forbidden = false;
    std::thread([&] {
      forbidden = forbid_system_call(SYS_ppoll, error);
      if (!forbidden) return;
      const std::unique_ptr<Poller> poller = make_if_built();
      EXPECT_GE(time_of_wait(*poller, 1ns), 1ms);
      EXPECT_GE(time_of_wait(*poller, 1'000'001ns), 2ms);
      EXPECT_GE(time_of_wait(*poller, 25ms), 25ms);
      poller->wake();
      EXPECT_LT(time_of_wait(*poller, nanoseconds::max()), kHang);
    }).join();
    if (!forbidden) GTEST_SKIP() << "seccomp is not available";
  }
}

#endif

}  // namespace
}  // namespace asyncio
