#include "asyncio/detail/io/descriptor_wait.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <system_error>
#include <utility>

#include "asyncio/detail/base/frame_pool.hpp"
#include "support/allocation_count.hpp"
#include "support/async_test.hpp"
#include "support/counting_poller.hpp"
#include "support/socket_pair.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using detail::Descriptor;
using detail::DescriptorReady;
using detail::Direction;
using detail::Ref;
using test::ending_of;
using test::pass;
using test::read_byte;
using test::send_byte;
using test::SocketPair;

/// One end of a socket pair, owned by a Descriptor.
struct End {
  explicit End(UniqueFd& fd) : descriptor(new Descriptor(std::move(fd))) {}
  [[nodiscard]] int fd() const { return descriptor->fd(); }
  [[nodiscard]] DescriptorReady readable() const {
    return DescriptorReady(descriptor, Direction::read);
  }
  [[nodiscard]] DescriptorReady writable() const {
    return DescriptorReady(descriptor, Direction::write);
  }
  Ref<Descriptor> descriptor;
};

Coroutine<void> receive(const End* end) {
  while (!read_byte(end->fd())) co_await end->readable();
}

ASYNC_TEST(DescriptorWait, ResumesInTheTurnAfterTheEvent) {
  const test::TurnCount turns;
  SocketPair sockets;
  const End near(sockets.near);
  int resumed_in = 0;
  const auto wait = [&]() -> Coroutine<void> {
    co_await near.readable();
    resumed_in = turns.now();
  };
  const auto task = create_task(wait());
  co_await pass(2);

  send_byte(sockets.far.get());
  const int sent_in = turns.now();
  co_await task;

  EXPECT_EQ(resumed_in, sent_in + 2);  // the event is reported in between
}

ASYNC_TEST(DescriptorWait, IsOverAtOnceForAnEventThatIsPending) {
  SocketPair sockets;
  const End near(sockets.near);
  send_byte(sockets.far.get());

  co_await near.readable();
  co_await near.writable();
}

ASYNC_TEST(DescriptorWait, IsIndependentForTheTwoDirections) {
  SocketPair sockets;
  const End near(sockets.near);
  const auto reading = create_task(near.readable());
  co_await pass(1);

  co_await near.writable();

  EXPECT_FALSE(reading.done());
  reading.cancel();
}

ASYNC_TEST(DescriptorWait, RefusesASecondTaskForOneDirection) {
  SocketPair sockets;
  const End near(sockets.near);
  const auto first = create_task(near.readable());
  co_await pass(1);

  EXPECT_EQ(co_await ending_of(near.readable()),
            "RuntimeError: another task waits already for descriptor " + std::to_string(near.fd()) +
                " to become readable");

  send_byte(sockets.far.get());
  co_await first;
}

ASYNC_TEST(DescriptorWait, LetsAnotherTaskWaitInTheTurnOfItsCancel) {
  SocketPair sockets;
  const End near(sockets.near);
  const auto first = create_task(near.readable());
  co_await pass(1);

  first.cancel();
  const auto second = create_task(near.readable());
  send_byte(sockets.far.get());
  co_await second;

  EXPECT_TRUE(first.cancelled());
}

ASYNC_TEST(DescriptorWait, ThrowsWhenTheDescriptorIsClosed) {
  SocketPair sockets;
  const End near(sockets.near);
  const auto waiting = create_task(near.readable());
  co_await pass(1);

  near.descriptor->close();

  std::error_code code;
  try {
    co_await waiting;
  } catch (const std::system_error& error) {
    code = error.code();
  }
  EXPECT_EQ(code, std::errc::bad_file_descriptor);
  try {
    co_await near.readable();
    ADD_FAILURE() << "waits for a closed descriptor";
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::bad_file_descriptor);
  }
}

ASYNC_TEST(DescriptorWait, NamesWhatItWaitsFor) {
  SocketPair sockets;
  const End near(sockets.near);
  const auto task = create_task(near.readable());
  co_await pass(1);

  EXPECT_EQ(test::waits_for(task),
            "descriptor " + std::to_string(near.fd()) + " to become readable");
  task.cancel();
}

TEST(DescriptorWait, KeepsARunFromBeingADeadlock) {
  SocketPair sockets;
  const auto main = [&]() -> Coroutine<void> {
    const End near(sockets.near);
    const auto send = [&] { send_byte(sockets.far.get()); };
    const auto sender = create_task(to_thread(send));
    co_await near.readable();
    co_await sender;
  };

  run(main());
}

TEST(DescriptorWait, IsTakenBackWhenItsLoopCloses) {
  SocketPair sockets;
  const End near(sockets.near);
  {
    EventLoop loop;
    const test::Reports reports(loop);
    const auto task = loop.create_task(receive(&near));
    loop.run_until_complete(pass(2));
  }
  EXPECT_FALSE(near.descriptor->has_listener(Direction::read));
}

// --- The cost, on each backend ---

class DescriptorWaitCost : public testing::TestWithParam<std::string_view> {};

/// Sends a byte to and fro `rounds` times.
Coroutine<void> ping_pong(const End* near, const End* far, int rounds) {
  const auto echo = [](const End* end, int count) -> Coroutine<void> {
    for (int i = 0; i < count; ++i) {
      co_await receive(end);
      send_byte(end->fd());
    }
  };
  const auto echoing = create_task(echo(far, rounds));
  for (int i = 0; i < rounds; ++i) {
    send_byte(near->fd());
    co_await receive(near);
  }
  co_await echoing;
}

TEST_P(DescriptorWaitCost, IsNoAllocationAndNoChangeOfInterestForAPingPong) {
  SocketPair sockets;
  const End near(sockets.near);
  const End far(sockets.far);
  test::PollerCalls calls;
  calls.timeouts.reserve(1'000'000);
  LoopOptions options;
  options.poller(
      [&calls] { return std::make_unique<test::CountingPoller>(calls, make_poller(GetParam())); });
  EventLoop loop(std::move(options));
  loop.run_until_complete(ping_pong(&near, &far, 100));  // warms up
  const int changes = calls.changes;
  const auto measured = [](const End* a, const End* b) -> Coroutine<std::size_t> {
    const std::size_t before = test::allocation_count();
    co_await ping_pong(a, b, 10'000);
    co_return test::allocation_count() - before;
  };

  const std::size_t allocations = loop.run_until_complete(measured(&near, &far));

  EXPECT_EQ(calls.changes, changes);
#if ASYNCIO_FRAME_POOL
  EXPECT_EQ(allocations, 0U);
#else
  (void)allocations;
#endif
}

INSTANTIATE_TEST_SUITE_P(EveryBackend, DescriptorWaitCost, testing::ValuesIn(poller_names()),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace asyncio
