#include <gtest/gtest.h>

#include "values/json.hpp"

namespace asyncdemo {
namespace {

using namespace std::chrono_literals;

template <class T>
std::string text_of(const T& value) {
  std::string text;
  JsonWriter(text).value(value);
  return text;
}

TEST(JsonWriter, PutsCommasBetweenMembersAndElements) {
  std::string text;
  JsonWriter json(text);

  json.begin('{').member("a", 1).key("b").begin('[');
  json.value(true).begin('{').end('}').value("x").end(']');
  json.member("c", false).end('}');

  EXPECT_EQ(text, R"({"a":1,"b":[true,{},"x"],"c":false})");
}

TEST(JsonWriter, AppendsToWhatIsThere) {
  std::string text = "[\n";

  JsonWriter(text).begin('[').literal("0.310").literal("null").end(']');

  EXPECT_EQ(text, "[\n[0.310,null]");
}

TEST(JsonWriter, WritesTimesAsSecondsWithoutAnExponent) {
  EXPECT_EQ(text_of(Duration(5s)), "5.0");
  EXPECT_EQ(text_of(1ns), "0.000000001");
  EXPECT_EQ(text_of(Duration::max()), "9223372036.854775807");
  EXPECT_EQ(text_of(std::optional<Duration>(20ms)), "0.02");
}

TEST(JsonWriter, WritesNullForAnEmptyOptional) {
  EXPECT_EQ(text_of(std::optional<Duration>()), "null");
  EXPECT_EQ(text_of(std::optional<std::string_view>("x")), R"("x")");
}

TEST(JsonWriter, EscapesTexts) {
  EXPECT_EQ(text_of("plain ~ text"), R"("plain ~ text")");
  EXPECT_EQ(text_of("\"\\\n\x01"), R"("\"\\\n\u0001")");
  EXPECT_EQ(text_of("5 µs"), "\"5 µs\"");
  EXPECT_EQ(text_of(""), R"("")");
}

TEST(JsonWriter, TakesIntegersOfEverySize) {
  EXPECT_EQ(text_of(std::int64_t{-7}), "-7");
  EXPECT_EQ(text_of(~std::uint64_t{0}), "18446744073709551615");
}

}  // namespace
}  // namespace asyncdemo
