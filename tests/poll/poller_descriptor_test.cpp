// The descriptors that a poller accepts, refuses or forgets, and those that it owns.

#include <fcntl.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <climits>
#include <cstdio>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "poll/poller_contract.hpp"
#include "support/process_state.hpp"

namespace asyncio::poller_contract {
namespace {

using test::ResourceLimit;

TEST_P(PollerContract, ForgetsADescriptorOnInterestNone) {
  const Pipe pipe;
  put(pipe.writer);
  poller_->set_interest(pipe.reader.get(), Interest::read);

  poller_->set_interest(pipe.reader.get(), Interest::none);
  EXPECT_EQ(look(), Ready());

  poller_->set_interest(pipe.reader.get(), Interest::read);
  EXPECT_EQ(look(), (Ready{{pipe.reader.get(), "r"}}));
}

TEST_P(PollerContract, IgnoresInterestNoneForUnknownDescriptors) {
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

TEST_P(PollerContract, RefusesAClosedDescriptor) {
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

TEST_P(PollerContract, RefusesARegularFileUnlessTheKernelCanWaitForIt) {
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

TEST_P(PollerContract, LeavesTheUsersDescriptorsOpen) {
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

TEST_P(PollerContract, LeavesNothingOpenIfDescriptorsRunOut) {
  poller_.reset();
  (void)make_poller(GetParam());  // opens the descriptors that all pollers of the process share
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

TEST_P(PollerContract, HidesItsDescriptorsFromStartedPrograms) {
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
