#include "asyncio/base/error.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <stdexcept>
#include <type_traits>

namespace asyncio {
namespace {

static_assert(std::is_base_of_v<std::exception, Error>);
static_assert(std::is_base_of_v<Error, RuntimeError>);
static_assert(std::is_base_of_v<Error, ValueError>);
static_assert(std::is_base_of_v<Error, InvalidStateError>);
static_assert(std::is_base_of_v<Error, TimeoutError>);
static_assert(!std::is_base_of_v<std::exception, CancelledError>);
static_assert(!std::is_base_of_v<std::exception, BaseExit>);
static_assert(std::is_nothrow_copy_constructible_v<RuntimeError>);
static_assert(std::is_nothrow_copy_constructible_v<CancelledError>);

TEST(Error, KeepsItsMessageAndItsCause) {
  const std::exception_ptr cause = std::make_exception_ptr(std::runtime_error("cause"));

  const RuntimeError error("text", cause);
  const RuntimeError copy = error;

  EXPECT_STREQ(copy.what(), "text");
  EXPECT_EQ(copy.cause(), cause);
  EXPECT_EQ(ValueError("without").cause(), nullptr);
}

TEST(CancelledError, KeepsItsMessage) {
  EXPECT_EQ(CancelledError().message(), "");
  EXPECT_EQ(CancelledError("").message(), "");
  EXPECT_EQ(CancelledError("why").message(), "why");
}

TEST(IsCancelledError, AcceptsOnlyCancelledError) {
  EXPECT_TRUE(is_cancelled_error(std::make_exception_ptr(CancelledError("why"))));
  EXPECT_FALSE(is_cancelled_error(std::make_exception_ptr(std::runtime_error("oops"))));
  EXPECT_FALSE(is_cancelled_error(std::make_exception_ptr(SystemExit(1))));
  EXPECT_FALSE(is_cancelled_error(std::make_exception_ptr(1)));
  EXPECT_FALSE(is_cancelled_error(nullptr));
}

TEST(IsExit, AcceptsExitsAndTypesDerivedFromThem) {
  class OwnExit : public KeyboardInterrupt {};

  EXPECT_TRUE(is_exit(std::make_exception_ptr(KeyboardInterrupt())));
  EXPECT_TRUE(is_exit(std::make_exception_ptr(SystemExit(2))));
  EXPECT_TRUE(is_exit(std::make_exception_ptr(OwnExit())));
  EXPECT_FALSE(is_exit(std::make_exception_ptr(CancelledError())));
  EXPECT_FALSE(is_exit(std::make_exception_ptr(std::runtime_error("oops"))));
  EXPECT_FALSE(is_exit(nullptr));
}

TEST(Describe, NamesTheTypeAndTheMessage) {
  EXPECT_EQ(describe(nullptr), "no error");
  EXPECT_EQ(describe(std::make_exception_ptr(std::runtime_error("oops"))),
            "std::runtime_error: oops");
  EXPECT_EQ(describe(std::make_exception_ptr(TimeoutError())), "TimeoutError: timed out");
  EXPECT_EQ(describe(std::make_exception_ptr(ValueError(""))), "ValueError");
  EXPECT_EQ(describe(std::make_exception_ptr(CancelledError())), "CancelledError");
  EXPECT_EQ(describe(std::make_exception_ptr(CancelledError("why"))), "CancelledError: why");
  EXPECT_EQ(describe(std::make_exception_ptr(KeyboardInterrupt())), "KeyboardInterrupt");
  EXPECT_EQ(describe(std::make_exception_ptr(SystemExit(3))), "SystemExit: 3");
  EXPECT_EQ(describe(std::make_exception_ptr(42)), "an exception of unknown type");
}

}  // namespace
}  // namespace asyncio
