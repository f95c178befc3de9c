#include "asyncio/detail/loop/descriptors.hpp"

#include <gtest/gtest.h>

#include <string>

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
using test::throws;

class DescriptorLifetime : public test::DescriptorTest {};

TEST_P(DescriptorLifetime, IsExtendedByAQueuedEvent) {
  SocketPair first;
  SocketPair second;
  Ref<Descriptor> a = owned(first.near);
  Ref<Descriptor> b = owned(second.near);
  int calls = 0;
  const auto drop_both = [&] {
    ++calls;
    if (a) a->unlisten(Direction::read);
    if (b) b->unlisten(Direction::read);
    a = b = {};
  };
  Listener on_a(drop_both);
  Listener on_b(drop_both);
  a->listen(table(), Direction::read, on_a);
  b->listen(table(), Direction::read, on_b);
  send_byte(first.far.get());
  send_byte(second.far.get());

  one_turn();

  EXPECT_EQ(calls, 1);
  EXPECT_FALSE(read_byte(first.far.get()));  // the other end is closed
}

TEST_P(DescriptorLifetime, EndsForAListenerInTheTurnAfterTheClose) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  bool open = true;
  Listener listener([&] {
    open = near->is_open();
    near->unlisten(Direction::read);
  });
  near->listen(table(), Direction::read, listener);

  near->close();
  EXPECT_TRUE(open);
  one_turn();

  EXPECT_FALSE(open);
  EXPECT_FALSE(table().any_waiting());
}

TEST_P(DescriptorLifetime, EndsBeforeTheNumberIsReused) {
  SocketPair sockets;
  const int number = sockets.near.get();
  Ref<Descriptor> near = owned(sockets.near);
  Listener listener([] { ADD_FAILURE() << "an event of the closed descriptor"; });
  near->listen(table(), Direction::read, listener);
  send_byte(sockets.far.get());
  near->unlisten(Direction::read);
  near->close();

  UniqueFd again(::dup(sockets.far.get()));
  ASSERT_EQ(again.get(), number);
  int calls = 0;
  loop_->add_writer(number, [&] { ++calls; });
  one_turn();

  EXPECT_EQ(calls, 1);
  loop_->remove_writer(number);
}

TEST_P(DescriptorLifetime, KeepsUsersFromWatchingTheNumber) {  // B312
  SocketPair sockets;
  const int number = sockets.near.get();
  const Ref<Descriptor> near = owned(sockets.near);
  Listener listener([] {});
  near->listen(table(), Direction::read, listener);

  const std::string refusal = "RuntimeError: descriptor " + std::to_string(number) +
                              " belongs to a socket or stream of the library";
  EXPECT_EQ(throws([&] { loop_->add_reader(number, [] {}); }), refusal);
  EXPECT_EQ(throws([&] { loop_->add_writer(number, [] {}); }), refusal);
  EXPECT_EQ(throws([&] { loop_->remove_reader(number); }), refusal);
  EXPECT_EQ(throws([&] { loop_->remove_writer(number); }), refusal);
}

TEST_P(DescriptorLifetime, DoesNotBeginForANumberThatAUserWatches) {
  SocketPair sockets;
  const int number = sockets.near.get();
  loop_->add_reader(number, [] {});
  const Ref<Descriptor> near = owned(sockets.near);
  Listener listener([] {});

  EXPECT_EQ(
      throws([&] { near->listen(table(), Direction::write, listener); }),
      "RuntimeError: descriptor " + std::to_string(number) + " is watched by a reader or writer");
  EXPECT_FALSE(near->has_listener(Direction::write));
  loop_->remove_reader(number);
}

TEST_P(DescriptorLifetime, MayExceedTheLoops) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  Listener listener([] { ADD_FAILURE() << "an event after the loop's end"; });
  near->listen(table(), Direction::read, listener);
  send_byte(sockets.far.get());

  loop_->close();
  loop_.reset();

  EXPECT_TRUE(near->is_open());
  near->unlisten(Direction::read);
  near->close();
  EXPECT_FALSE(near->is_open());
}

TEST_P(DescriptorLifetime, GoesOnWithALoopMadeAfterTheFirst) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  Listener first([] { ADD_FAILURE() << "an event after the loop's end"; });
  near->listen(table(), Direction::read, first);
  loop_->close();
  SetUp();

  int calls = 0;
  Listener second([&] { ++calls; });
  near->listen(table(), Direction::read, second);
  send_byte(sockets.far.get());
  one_turn();

  EXPECT_EQ(calls, 1);
}

TEST_P(DescriptorLifetime, BelongsToOneLoopAtATime) {
  SocketPair sockets;
  const Ref<Descriptor> near = owned(sockets.near);
  Listener listener([] {});
  near->listen(table(), Direction::read, listener);
  EventLoop other;

  EXPECT_EQ(throws([&] { near->listen(other.core().descriptors(), Direction::write, listener); }),
            "RuntimeError: descriptor " + std::to_string(near->fd()) +
                " is watched by another event loop");
  EXPECT_FALSE(other.core().descriptors().any_waiting());
}

INSTANTIATE_TEST_SUITE_P(EveryBackend, DescriptorLifetime, testing::ValuesIn(poller_names()),
                         [](const auto& backend) { return std::string(backend.param); });

}  // namespace
}  // namespace asyncio
