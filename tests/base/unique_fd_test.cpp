#include "asyncio/base/unique_fd.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <type_traits>
#include <utility>

namespace asyncio {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

int open_something() {
  return ::open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static_assert(!std::is_copy_constructible_v<UniqueFd>);
static_assert(!std::is_copy_assignable_v<UniqueFd>);
static_assert(std::is_nothrow_move_constructible_v<UniqueFd>);
static_assert(std::is_nothrow_move_assignable_v<UniqueFd>);
static_assert(!std::is_convertible_v<int, UniqueFd>);
static_assert(sizeof(UniqueFd) == sizeof(int));

TEST(UniqueFd, OwnsNothingByDefault) {
  const UniqueFd fd;

  EXPECT_FALSE(fd);
  EXPECT_EQ(fd.get(), -1);
}

TEST(UniqueFd, IsEmptyAfterAFailedCall) {
  const UniqueFd fd(::open("/nonexistent", O_RDONLY | O_CLOEXEC));

  EXPECT_FALSE(fd);
}

TEST(UniqueFd, ClosesWhenItGoesOutOfScope) {
  const int raw = open_something();
  ASSERT_TRUE(is_open(raw));

  {
    const UniqueFd fd(raw);
    EXPECT_TRUE(fd);
    EXPECT_EQ(fd.get(), raw);
  }

  EXPECT_FALSE(is_open(raw));
}

TEST(UniqueFd, HandsOverItsDescriptorWhenMoved) {
  UniqueFd first(open_something());
  const int raw = first.get();

  const UniqueFd second(std::move(first));

  EXPECT_EQ(first.get(), -1);  // NOLINT(bugprone-use-after-move): empty by contract
  EXPECT_EQ(second.get(), raw);
  EXPECT_TRUE(is_open(raw));
}

TEST(UniqueFd, ClosesTheOldDescriptorWhenAssignedAnother) {
  UniqueFd fd(open_something());
  UniqueFd other(open_something());
  const int old = fd.get();
  const int raw = other.get();

  fd = std::move(other);

  EXPECT_EQ(fd.get(), raw);
  EXPECT_FALSE(is_open(old));
  EXPECT_TRUE(is_open(raw));
}

TEST(UniqueFd, SurvivesAssignmentToItself) {
  UniqueFd fd(open_something());
  UniqueFd& alias = fd;

  fd = std::move(alias);

  EXPECT_TRUE(fd);
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(UniqueFd, LeavesAReleasedDescriptorOpen) {
  UniqueFd fd(open_something());

  const int raw = fd.release();

  EXPECT_FALSE(fd);
  EXPECT_TRUE(is_open(raw));
  ASSERT_EQ(::close(raw), 0);
}

TEST(UniqueFd, ClosesOnResetAndCanOwnAnother) {
  UniqueFd fd(open_something());
  const int first = fd.get();
  const int second = open_something();

  fd.reset(second);
  EXPECT_FALSE(is_open(first));
  EXPECT_EQ(fd.get(), second);

  fd.reset();
  EXPECT_FALSE(is_open(second));
  EXPECT_FALSE(fd);
}

}  // namespace
}  // namespace asyncio
