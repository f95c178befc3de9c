// run_on_threads().

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "asyncio/run/loop_thread.hpp"
#include "run/exit_support.hpp"
#include "support/async_test.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::fail;
using test::for_ever;
using test::Leave;
using test::leave;
using test::throws;

TEST(RunOnThreads, ReturnsResultsInOrderEachFromItsOwnThread) {
  std::vector<std::thread::id> ids(4);
  const auto main = [&](std::size_t index) -> Coroutine<int> {
    ids[index] = std::this_thread::get_id();
    if (index == 0) co_await sleep(5ms);
    co_return static_cast<int>(index * index);
  };

  const std::vector<int> results = run_on_threads(4, main);

  EXPECT_EQ(results, (std::vector<int>{0, 1, 4, 9}));
  EXPECT_EQ(ids[0], std::this_thread::get_id());
  EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), 4U);
}

TEST(RunOnThreads, TakesMainsWithoutAResultAndASingleThread) {
  std::atomic<int> calls = 0;
  const auto main = [&](std::size_t) -> Coroutine<void> {
    ++calls;
    co_return;
  };

  run_on_threads(1, main);
  run_on_threads(3, main);

  EXPECT_EQ(calls, 4);
}

TEST(RunOnThreads, CancelsTheOthersWhenOneFails) {
  for (const std::size_t failing : {0U, 2U}) {
    std::atomic<int> begun = 0;
    std::atomic<int> cancelled = 0;
    const auto main = [&](std::size_t index) -> Coroutine<void> {
      if (index == failing) {
        while (begun < 2) co_await sleep(1ms);
        co_await fail("oops", 0s);
      }
      ++begun;
      try {
        co_await for_ever();
      } catch (const CancelledError&) {
        ++cancelled;
        throw;
      }
    };

    EXPECT_EQ(throws([&] { run_on_threads(3, main); }),
              "ExceptionGroup: unhandled errors in a TaskGroup [std::runtime_error: oops]");
    EXPECT_EQ(cancelled, 2);
  }
}

TEST(RunOnThreads, ThrowsAnExitOfAnyMain) {
  for (const std::size_t leaving : {0U, 1U}) {
    const auto main = [&](std::size_t index) -> Coroutine<void> {
      if (index == leaving) co_await leave();
      co_await for_ever();
    };

    testing::internal::CaptureStderr();  // as in Python, main's task may report its failure too
    EXPECT_THROW(run_on_threads(2, main), Leave);
    (void)testing::internal::GetCapturedStderr();
  }
}

TEST(RunOnThreads, ThrowsAnExitOfACallbackOnAnyThread) {
  for (const std::size_t leaving : {0U, 1U}) {
    const auto main = [&](std::size_t index) -> Coroutine<void> {
      if (index == leaving) get_running_loop().call_later(1ms, [] { throw Leave(); });
      co_await for_ever();
    };

    EXPECT_THROW(run_on_threads(2, main), Leave);
  }
}

TEST(RunOnThreads, CountsAMainThatIsCancelledAsFailed) {
  for (const std::size_t cancelled : {0U, 1U}) {
    const auto main = [&](std::size_t index) -> Coroutine<void> {
      if (index == cancelled) throw CancelledError();
      co_await for_ever();
    };

    EXPECT_EQ(throws([&] { run_on_threads(2, main); }),
              "ExceptionGroup: unhandled errors in a TaskGroup [RuntimeError: main " +
                  std::to_string(cancelled) + " was cancelled]");
  }
}

TEST(RunOnThreads, NeedsAThread) {
  const auto main = [](std::size_t) -> Coroutine<void> { co_return; };

  EXPECT_EQ(throws([&] { run_on_threads(0, main); }),
            "ValueError: the count of threads must be greater than 0");
}

/// Returns a socket that listens on `port` of this machine, or on a free port for 0.
UniqueFd listen_on(std::uint16_t port) {
  UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
  const int on = 1;
  EXPECT_EQ(::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on), 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::listen(socket.get(), 64), 0);
  return socket;
}

std::uint16_t port_of(const UniqueFd& socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return ntohs(address.sin_port);
}

void connect_to(std::uint16_t port) {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address),
            0);
}

TEST(RunOnThreads, LetsEachThreadAcceptItsShareOfAPortsConnections) {
  constexpr int kConnections = 200;
  const UniqueFd first = listen_on(0);
  const std::uint16_t port = port_of(first);
  std::atomic<int> accepted = 0;
  std::array<std::atomic<int>, 2> shares{};
  std::atomic<int> listening = 0;
  std::thread client;
  const auto serve = [&](std::size_t index) -> Coroutine<void> {
    EventLoop& loop = get_running_loop();
    UniqueFd own;
    if (index != 0) own = listen_on(port);
    const UniqueFd& socket = index == 0 ? first : own;
    const auto accept_all = [&] {
      for (;;) {
        const UniqueFd connection(::accept(socket.get(), nullptr, nullptr));
        if (connection.get() < 0) break;
        ++shares[index];
        ++accepted;
      }
    };
    loop.add_reader(socket.get(), accept_all);
    if (++listening == 2) {
      client = std::thread([&] {
        for (int i = 0; i < kConnections; ++i) connect_to(port);
      });
    }
    while (accepted < kConnections) co_await sleep(1ms);
    loop.remove_reader(socket.get());
  };

  run_on_threads(2, serve);
  client.join();

  EXPECT_EQ(shares[0] + shares[1], kConnections);
  EXPECT_GT(shares[0], 0);
  EXPECT_GT(shares[1], 0);
}

}  // namespace
}  // namespace asyncio
