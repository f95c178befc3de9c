#include "asyncio/poll/poller.hpp"

#include <gtest/gtest.h>

#include <optional>
#include <stdexcept>
#include <string>

#include "support/process_state.hpp"

namespace asyncio {
namespace {

using test::EnvironmentVariable;

constexpr const char* kVariable = "ASYNCIO_BACKEND";

std::string refusal(const std::string& name) {
  try {
    (void)make_poller(name);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST(MakePoller, CreatesEveryBackendThatIsBuilt) {
  ASSERT_FALSE(poller_names().empty());

  for (const std::string_view name : poller_names()) EXPECT_EQ(make_poller(name)->name(), name);
}

TEST(MakePoller, RefusesAnUnknownNameAndListsTheBackends) {
  const std::string what = refusal("nonsense");

  EXPECT_NE(what.find("\"nonsense\""), std::string::npos);
  for (const std::string_view name : poller_names()) {
    EXPECT_NE(what.find(name), std::string::npos) << what;
  }
}

TEST(MakePoller, RefusesAnEmptyName) {
  EXPECT_NE(refusal(""), "");
}

TEST(MakePoller, ChoosesTheBestBackendIfTheEnvironmentNamesNone) {
  const EnvironmentVariable unset(kVariable, std::nullopt);

  EXPECT_EQ(make_poller()->name(), poller_names().front());
}

TEST(MakePoller, TreatsAnEmptyVariableAsUnset) {
  const EnvironmentVariable empty(kVariable, "");

  EXPECT_EQ(make_poller()->name(), poller_names().front());
}

TEST(MakePoller, ChoosesTheBackendThatTheEnvironmentNames) {
  for (const std::string_view name : poller_names()) {
    const EnvironmentVariable chosen(kVariable, std::string(name));

    EXPECT_EQ(make_poller()->name(), name);
  }
}

TEST(MakePoller, RefusesAnUnknownNameFromTheEnvironment) {
  const EnvironmentVariable chosen(kVariable, "nonsense");

  EXPECT_THROW((void)make_poller(), std::invalid_argument);
}

}  // namespace
}  // namespace asyncio
