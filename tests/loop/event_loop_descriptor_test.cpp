#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <system_error>

#include "asyncio/base/unique_fd.hpp"
#include "asyncio/loop/event_loop.hpp"
#include "support/async_test.hpp"
#include "support/live.hpp"

namespace asyncio {
namespace {

using namespace std::chrono_literals;
using test::LiveCount;
using test::throws;
using test::Trace;

/// Two connected sockets, and a loop that looks for I/O in every turn.
class EventLoopDescriptors : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> fds{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds.data()), 0);
    near_.reset(fds[0]);
    far_.reset(fds[1]);
  }
  void TearDown() override { loop_.close(); }

  [[nodiscard]] int fd() const { return near_.get(); }
  void send() const { ASSERT_EQ(::write(far_.get(), "x", 1), 1); }
  void drain() const {
    char byte = 0;
    ASSERT_EQ(::read(near_.get(), &byte, 1), 1);
  }
  void one_turn() {
    loop_.stop();
    loop_.run_forever();
  }
  static LoopOptions strict() {
    LoopOptions options;
    options.strict(true);
    return options;
  }

  UniqueFd near_;
  UniqueFd far_;
  EventLoop loop_{strict()};
};

TEST_F(EventLoopDescriptors, CallsAReaderInEachTurnWhileReadable) {  // B306
  int calls = 0;
  loop_.add_reader(fd(), [&](int amount) { calls += amount; }, 1);
  one_turn();
  EXPECT_EQ(calls, 0);

  send();
  one_turn();
  one_turn();
  EXPECT_EQ(calls, 2);

  drain();
  one_turn();
  EXPECT_EQ(calls, 2);
}

TEST_F(EventLoopDescriptors, CallsAWriterUntilItIsRemoved) {  // B307
  int calls = 0;
  loop_.add_writer(fd(), [&] { ++calls; });
  one_turn();
  one_turn();

  EXPECT_TRUE(loop_.remove_writer(fd()));
  EXPECT_FALSE(loop_.remove_writer(fd()));
  one_turn();

  EXPECT_EQ(calls, 2);
}

TEST_F(EventLoopDescriptors, CallsTheReaderBeforeTheWriterOfOneDescriptor) {
  Trace trace;
  loop_.add_writer(fd(), [&] { trace.push_back("writer"); });
  loop_.add_reader(fd(), [&] { trace.push_back("reader"); });
  send();

  one_turn();

  EXPECT_EQ(trace, (Trace{"reader", "writer"}));
}

TEST_F(EventLoopDescriptors, RunsReadyCallbacksThenDescriptorsThenTimers) {  // SEMANTICS 1
  Trace trace;
  loop_.call_at(loop_.time(), [&] { trace.push_back("timer"); });
  loop_.add_reader(fd(), [&] { trace.push_back("reader"); });
  loop_.call_soon([&] { trace.push_back("ready"); });
  send();

  one_turn();

  EXPECT_EQ(trace, (Trace{"ready", "reader", "timer"}));
}

TEST_F(EventLoopDescriptors, ReplacesAReaderAndKeepsTheWriter) {  // B308
  LiveCount count;
  Trace trace;
  loop_.add_reader(fd(), [&trace, live = count.make()] { trace.push_back("old"); });
  loop_.add_writer(fd(), [&] { trace.push_back("writer"); });

  loop_.add_reader(fd(), [&] { trace.push_back("new"); });
  EXPECT_EQ(count.alive(), 0);
  send();
  one_turn();

  EXPECT_EQ(trace, (Trace{"new", "writer"}));
}

TEST_F(EventLoopDescriptors, KeepsTheWriterWhenTheReaderIsRemoved) {  // B309
  Trace trace;
  loop_.add_reader(fd(), [&] { trace.push_back("reader"); });
  loop_.add_writer(fd(), [&] { trace.push_back("writer"); });
  send();

  EXPECT_TRUE(loop_.remove_reader(fd()));
  EXPECT_FALSE(loop_.remove_reader(fd()));
  one_turn();

  EXPECT_EQ(trace, Trace{"writer"});
}

TEST_F(EventLoopDescriptors, SkipsAReaderThatTheSameBatchRemoved) {  // B310
  Trace trace;
  loop_.add_reader(fd(), [&] {
    trace.push_back("near reader");
    loop_.remove_writer(fd());
    loop_.remove_reader(far_.get());
    loop_.remove_reader(fd());
  });
  loop_.add_writer(fd(), [&] { trace.push_back("near writer"); });
  loop_.add_reader(far_.get(), [&] {
    trace.push_back("far reader");
    loop_.remove_writer(fd());
    loop_.remove_reader(fd());
    loop_.remove_reader(far_.get());
  });
  send();
  ASSERT_EQ(::write(fd(), "y", 1), 1);

  one_turn();
  one_turn();

  EXPECT_EQ(trace.size(), 1U);  // the first to run removed the others
}

TEST_F(EventLoopDescriptors, CallsAReplacementFromTheSameBatchInTheNextTurn) {
  Trace trace;
  loop_.add_reader(fd(), [&] {
    trace.push_back("first");
    loop_.add_reader(fd(), [&] { trace.push_back("second"); });
  });
  send();

  one_turn();
  EXPECT_EQ(trace, Trace{"first"});
  one_turn();
  EXPECT_EQ(trace, (Trace{"first", "second"}));
}

TEST_F(EventLoopDescriptors, ServesANumberReopenedInTheSameBatch) {
  Trace trace;
  const int number = fd();
  loop_.add_reader(number, [&] {
    trace.push_back("old");
    loop_.remove_reader(number);
    near_.reset();
    near_.reset(::dup(far_.get()));
    if (fd() == number) loop_.add_writer(number, [&] { trace.push_back("new"); });
  });
  send();

  one_turn();
  ASSERT_EQ(fd(), number);
  one_turn();

  EXPECT_EQ(trace, (Trace{"old", "new"}));
}

TEST_F(EventLoopDescriptors, DestroysTheCallablesWhenTheLoopCloses) {
  LiveCount count;
  loop_.add_reader(fd(), [live = count.make()] {});
  loop_.add_writer(fd(), [live = count.make()] {});

  loop_.close();

  EXPECT_EQ(count.alive(), 0);
  EXPECT_EQ(throws([&] { loop_.add_reader(fd(), [] {}); }),  // B313
            "RuntimeError: Event loop is closed");
  EXPECT_FALSE(loop_.remove_reader(fd()));
  EXPECT_FALSE(loop_.remove_writer(fd()));
}

TEST_F(EventLoopDescriptors, KeepsASelfRemovingReaderAliveUntilItReturns) {
  LiveCount count;
  int alive_inside = 0;
  loop_.add_reader(fd(), [&, live = count.make()] {
    loop_.remove_reader(fd());
    alive_inside = count.alive();
  });
  send();

  one_turn();

  EXPECT_EQ(alive_inside, 1);
  EXPECT_EQ(count.alive(), 0);
}

TEST_F(EventLoopDescriptors, ReportsAThrowingReaderAndCallsItAgain) {
  const test::Reports reports(loop_);
  loop_.add_reader(fd(), [] { throw std::runtime_error("oops"); });
  send();

  one_turn();
  one_turn();

  EXPECT_EQ(reports.size(), 2U);
}

TEST_F(EventLoopDescriptors, RefusesADescriptorThatIsNotOpen) {  // B311
  LiveCount count;
  const int closed = far_.get();
  far_.reset();

  EXPECT_THROW(loop_.add_reader(closed, [live = count.make()] {}), std::system_error);
  EXPECT_THROW(loop_.add_writer(-1, [live = count.make()] {}), std::system_error);

  EXPECT_EQ(count.alive(), 0);
  EXPECT_FALSE(loop_.remove_reader(closed));
  one_turn();
}

TEST_F(EventLoopDescriptors, LooksForEventsInARunStoppedBeforehand) {  // B271, B273
  EventLoop loop;
  int calls = 0;
  loop.add_reader(fd(), [&] { ++calls; });
  send();

  loop.stop();
  loop.run_forever();
  EXPECT_EQ(calls, 1);

  drain();
  loop.stop();
  loop.run_forever();
  EXPECT_EQ(calls, 1);
  loop.remove_reader(fd());
}

TEST_F(EventLoopDescriptors, SeesAnEventDespiteEndlessWork) {
  EventLoop loop;
  bool seen = false;
  loop.add_reader(fd(), [&] {
    seen = true;
    loop.stop();
  });
  std::function<void()> again = [&] {
    if (!seen) loop.call_soon(again);
  };
  again();
  send();

  loop.run_forever();

  EXPECT_TRUE(seen);
  loop.remove_reader(fd());
}

TEST_F(EventLoopDescriptors, ServesAnEventBeforeTheVirtualClockJumps) {
  EventLoop loop(test::virtual_clock());
  Trace trace;
  loop.add_reader(fd(), [&] {
    trace.push_back("reader");
    loop.remove_reader(fd());
  });
  loop.call_later(1h, [&] {
    trace.push_back("timer");
    loop.stop();
  });
  send();

  loop.run_forever();

  EXPECT_EQ(trace, (Trace{"reader", "timer"}));
  EXPECT_EQ(loop.time(), TimePoint(1h));
}

}  // namespace
}  // namespace asyncio
