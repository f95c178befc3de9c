#include "asyncio/poll/poller.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>

namespace asyncio {
namespace {

/// Sets ASYNCIO_BACKEND, or unsets it, for as long as it lives.
class BackendVariable {
 public:
  explicit BackendVariable(const std::optional<std::string>& value) {
    if (const char* previous = std::getenv(kName)) previous_ = previous;
    set(value);
  }
  BackendVariable(const BackendVariable&) = delete;
  BackendVariable& operator=(const BackendVariable&) = delete;
  ~BackendVariable() { set(previous_); }

 private:
  static constexpr const char* kName = "ASYNCIO_BACKEND";

  static void set(const std::optional<std::string>& value) {
    if (value) {
      EXPECT_EQ(::setenv(kName, value->c_str(), 1), 0);
    } else {
      EXPECT_EQ(::unsetenv(kName), 0);
    }
  }

  std::optional<std::string> previous_;
};

std::string refusal(const std::string& name) {
  try {
    (void)make_poller(name);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(MakePoller, MakesEveryBackendThatIsBuilt) {
  ASSERT_FALSE(poller_names().empty());

  for (const std::string_view name : poller_names()) EXPECT_EQ(make_poller(name)->name(), name);
}

TEST(MakePoller, RefusesAnUnknownNameAndSaysWhichThereAre) {
  const std::string what = refusal("nonsense");

  EXPECT_NE(what.find("\"nonsense\""), std::string::npos);
  for (const std::string_view name : poller_names()) {
    EXPECT_NE(what.find(name), std::string::npos) << what;
  }
}

TEST(MakePoller, RefusesAnEmptyName) {
  EXPECT_NE(refusal(""), "");
}

TEST(MakePoller, TakesTheBestBackendWhenTheEnvironmentNamesNone) {
  const BackendVariable unset(std::nullopt);

  EXPECT_EQ(make_poller()->name(), poller_names().front());
}

TEST(MakePoller, TakesAnEmptyVariableForNone) {
  const BackendVariable empty("");

  EXPECT_EQ(make_poller()->name(), poller_names().front());
}

TEST(MakePoller, TakesTheBackendThatTheEnvironmentNames) {
  for (const std::string_view name : poller_names()) {
    const BackendVariable chosen{std::string(name)};

    EXPECT_EQ(make_poller()->name(), name);
  }
}

TEST(MakePoller, RefusesAnUnknownNameFromTheEnvironment) {
  const BackendVariable chosen("nonsense");

  EXPECT_THROW((void)make_poller(), std::invalid_argument);
}

}  // namespace
}  // namespace asyncio
