#include "asyncio/base/exception_group.hpp"

#include <gtest/gtest.h>

#include <exception>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

namespace asyncio {
namespace {

static_assert(std::is_nothrow_copy_constructible_v<ExceptionGroup>);

using Errors = std::vector<std::exception_ptr>;

std::exception_ptr oops(const char* text = "oops") {
  return std::make_exception_ptr(std::runtime_error(text));
}
std::string text_of(const std::optional<ExceptionGroup>& group) {
  return group ? describe(std::make_exception_ptr(*group)) : "none";
}

/// Returns a group "outer" of an error, a timeout, and a group "inner" of two like them.
ExceptionGroup nested() {
  const ExceptionGroup inner("inner",
                             Errors{oops("b"), std::make_exception_ptr(TimeoutError("y"))});
  return ExceptionGroup("outer", Errors{oops("a"), std::make_exception_ptr(TimeoutError("x")),
                                        std::make_exception_ptr(inner)});
}

TEST(ExceptionGroup, HoldsItsMessageAndItsMembersInOrder) {
  const Errors errors{oops("a"), oops("b")};

  const ExceptionGroup group("several", errors);
  const ExceptionGroup copy = group;

  EXPECT_EQ(copy.message(), "several");
  EXPECT_EQ(copy.exceptions(), errors);
  EXPECT_STREQ(copy.what(), "several (2 sub-exceptions)");
  EXPECT_STREQ(ExceptionGroup("one", Errors{oops()}).what(), "one (1 sub-exception)");
}

TEST(ExceptionGroup, RefusesToBeEmptyOrToHoldNull) {
  EXPECT_THROW(ExceptionGroup("none", Errors()), ValueError);
  EXPECT_THROW(ExceptionGroup("empty", Errors{oops(), nullptr}), ValueError);
}

TEST(ExceptionGroup, DescribesItsMembersAndThoseOfNestedGroups) {
  EXPECT_EQ(describe(std::make_exception_ptr(nested())),
            "ExceptionGroup: outer [std::runtime_error: a, TimeoutError: x, "
            "ExceptionGroup: inner [std::runtime_error: b, TimeoutError: y]]");
}

TEST(ExceptionGroup, SplitsByTypeAndKeepsTheNesting) {
  const auto [timeouts, rest] = nested().split<TimeoutError>();

  EXPECT_EQ(text_of(timeouts),
            "ExceptionGroup: outer [TimeoutError: x, ExceptionGroup: inner [TimeoutError: y]]");
  EXPECT_EQ(text_of(rest),
            "ExceptionGroup: outer [std::runtime_error: a, "
            "ExceptionGroup: inner [std::runtime_error: b]]");
}

TEST(ExceptionGroup, SplitsByAPredicate) {
  const auto [last, rest] = nested().split(
      [](const std::exception_ptr& error) { return describe(error) == "TimeoutError: y"; });

  EXPECT_EQ(text_of(last), "ExceptionGroup: outer [ExceptionGroup: inner [TimeoutError: y]]");
  EXPECT_EQ(text_of(rest),
            "ExceptionGroup: outer [std::runtime_error: a, TimeoutError: x, "
            "ExceptionGroup: inner [std::runtime_error: b]]");
}

TEST(ExceptionGroup, SharesItsMembersWithItsParts) {
  const std::exception_ptr first = oops();
  const ExceptionGroup group("group", Errors{first, std::make_exception_ptr(TimeoutError())});

  const auto part = group.subgroup<std::runtime_error>();

  ASSERT_TRUE(part.has_value());
  EXPECT_EQ(part->exceptions(), Errors{first});
}

TEST(ExceptionGroup, HasNoSubgroupIfNothingMatches) {
  EXPECT_EQ(text_of(nested().subgroup<std::logic_error>()), "none");
  const auto parts = nested().split<std::logic_error>();
  EXPECT_EQ(text_of(parts.matching), "none");
  EXPECT_EQ(text_of(parts.rest), text_of(nested()));
}

TEST(ExceptionGroup, IsReturnedWholeIfItMatchesItself) {
  const auto parts = nested().split<ExceptionGroup>();

  EXPECT_EQ(text_of(parts.matching), text_of(nested()));
  EXPECT_EQ(text_of(parts.rest), "none");
}

TEST(ExceptionGroup, KeepsAMatchingNestedGroupWhole) {
  class Special : public ExceptionGroup {
    using ExceptionGroup::ExceptionGroup;
  };
  const std::exception_ptr special = std::make_exception_ptr(Special("special", Errors{oops("b")}));
  const ExceptionGroup group("outer", Errors{oops("a"), special});

  const auto parts = group.split<Special>();

  ASSERT_TRUE(parts.matching.has_value());
  EXPECT_EQ(parts.matching->exceptions(), Errors{special});
  EXPECT_EQ(text_of(parts.rest), "ExceptionGroup: outer [std::runtime_error: a]");
}

TEST(ExceptionGroup, PassesItsCauseToItsParts) {
  const std::exception_ptr cause = oops("cause");
  const ExceptionGroup group("group", Errors{oops(), std::make_exception_ptr(TimeoutError())},
                             cause);

  EXPECT_EQ(group.subgroup<TimeoutError>()->cause(), cause);
}

TEST(ExceptionGroup, HoldsNonstandardExceptions) {
  const ExceptionGroup group(
      "group", Errors{std::make_exception_ptr(5), std::make_exception_ptr(CancelledError())});

  EXPECT_EQ(group.subgroup<int>()->exceptions().size(), 1U);
  EXPECT_EQ(group.subgroup<CancelledError>()->exceptions().size(), 1U);
}

}  // namespace
}  // namespace asyncio
