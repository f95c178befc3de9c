// Descriptors that are closed and opened again, in the right order and in the wrong one.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>

#include "poll/poller_contract.hpp"

namespace asyncio::poller_contract {
namespace {

/// A number that no other descriptor of the tests gets by chance.
constexpr int kNumber = 500;

/// Opens `file` under kNumber, which closes what was open there.
UniqueFd open_as_number(const UniqueFd& file) {
  EXPECT_EQ(::dup2(file.get(), kNumber), kNumber);
  return UniqueFd(kNumber);
}

/// Has kNumber watched for reading, and closes it with its file.
class PollerReuse : public PollerContract {
 protected:
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

TEST_P(PollerReuse, SaysNothingOfAReusedNumberUntilItIsAskedFor) {
  watch_and_close(Order::right);

  const UniqueFd number = open_as_number(other_.near);
  EXPECT_EQ(look(), Ready());

  poller_->set_interest(kNumber, Interest::read);
  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
}

TEST_P(PollerReuse, TakesAReusedNumberThatWasForgottenAfterItsClose) {
  watch_and_close(Order::wrong);
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::none);
  poller_->set_interest(kNumber, Interest::read);

  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
}

TEST_P(PollerReuse, TakesAReusedNumberThatWasNotForgottenWithTheOtherDirection) {
  watch_and_close(Order::wrong);
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::write);

  EXPECT_EQ(look(), (Ready{{kNumber, "w"}}));
}

TEST_P(PollerReuse, TakesAReusedNumberThatWasNotForgottenWithBothDirections) {
  watch_and_close(Order::wrong);
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::read_write);

  EXPECT_EQ(look(), (Ready{{kNumber, "rw"}}));
}

TEST_P(PollerReuse, ForgetsADescriptorThatItRefused) {
  watch_and_close(Order::wrong);
  ASSERT_TRUE(refusal(kNumber, Interest::read_write));
  const UniqueFd number = open_as_number(other_.near);

  poller_->set_interest(kNumber, Interest::read);

  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
}

/// A number closed while a duplicate keeps its file open, and ready: the trap in which a kernel
/// goes on to report a registration that can no longer be deleted.
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

TEST_P(PollerDuplicateTrap, CostsOneWaitAtMost) {
  poller_->wake();
  poller_->set_interest(kNumber, Interest::none);

  EXPECT_EQ(look(), Ready());
  EXPECT_GE(time_of_wait(5ms), 5ms);
  EXPECT_GE(time_of_wait(5ms), 5ms);
}

TEST_P(PollerDuplicateTrap, LeavesTheOtherDescriptorsAndTheWakeUpAlone) {
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

TEST_P(PollerDuplicateTrap, TellsTheNewFileOfTheNumberFromTheOldOne) {
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

TEST_P(PollerDuplicateTrap, TakesTheSameFileBackUnderTheSameNumber) {
  poller_->set_interest(kNumber, Interest::none);
  const UniqueFd number = open_as_number(trap_.reader);

  poller_->set_interest(kNumber, Interest::read);

  EXPECT_EQ(look(), (Ready{{kNumber, "r"}}));
  take(trap_.reader);
  EXPECT_EQ(look(), Ready());
  poller_->set_interest(kNumber, Interest::none);
}

TEST_P(PollerDuplicateTrap, ReportsNoNumberThatPassedToSomebodyElse) {
  constexpr int kPassedOn = kNumber + 1;
  const Pipe somebodys;
  put(somebodys.writer);
  Pipe closed;
  ASSERT_EQ(::dup2(closed.reader.get(), kPassedOn), kPassedOn);
  closed.reader.reset();
  poller_->set_interest(kPassedOn, Interest::read);
  ASSERT_EQ(::dup2(somebodys.reader.get(), kPassedOn), kPassedOn);
  const UniqueFd passed_on(kPassedOn);

  poller_->set_interest(kNumber, Interest::none);

  for (int i = 0; i < 3; ++i) EXPECT_EQ(look(), Ready());
}

}  // namespace
}  // namespace asyncio::poller_contract
