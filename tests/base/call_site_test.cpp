#include "asyncio/base/call_site.hpp"

#include <gtest/gtest.h>

#include <string>

namespace asyncio {
namespace {

CallSite plain(int /*argument*/) {
  return call_site(std::source_location::current());
}

template <class T>
std::pair<CallSite, T> call_template(T value) {
  return {call_site(std::source_location::current()), value};
}

struct Widget {
  [[nodiscard]] CallSite method(const std::string& /*text*/) const {
    return call_site(std::source_location::current());
  }
};

std::string last_part(const std::string& name) {
  return name.substr(name.rfind("::") == std::string::npos ? 0 : name.rfind("::") + 2);
}

TEST(CallSite, NamesTheFunctionWithoutItsTypes) {
  EXPECT_EQ(last_part(plain(1).function), "plain");
  EXPECT_EQ(last_part(call_template(std::string("x")).first.function), "call_template");
  EXPECT_TRUE(Widget().method("").function.ends_with("Widget::method"));
}

TEST(CallSite, NamesALambdaWithoutItsParameters) {
  const auto lambda = [](int) { return call_site(std::source_location::current()); };

  EXPECT_TRUE(lambda(1).function.ends_with("::<lambda>")) << lambda(1).function;
}

TEST(CallSite, HoldsFileAndLine) {
  const CallSite site = call_site(std::source_location::current());

  EXPECT_EQ(site.line, static_cast<unsigned>(__LINE__ - 2));
  EXPECT_TRUE(site.file.ends_with("call_site_test.cpp"));
}

TEST(CallSite, PrintsItsFunctionFileAndLine) {
  EXPECT_EQ(to_string(CallSite{"page", "server.cpp", 12}), "page() at server.cpp:12");
  EXPECT_EQ(to_string(CallSite{"", "server.cpp", 12}), "server.cpp:12");
  EXPECT_EQ(to_string(CallSite{"page", "", 0}), "page()");
}

TEST(CallSite, IsEmptyIfNothingIsKnown) {
  EXPECT_EQ(to_string(call_site(std::source_location())), "");
}

}  // namespace
}  // namespace asyncio
