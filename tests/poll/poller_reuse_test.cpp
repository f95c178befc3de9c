// Descriptors that are closed before or after the poller forgets them, and then opened again.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "poll/poller_contract.hpp"

namespace asyncio::poller_contract {
namespace {

/// A descriptor number that the tests do not get by chance.
constexpr int kNumber = 500;

/// Duplicates `file` as kNumber, which closes the file that was open there.
UniqueFd open_as_number(const UniqueFd& file) {
  EXPECT_EQ(::dup2(file.get(), kNumber), kNumber);
  return UniqueFd(kNumber);
}

/// Tests of a number that was watched for reading and then closed together with its file.
class PollerReuse : public PollerContract {
 protected:
  /// The right order is to forget the number before it is closed.
  enum class Order { right, wrong };

  void watch_and_close(Order order) {
    Pipe pipe;
    put(pipe.writer);
    UniqueFd number = open_as_number(pipe.reader);
    pipe.reader.reset();
    poller_->set_interest(kNumber, Interest::read);
    if (order == Order::right) poller_->set_interest(kNumber, Interest::none);
    number.reset();
  }

  void SetUp() override { put(other_.far); }

  SocketPair other_;  // its near end is readable and writable
};

ASYNCIO_ON_EVERY_BACKEND(PollerReuse);

TEST_P(PollerReuse, IgnoresAReusedNumberUntilItIsRequested) {
  watch_and_close(Order::right);

  const UniqueFd number = open_as_number(other_.near);
  EXPECT_EQ(look(), Ready());

  poller_->set_interest(kNumber, Interest::read);
  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
}

TEST_P(PollerReuse, WatchesAReusedNumberForgottenAfterItsClose) {
  watch_and_close(Order::wrong);
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::none);
  poller_->set_interest(kNumber, Interest::read);

  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
}

TEST_P(PollerReuse, WatchesAReusedNumberNeverForgottenInTheOtherDirection) {
  watch_and_close(Order::wrong);
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::write);

  EXPECT_EQ(look(), (Ready{{kNumber, "w"}}));
}

TEST_P(PollerReuse, WatchesAReusedNumberNeverForgottenInBothDirections) {
  watch_and_close(Order::wrong);
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::read_write);

  EXPECT_EQ(look(), (Ready{{kNumber, "rw"}}));
}

TEST_P(PollerReuse, ForgetsARefusedDescriptor) {
  watch_and_close(Order::wrong);
  ASSERT_TRUE(refusal(kNumber, Interest::read_write));
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::read);

  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
}

/// Tests of a number that is closed while a duplicate keeps its file open and ready. A kernel may
/// then keep reporting the registration, although it can no longer be deleted.
class PollerDuplicateTrap : public PollerContract {
 protected:
  void SetUp() override {
    put(trap_.writer);
    UniqueFd number = open_as_number(trap_.reader);
    poller_->set_interest(kNumber, Interest::read);
    number.reset();
  }

  Pipe trap_;  // its reader is the duplicate
};

ASYNCIO_ON_EVERY_BACKEND(PollerDuplicateTrap);

TEST_P(PollerDuplicateTrap, CostsAtMostOneWait) {
  poller_->wake();
  poller_->set_interest(kNumber, Interest::none);

  EXPECT_EQ(look(), Ready());
  EXPECT_GE(time_of_wait(5ms), 5ms);
  EXPECT_GE(time_of_wait(5ms), 5ms);
}

TEST_P(PollerDuplicateTrap, LeavesOtherDescriptorsAndTheWakeUpAlone) {
  const SocketPair other;
  put(other.far);
  poller_->set_interest(other.near.get(), Interest::read_write);
  const Pipe quiet;
  poller_->set_interest(quiet.reader.get(), Interest::read);
  poller_->wake();

  poller_->set_interest(kNumber, Interest::none);

  const Ready expected{{other.near.get(), "rw"}};
  for (int i = 0; i < 3; ++i) EXPECT_EQ(look(), expected);
  put(quiet.writer);
  EXPECT_EQ(look().size(), 2U);
  take(quiet.reader);
  poller_->set_interest(other.near.get(), Interest::none);
  EXPECT_GE(time_of_wait(5ms), 5ms);
  poller_->wake();
  EXPECT_LT(time_of_wait(kHang), kHang);
}

TEST_P(PollerDuplicateTrap, DoesNotConfuseTheNewFileOfANumberWithTheOldOne) {
  const Pipe other;
  const UniqueFd number = open_as_number(other.writer);
  fill(other.writer);

  poller_->set_interest(kNumber, Interest::write);

  EXPECT_EQ(look(), Ready());
  EXPECT_GE(time_of_wait(5ms), 5ms);
  std::array<char, 65536> sink{};
  ASSERT_GT(::read(other.reader.get(), sink.data(), sink.size()), 0);
  EXPECT_EQ(look(), (Ready{{kNumber, "w"}}));
}

TEST_P(PollerDuplicateTrap, AllowsTheSameFileUnderTheSameNumberAgain) {
  poller_->set_interest(kNumber, Interest::none);
  const UniqueFd number = open_as_number(trap_.reader);

  poller_->set_interest(kNumber, Interest::read);

  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
  take(trap_.reader);
  EXPECT_EQ(look(), Ready());
  poller_->set_interest(kNumber, Interest::none);
}

TEST_P(PollerDuplicateTrap, ReportsNoNumberThatPassedToAnotherFile) {
  constexpr int kPassedOn = kNumber + 1;
  const Pipe other;
  put(other.writer);
  Pipe closed;
  ASSERT_EQ(::dup2(closed.reader.get(), kPassedOn), kPassedOn);
  closed.reader.reset();
  poller_->set_interest(kPassedOn, Interest::read);
  ASSERT_EQ(::dup2(other.reader.get(), kPassedOn), kPassedOn);
  const UniqueFd passed_on(kPassedOn);

  poller_->set_interest(kNumber, Interest::none);

  for (int i = 0; i < 3; ++i) EXPECT_EQ(look(), Ready());
}

}  // namespace
}  // namespace asyncio::poller_contract
