#include "asyncio/detail/loop/descriptors.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "loop/descriptors_support.hpp"
#include "support/async_test.hpp"
#include "support/counting_poller.hpp"
#include "support/socket_pair.hpp"

namespace asyncio {
namespace {

using detail::Descriptor;
using detail::Direction;
using detail::Ref;
using test::Listener;
using test::owned;
using test::read_byte;
using test::send_byte;
using test::SocketPair;
using test::Trace;

class Descriptors : public test::DescriptorTest {};

TEST_P(Descriptors, CallTheListenerAtEachEventUntilItLeaves) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  int calls = 0;
  Listener listener([&] { ++calls; });
  near->listen(table(), Direction::read, listener);
  one_turn();
  EXPECT_EQ(calls, 0);

  send_byte(sockets.far.get());
  one_turn();
  one_turn();
  EXPECT_EQ(calls, 2);

  near->unlisten(Direction::read);
  one_turn();
  EXPECT_EQ(calls, 2);
}

TEST_P(Descriptors, CallTheReaderBeforeTheWriter) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  Trace trace;
  Listener writer([&] { trace.push_back("writer"); });
  Listener reader([&] { trace.push_back("reader"); });
  near->listen(table(), Direction::write, writer);
  near->listen(table(), Direction::read, reader);
  send_byte(sockets.far.get());

  one_turn();

  EXPECT_EQ(trace, (Trace{"reader", "writer"}));
}

TEST_P(Descriptors, KeepTheRegistrationWithoutAListener) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  Listener listener([] {});
  near->listen(table(), Direction::read, listener);
  EXPECT_EQ(calls_.changes, 1);

  for (int i = 0; i < 100; ++i) {
    near->unlisten(Direction::read);
    one_turn();
    near->listen(table(), Direction::read, listener);
  }

  EXPECT_EQ(calls_.changes, 1);
}

TEST_P(Descriptors, MaskADirectionOnceForEventsWithoutAListener) {
  SocketPair sockets;
  SocketPair others;
  const Ref<Descriptor> near = owned(sockets.near);
  const Ref<Descriptor> other = owned(others.near);  // keeps the loop looking
  int heard = 0;
  Listener listener([&] { ++heard; });
  Listener silent([] {});
  other->listen(table(), Direction::read, silent);
  near->listen(table(), Direction::read, listener);
  near->unlisten(Direction::read);
  const int before = calls_.changes;

  for (int i = 0; i < 10'000; ++i) {
    if (i % 100 == 0) send_byte(sockets.far.get());
    one_turn();
  }
  EXPECT_EQ(calls_.changes - before, 1);

  near->listen(table(), Direction::read, listener);
  one_turn();
  EXPECT_EQ(calls_.changes - before, 2);
  EXPECT_EQ(heard, 1);
}

TEST_P(Descriptors, ServeOnlyTheListenerOfTheTimeOfTheEvent) {
  SocketPair first;
  SocketPair second;
  const Ref<Descriptor> a = owned(first.near);
  const Ref<Descriptor> b = owned(second.near);
  Trace trace;
  Listener late([&] { trace.push_back("late"); });
  bool replaced = false;
  // The listener that is called first replaces the other one.
  const auto replace = [&](const Ref<Descriptor>& other) {
    if (std::exchange(replaced, true)) return;
    other->unlisten(Direction::read);
    other->listen(table(), Direction::read, late);
  };
  Listener on_a([&] {
    trace.push_back("event");
    replace(b);
  });
  Listener on_b([&] {
    trace.push_back("event");
    replace(a);
  });
  a->listen(table(), Direction::read, on_a);
  b->listen(table(), Direction::read, on_b);
  send_byte(first.far.get());
  send_byte(second.far.get());

  one_turn();
  EXPECT_EQ(trace, Trace{"event"});
  one_turn();
  EXPECT_EQ(trace.size(), 3U);
}

TEST_P(Descriptors, DropAQueuedEventOfAListenerThatHasLeft) {
  SocketPair first;
  SocketPair second;
  const Ref<Descriptor> a = owned(first.near);
  const Ref<Descriptor> b = owned(second.near);
  int calls = 0;
  const auto leave_both = [&] {
    ++calls;
    a->unlisten(Direction::read);
    b->unlisten(Direction::read);
  };
  Listener on_a(leave_both);
  Listener on_b(leave_both);
  a->listen(table(), Direction::read, on_a);
  b->listen(table(), Direction::read, on_b);
  send_byte(first.far.get());
  send_byte(second.far.get());

  one_turn();
  one_turn();

  EXPECT_EQ(calls, 1);
}

INSTANTIATE_TEST_SUITE_P(EveryBackend, Descriptors, testing::ValuesIn(poller_names()),
                         [](const auto& backend) { return std::string(backend.param); });

// --- The bounded batch ---

/// Returns the batch limit that a loop with `options` sets.
std::optional<std::size_t> batch_limit(LoopOptions options) {
  test::PollerCalls calls;
  const EventLoop loop(test::counting(calls, std::move(options)));
  return calls.batch_limit;
}

TEST(BoundedBatch, IsSetUnlessARunHasToRepeat) {
  EXPECT_EQ(batch_limit(LoopOptions()), 16U);
  EXPECT_EQ(batch_limit(LoopOptions().strict(true)), std::nullopt);
  EXPECT_EQ(batch_limit(test::virtual_clock()), std::nullopt);
}

TEST(BoundedBatch, ServesAllDescriptorsInTurns) {
  EventLoop loop;
  std::vector<SocketPair> pairs(100);
  std::vector<int> served(pairs.size());
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const int fd = pairs[i].near.get();
    loop.add_reader(fd, [&, i, fd] {
      EXPECT_TRUE(read_byte(fd));
      ++served[i];
      loop.remove_reader(fd);
    });
    send_byte(pairs[i].far.get());
  }

  loop.call_later(std::chrono::milliseconds(200), [&loop] { loop.stop(); });
  loop.run_forever();

  EXPECT_EQ(served, std::vector<int>(pairs.size(), 1));
}

}  // namespace
}  // namespace asyncio
