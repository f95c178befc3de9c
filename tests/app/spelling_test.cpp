#include "command_line/spelling.hpp"

#include <gtest/gtest.h>

namespace asyncdemo {
namespace {

const std::vector<std::string> kNames{"gather", "single", "wait", "wait-for", "list"};

TEST(Spelling, FindsTheNameWithTheFewestMistakes) {
  EXPECT_EQ(nearest("gathr", kNames), "gather");
  EXPECT_EQ(nearest("gaterh", kNames), "gather");
  EXPECT_EQ(nearest("Single", kNames), "single");
  EXPECT_EQ(nearest("waitfor", kNames), "wait-for");
  EXPECT_EQ(nearest("wat", kNames), "wait");
}

TEST(Spelling, FindsNothingFarAway) {
  EXPECT_EQ(nearest("", kNames), std::nullopt);
  EXPECT_EQ(nearest("cooking", kNames), std::nullopt);
  EXPECT_EQ(nearest("xx", kNames), std::nullopt);
  EXPECT_EQ(nearest("gth", kNames), std::nullopt);
}

}  // namespace
}  // namespace asyncdemo
