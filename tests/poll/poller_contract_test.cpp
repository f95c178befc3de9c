// Readiness, hang-ups and errors, as every backend must report them.

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>
#include <thread>
#include <vector>

#include "poll/poller_contract.hpp"
#include "support/process_state.hpp"

namespace asyncio::poller_contract {
namespace {

struct TcpPair {
  TcpPair() {
    const UniqueFd listener(::socket(AF_INET, SOCK_STREAM, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* erased = reinterpret_cast<sockaddr*>(&address);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(listener.get(), erased, size), 0);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    EXPECT_EQ(::getsockname(listener.get(), erased, &size), 0);
    near.reset(::socket(AF_INET, SOCK_STREAM, 0));
    EXPECT_EQ(::connect(near.get(), erased, size), 0);
    far.reset(::accept(listener.get(), nullptr, nullptr));
    make_nonblocking(near);
  }

  /// Closes the far end so that the near one gets an error instead of an end of stream.
  void reset() {
    const linger at_once{1, 0};
    EXPECT_EQ(::setsockopt(far.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once), 0);
    far.reset();
  }

  UniqueFd near;
  UniqueFd far;
};

using test::ResourceLimit;

ASYNCIO_ON_EVERY_BACKEND(PollerContract);

// ---- Readiness -------------------------------------------------------------------------------

TEST_P(PollerContract, ReportsAPipeWithDataAsReadable) {
  const Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);

  EXPECT_EQ(look(), Ready());
  put(pipe.writer);

  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, ReportsAPipeWithRoomAsWritable) {
  const Pipe pipe;
  poller_->set_interest(pipe.writer.get(), Interest::write);

  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
  fill(pipe.writer);

  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, ReportsADescriptorAgainWhileItIsReady) {
  const Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);
  put(pipe.writer);
  put(pipe.writer);

  const Ready ready{{pipe.reader.get(), "r"}};
  EXPECT_EQ(look(), ready);
  EXPECT_EQ(look(), ready);
  take(pipe.reader);
  EXPECT_EQ(look(), ready);
  take(pipe.reader);
  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, ReportsADescriptorThatWasReadyBefore) {
  const Pipe pipe;
  put(pipe.writer);

  poller_->set_interest(pipe.reader.get(), Interest::read);

  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, ReportsBothDirectionsInOneEvent) {
  const SocketPair pair;
  put(pair.far);

  poller_->set_interest(pair.near.get(), Interest::read_write);

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "rw"}}));
}

TEST_P(PollerContract, ReportsOnlyTheRequestedDirection) {
  const SocketPair pair;
  put(pair.far);
  const int fd = pair.near.get();

  poller_->set_interest(fd, Interest::read);
  EXPECT_EQ(look(), (Ready{{fd, "r"}}));
  poller_->set_interest(fd, Interest::write);
  EXPECT_EQ(look(), (Ready{{fd, "w"}}));
  poller_->set_interest(fd, Interest::read_write);
  EXPECT_EQ(look(), (Ready{{fd, "rw"}}));
  poller_->set_interest(fd, Interest::read_write);
  EXPECT_EQ(look(), (Ready{{fd, "rw"}}));
  poller_->set_interest(fd, Interest::read);
  EXPECT_EQ(look(), (Ready{{fd, "r"}}));
}

TEST_P(PollerContract, ReportsOnlyTheReadyDirection) {
  const SocketPair pair;

  poller_->set_interest(pair.near.get(), Interest::read_write);

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "w"}}));
}

TEST_P(PollerContract, EndsAWaitWhenADescriptorBecomesReady) {
  const Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);
  std::thread writer([&] {
    std::this_thread::sleep_for(10ms);
    put(pipe.writer);
  });

  const Ready ready = look(kHang);
  writer.join();

  EXPECT_EQ(ready, (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, AppendsToExistingEvents) {
  const SocketPair pair;
  put(pair.far);
  poller_->set_interest(pair.near.get(), Interest::read_write);
  std::vector<PollEvent> events{{-7, true, false}};

  poller_->wait(0ns, events);
  poller_->wait(0ns, events);

  ASSERT_EQ(events.size(), 3U);
  EXPECT_EQ(events[0].fd, -7);
  EXPECT_TRUE(events[0].readable);
  EXPECT_FALSE(events[0].writable);
  for (const PollEvent& event : {events[1], events[2]}) {
    EXPECT_EQ(event.fd, pair.near.get());
    EXPECT_TRUE(event.readable);
    EXPECT_TRUE(event.writable);
  }
}

TEST_P(PollerContract, ReportsAThousandReadyDescriptorsInOneWait) {
  constexpr std::size_t kCount = 1000;
  const ResourceLimit enough(RLIMIT_NOFILE, 2 * kCount);
  ASSERT_TRUE(enough.in_force());
  const SocketPair pair;
  put(pair.far);
  std::vector<UniqueFd> duplicates;
  Ready expected;
  for (std::size_t i = 0; i < kCount; ++i) {
    const UniqueFd& fd = duplicates.emplace_back(::dup(pair.near.get()));
    ASSERT_TRUE(fd);
    poller_->set_interest(fd.get(), Interest::read_write);
    expected[fd.get()] = "rw";
  }

  EXPECT_EQ(look(), expected);

  for (const UniqueFd& fd : duplicates) poller_->set_interest(fd.get(), Interest::none);
  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, ReportsAtMostTheLimitPerWaitAndTheOthersInTurns) {
  constexpr std::size_t kLimit = 4;
  std::vector<SocketPair> pairs(20);
  Ready expected;
  for (const SocketPair& pair : pairs) {
    put(pair.far);
    poller_->set_interest(pair.near.get(), Interest::read);
    expected[pair.near.get()] = "r";
  }
  poller_->limit_batch(kLimit);

  Ready reported;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    const Ready some = look();
    const bool ignores_the_hint = poller_->name() == "poll";
    EXPECT_TRUE(ignores_the_hint || some.size() <= kLimit) << some.size();
    reported.insert(some.begin(), some.end());
  }

  EXPECT_EQ(reported, expected);
}

// ---- Hang-ups and errors ---------------------------------------------------------------------

TEST_P(PollerContract, ReportsAPipeAsReadableWhenItsWriterIsGone) {
  Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);

  pipe.writer.reset();

  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, ReportsAFullPipeAsWritableWhenItsReaderIsGone) {
  Pipe pipe;
  fill(pipe.writer);
  poller_->set_interest(pipe.writer.get(), Interest::write);
  ASSERT_EQ(look(), Ready());

  pipe.reader.reset();

  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
}

TEST_P(PollerContract, ReportsAFullPipeAsWritableIfItsReaderWasGoneBefore) {
  Pipe pipe;
  fill(pipe.writer);
  pipe.reader.reset();

  poller_->set_interest(pipe.writer.get(), Interest::write);

  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
  poller_->set_interest(pipe.writer.get(), Interest::none);
  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, ReportsAHangUpInBothRequestedDirections) {
  SocketPair pair;
  fill(pair.near);
  poller_->set_interest(pair.near.get(), Interest::read_write);
  ASSERT_EQ(look(), Ready());

  pair.far.reset();

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "rw"}}));
}

TEST_P(PollerContract, ReportsAHangUpOnlyInTheRequestedDirection) {
  SocketPair pair;
  pair.far.reset();

  poller_->set_interest(pair.near.get(), Interest::read);
  EXPECT_EQ(look(), (Ready{{pair.near.get(), "r"}}));
  poller_->set_interest(pair.near.get(), Interest::write);
  EXPECT_EQ(look(), (Ready{{pair.near.get(), "w"}}));
}

TEST_P(PollerContract, ReportsAnEndOfStreamOnlyAsReadable) {
  const SocketPair pair;
  fill(pair.near);
  poller_->set_interest(pair.near.get(), Interest::read_write);

  ASSERT_EQ(::shutdown(pair.far.get(), SHUT_WR), 0);

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "r"}}));
}

TEST_P(PollerContract, ReportsAResetConnectionInBothRequestedDirections) {
  TcpPair pair;
  fill(pair.near);
  poller_->set_interest(pair.near.get(), Interest::read_write);

  pair.reset();

  EXPECT_EQ(look(kHang), (Ready{{pair.near.get(), "rw"}}));
}

}  // namespace
}  // namespace asyncio::poller_contract
