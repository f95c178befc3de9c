#include "report/columns.hpp"

#include <gtest/gtest.h>

namespace asyncdemo {
namespace {

TEST(Columns, CountCharactersAndNotBytes) {
  EXPECT_EQ(columns_of("5 µs ├━✓"), 8U);
}

TEST(Columns, FitCutsWithAnEllipsis) {
  EXPECT_EQ(fit("abc", 3), "abc");
  EXPECT_EQ(fit("abcd", 3), "ab…");
  EXPECT_EQ(fit("äöüß", 3), "äö…");
  EXPECT_EQ(fit("abcdef", 5, true), "ab...");
  EXPECT_EQ(fit("abcdef", 2, true), "..");
  EXPECT_EQ(fit("abc", 0), "");
}

TEST(Columns, PadFillsUpWithBlanks) {
  EXPECT_EQ(pad("µ", 3), "µ  ");
  EXPECT_EQ(pad("abc", 2), "abc");
}

}  // namespace
}  // namespace asyncdemo
