#include "asyncio/base/result.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace asyncio {
namespace {

std::exception_ptr an_error() {
  return std::make_exception_ptr(std::runtime_error("oops"));
}

TEST(Result, HoldsAValue) {
  const Result<std::string> result(std::string("text"));

  EXPECT_TRUE(result.has_value());
  EXPECT_TRUE(static_cast<bool>(result));
  EXPECT_FALSE(result.cancelled());
  EXPECT_EQ(result.error(), nullptr);
  EXPECT_EQ(result.value(), "text");
}

TEST(Result, ThrowsItsErrorInPlaceOfAValue) {
  const Result<int> result(an_error());

  EXPECT_FALSE(result.has_value());
  EXPECT_FALSE(result.cancelled());
  EXPECT_THROW((void)result.value(), std::runtime_error);
  EXPECT_EQ(describe(result.error()), "std::runtime_error: oops");
}

TEST(Result, KnowsThatItWasCancelled) {
  const Result<> result(std::make_exception_ptr(CancelledError("why")));

  EXPECT_TRUE(result.cancelled());
  EXPECT_THROW((void)result.value(), CancelledError);
}

TEST(Result, HoldsVoidReferencesAndContainers) {
  int target = 1;
  const Result<void> nothing(std::monostate{});
  const Result<int&> reference(target);
  const Result<std::vector<int>> list(std::vector<int>(3, 1));

  EXPECT_TRUE(nothing.has_value());
  EXPECT_EQ(&reference.value().get(), &target);
  EXPECT_EQ(list.value().size(), 3U);
}

TEST(Result, GivesUpItsValueWhenMoved) {
  Result<std::unique_ptr<int>> result(std::make_unique<int>(5));

  const std::unique_ptr<int> value = std::move(result).value();

  EXPECT_EQ(*value, 5);
}

TEST(IsCopyable, LooksIntoContainersAndTuples) {
  using Pointer = std::unique_ptr<int>;
  using detail::IsCopyable;

  EXPECT_TRUE(IsCopyable<int>::value);
  EXPECT_TRUE(IsCopyable<std::string>::value);
  EXPECT_TRUE((IsCopyable<std::tuple<int, std::vector<std::string>>>::value));
  EXPECT_TRUE(IsCopyable<Result<void>>::value);
  EXPECT_FALSE(IsCopyable<Pointer>::value);
  EXPECT_FALSE(IsCopyable<std::vector<Pointer>>::value);
  EXPECT_FALSE(IsCopyable<std::vector<std::vector<Pointer>>>::value);
  EXPECT_FALSE((IsCopyable<std::tuple<int, std::vector<Pointer>>>::value));
  EXPECT_FALSE((IsCopyable<std::pair<int, Pointer>>::value));
  EXPECT_FALSE(IsCopyable<std::optional<std::vector<Pointer>>>::value);
  EXPECT_FALSE(IsCopyable<std::vector<Result<Pointer>>>::value);
}

}  // namespace
}  // namespace asyncio
