#include "asyncio/base/posix.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <optional>
#include <string>
#include <system_error>
#include <thread>

#if __has_include(<sys/prctl.h>)
#include <sys/prctl.h>
#endif

namespace asyncio {
namespace {

using namespace std::chrono_literals;

TEST(SystemCallError, NamesTheCallTheDescriptorAndTheReason) {
  const std::system_error error = system_call_error(EBADF, "epoll_ctl", 7);

  EXPECT_EQ(error.code(), std::errc::bad_file_descriptor);
  EXPECT_EQ(error.what(), "epoll_ctl(fd 7): " + error.code().message());
}

TEST(SystemCallError, OmitsAMissingDescriptor) {
  const std::system_error error = system_call_error(EMFILE, "kqueue");

  EXPECT_EQ(error.what(), "kqueue: " + error.code().message());
}

TEST(SystemCallError, IsThrownFromErrno) {
  std::string what;
  std::error_code code;

  try {
    errno = EPERM;
    throw_errno("epoll_ctl", 3);
  } catch (const std::system_error& error) {
    what = error.what();
    code = error.code();
  }

  EXPECT_EQ(code.value(), EPERM);
  EXPECT_EQ(what.find("epoll_ctl(fd 3): "), 0U);
}

TEST(OpenPipe, OpensNonblockingEndsThatExecCloses) {
  const PipeEnds ends = open_pipe();

  char byte = 0;
  EXPECT_EQ(::read(ends.reader.get(), &byte, 1), -1);
  EXPECT_TRUE(errno == EAGAIN || errno == EWOULDBLOCK);
  EXPECT_EQ(::write(ends.writer.get(), "x", 1), 1);
  EXPECT_EQ(::read(ends.reader.get(), &byte, 1), 1);
  EXPECT_EQ(byte, 'x');
  for (const UniqueFd* end : {&ends.reader, &ends.writer}) {
    EXPECT_NE(::fcntl(end->get(), F_GETFL) & O_NONBLOCK, 0);
    EXPECT_NE(::fcntl(end->get(), F_GETFD) & FD_CLOEXEC, 0);
  }
}

TEST(PollDescriptors, NeverReturnsEarly) {
  for (const std::chrono::nanoseconds timeout : {1ns, 999'999ns, 1'000'001ns}) {
    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(poll_descriptors(nullptr, 0, timeout), 0);
    EXPECT_GE(std::chrono::steady_clock::now() - start, timeout);
  }
}

TEST(PollDescriptors, AcceptsAnyTimeout) {
  const PipeEnds ends = open_pipe();
  pollfd writer{ends.writer.get(), POLLOUT, 0};

  for (const std::optional<std::chrono::nanoseconds> timeout :
       {std::optional(0ns), std::optional(std::chrono::nanoseconds::min()),
        std::optional(std::chrono::nanoseconds::max()),
        std::optional<std::chrono::nanoseconds>()}) {
    writer.revents = 0;
    EXPECT_EQ(poll_descriptors(&writer, 1, timeout), 1);
    EXPECT_EQ(writer.revents, POLLOUT);
  }
}

#ifdef PR_GET_TIMERSLACK

long slack_ns() {
  return ::prctl(PR_GET_TIMERSLACK, 0L, 0L, 0L, 0L);
}

long usual_ns() {
  return static_cast<long>(kUsualTimerSlack.count());
}

TEST(TimerSlackGuard, SetsOneNanosecondAndRestoresTheOldSlack) {
  ASSERT_EQ(::prctl(PR_SET_TIMERSLACK, 1234567L, 0L, 0L, 0L), 0);

  {
    const TimerSlackGuard guard;
    EXPECT_EQ(slack_ns(), 1);
  }

  EXPECT_EQ(slack_ns(), 1234567);
  reset_timer_slack();
}

TEST(TimerSlackGuard, NestsWithAnotherSlack) {
  const TimerSlackGuard precise;

  {
    const TimerSlackGuard usual(kUsualTimerSlack);
    EXPECT_EQ(slack_ns(), usual_ns());
  }

  EXPECT_EQ(slack_ns(), 1);
}

TEST(TimerSlackGuard, AppliesToItsThreadOnly) {
  reset_timer_slack();
  long before = 0;

  std::thread([&] {
    const TimerSlackGuard guard;
    before = slack_ns();
  }).join();

  EXPECT_EQ(before, 1);
  EXPECT_EQ(slack_ns(), usual_ns());
}

TEST(TimerSlackGuard, IsUndoneByResetInAThreadStartedUnderIt) {
  const TimerSlackGuard guard;
  long inherited = 0;
  long after = 0;

  std::thread([&] {
    inherited = slack_ns();
    reset_timer_slack();
    after = slack_ns();
  }).join();

  EXPECT_EQ(inherited, 1);
  EXPECT_EQ(after, usual_ns());
}

#endif

TEST(TimerSlackGuard, CanBeCreatedOnDemandOnEveryPlatform) {
  std::optional<TimerSlackGuard> guard;

  guard.emplace();
  guard.reset();

  SUCCEED();
}

}  // namespace
}  // namespace asyncio
