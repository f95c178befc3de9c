#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
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

TEST_P(PollerContract, ReportsAPipeAsReadableWhenThereIsSomethingInIt) {
  const Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);

  EXPECT_EQ(look(), Ready());
  put(pipe.writer);

  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, ReportsAPipeAsWritableWhileThereIsRoomInIt) {
  const Pipe pipe;
  poller_->set_interest(pipe.writer.get(), Interest::write);

  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
  fill(pipe.writer);

  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, ReportsAgainWhatIsStillReadyAndNotWhatIsNot) {
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

TEST_P(PollerContract, ReportsWhatWasReadyBeforeItWasAskedFor) {
  const Pipe pipe;
  put(pipe.writer);

  poller_->set_interest(pipe.reader.get(), Interest::read);

  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, MakesOneEventOfBothDirections) {
  const SocketPair pair;
  put(pair.far);

  poller_->set_interest(pair.near.get(), Interest::read_write);

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "rw"}}));
}

TEST_P(PollerContract, ReportsOnlyTheDirectionAskedFor) {
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

TEST_P(PollerContract, ReportsOnlyTheDirectionThatIsReady) {
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

TEST_P(PollerContract, AppendsToTheEventsThatAreThere) {
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

TEST_P(PollerContract, ReportsAFullPipeAsWritableWhenItsReaderWasGoneBefore) {
  Pipe pipe;
  fill(pipe.writer);
  pipe.reader.reset();

  poller_->set_interest(pipe.writer.get(), Interest::write);

  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
  EXPECT_EQ(look(), (Ready{{pipe.writer.get(), "w"}}));
  poller_->set_interest(pipe.writer.get(), Interest::none);
  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, ReportsAHangUpInBothDirectionsAskedFor) {
  SocketPair pair;
  fill(pair.near);
  poller_->set_interest(pair.near.get(), Interest::read_write);
  ASSERT_EQ(look(), Ready());

  pair.far.reset();

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "rw"}}));
}

TEST_P(PollerContract, ReportsAHangUpOnlyInTheDirectionAskedFor) {
  SocketPair pair;
  pair.far.reset();

  poller_->set_interest(pair.near.get(), Interest::read);
  EXPECT_EQ(look(), (Ready{{pair.near.get(), "r"}}));
  poller_->set_interest(pair.near.get(), Interest::write);
  EXPECT_EQ(look(), (Ready{{pair.near.get(), "w"}}));
}

TEST_P(PollerContract, TakesAnEndOfStreamForSomethingToReadAndNoHangUp) {
  const SocketPair pair;
  fill(pair.near);
  poller_->set_interest(pair.near.get(), Interest::read_write);

  ASSERT_EQ(::shutdown(pair.far.get(), SHUT_WR), 0);

  EXPECT_EQ(look(), (Ready{{pair.near.get(), "r"}}));
}

TEST_P(PollerContract, ReportsAResetConnectionInBothDirectionsAskedFor) {
  TcpPair pair;
  fill(pair.near);
  poller_->set_interest(pair.near.get(), Interest::read_write);

  pair.reset();

  EXPECT_EQ(look(kHang), (Ready{{pair.near.get(), "rw"}}));
}

// ---- Interest --------------------------------------------------------------------------------

TEST_P(PollerContract, ForgetsADescriptorWhoseInterestIsNone) {
  const Pipe pipe;
  put(pipe.writer);
  poller_->set_interest(pipe.reader.get(), Interest::read);

  poller_->set_interest(pipe.reader.get(), Interest::none);
  EXPECT_EQ(look(), Ready());

  poller_->set_interest(pipe.reader.get(), Interest::read);
  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, ForgetsWithoutComplaintWhatItDoesNotKnow) {
  Pipe pipe;
  const int closed = pipe.reader.get();
  poller_->set_interest(closed, Interest::read);
  pipe.reader.reset();

  EXPECT_NO_THROW(poller_->set_interest(closed, Interest::none));
  EXPECT_NO_THROW(poller_->set_interest(closed, Interest::none));
  EXPECT_NO_THROW(poller_->set_interest(pipe.writer.get(), Interest::none));
  EXPECT_NO_THROW(poller_->set_interest(-1, Interest::none));
  EXPECT_NO_THROW(poller_->set_interest(INT_MAX, Interest::none));
}

TEST_P(PollerContract, RefusesADescriptorThatIsNotOpen) {
  const int closed = Pipe().reader.get();

  for (const int fd : {closed, INT_MAX}) {
    const auto error = refusal(fd, Interest::read);
    ASSERT_TRUE(error) << fd;
    EXPECT_EQ(error->code(), std::errc::bad_file_descriptor);
    EXPECT_NE(std::string(error->what()).find("(fd " + std::to_string(fd) + ")"), std::string::npos)
        << error->what();
  }
  EXPECT_EQ(look(), Ready());
}

TEST_P(PollerContract, RefusesANegativeDescriptor) {
  const auto error = refusal(-1, Interest::read_write);

  ASSERT_TRUE(error);
  EXPECT_EQ(error->code(), std::errc::bad_file_descriptor);
}

TEST_P(PollerContract, RefusesARegularFileUnlessItsKernelCanWaitForOne) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  const int fd = ::fileno(file.get());

  const auto error = refusal(fd, Interest::read);

  if (error) {
    EXPECT_EQ(error->code(), std::errc::operation_not_permitted);
    EXPECT_NE(std::string(error->what()).find("(fd " + std::to_string(fd) + ")"),
              std::string::npos);
    EXPECT_EQ(look(), Ready());
  }
  poller_->set_interest(fd, Interest::none);
}

TEST_P(PollerContract, LeavesTheDescriptorsOfTheUserOpen) {
  const Pipe pipe;
  poller_->set_interest(pipe.reader.get(), Interest::read);

  poller_.reset();

  EXPECT_GE(::fcntl(pipe.reader.get(), F_GETFD), 0);
}

TEST_P(PollerContract, ClosesItsOwnDescriptors) {  // B277
  poller_.reset();
  const std::vector<int> before = open_descriptors();

  poller_ = make_poller(GetParam());
  poller_->wake();
  (void)look();
  poller_.reset();

  EXPECT_EQ(open_descriptors(), before);
}

TEST_P(PollerContract, LeavesNothingOpenWhenThereAreNotEnoughDescriptorsForIt) {
  poller_.reset();
  (void)make_poller(GetParam());  // what its process keeps for all of them is open from here on
  const std::vector<int> before = open_descriptors();

  int failures = 0;
  for (rlim_t most = 0; poller_ == nullptr && most < 1024; ++most) {
    try {
      const ResourceLimit limit(RLIMIT_NOFILE, most);
      poller_ = make_poller(GetParam());
    } catch (const std::system_error& error) {
      ++failures;
      EXPECT_EQ(error.code(), std::errc::too_many_files_open);
      EXPECT_EQ(open_descriptors(), before);
    }
  }

  EXPECT_GT(failures, 0);
  EXPECT_NE(poller_, nullptr);
}

TEST_P(PollerContract, KeepsItsDescriptorsFromProgramsThatAreStarted) {
  poller_.reset();
  const std::vector<int> others = open_descriptors();
  poller_ = make_poller(GetParam());

  for (const int fd : open_descriptors()) {
    if (std::ranges::binary_search(others, fd)) continue;
    EXPECT_EQ(::fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC) << fd;
  }
}

}  // namespace
}  // namespace asyncio::poller_contract
