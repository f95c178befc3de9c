#include "system/style.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>

#include "fake_terminal.hpp"
#include "support/process_state.hpp"

namespace asyncdemo_test {
namespace {

using namespace asyncdemo;
using asyncio::test::EnvironmentVariable;

/// An environment in which no variable sets the style.
struct Bare {
  EnvironmentVariable columns{"COLUMNS", std::nullopt};
  EnvironmentVariable no_color{"NO_COLOR", std::nullopt};
  EnvironmentVariable force_color{"FORCE_COLOR", std::nullopt};
  EnvironmentVariable term{"TERM", "xterm"};
  EnvironmentVariable locale{"LC_ALL", "C.UTF-8"};
};

/// Makes stdout a file while it exists.
class FileAsStdout {
 public:
  FileAsStdout() : before_((std::fflush(stdout), ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))) {
    const int file = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    EXPECT_EQ(::dup2(file, STDOUT_FILENO), STDOUT_FILENO);
    ::close(file);
  }
  FileAsStdout(const FileAsStdout&) = delete;
  FileAsStdout& operator=(const FileAsStdout&) = delete;
  ~FileAsStdout() {
    std::fflush(stdout);
    EXPECT_EQ(::dup2(before_, STDOUT_FILENO), STDOUT_FILENO);
    ::close(before_);
  }

 private:
  int before_;
};

std::size_t width(std::optional<int> asked = std::nullopt) {
  return choose_style(asked, false, ColorChoice::automatic).width;
}

bool color(ColorChoice asked = ColorChoice::automatic) {
  return choose_style(std::nullopt, false, asked).color;
}

TEST(Style, TakesTheWidthOfTheOptionThenTheTerminalThenTheEnvironment) {
  const Bare bare;
  const EnvironmentVariable columns("COLUMNS", "111");
  {
    const FakeTerminal terminal(99, 24);
    EXPECT_EQ(width(120), 120U);
    EXPECT_EQ(width(), 99U);
    terminal.resize(0, 0);
    EXPECT_EQ(width(), 111U);
  }
  const FileAsStdout file;
  EXPECT_EQ(width(120), 120U);
  EXPECT_EQ(width(), 111U);
}

TEST(Style, IsEightyColumnsWideByDefault) {
  const Bare bare;
  const FileAsStdout file;

  for (const char* nonsense : {"", "0", "-5", "wide", "80x", "99999999999999999999"}) {
    const EnvironmentVariable columns("COLUMNS", nonsense);
    EXPECT_EQ(width(), 80U) << nonsense;
  }
}

TEST(Style, IsNeverNarrowerThanForty) {
  const Bare bare;
  const EnvironmentVariable columns("COLUMNS", "12");
  {
    const FakeTerminal terminal(20, 24);
    EXPECT_EQ(width(), 40U);
  }
  const FileAsStdout file;
  EXPECT_EQ(width(), 40U);
}

TEST(Style, HasColorsOnATerminalThatIsNotDumb) {
  const Bare bare;
  {
    const FakeTerminal terminal(80, 24);
    EXPECT_TRUE(color());
    const EnvironmentVariable dumb("TERM", "dumb");
    EXPECT_FALSE(color());
  }
  const FileAsStdout file;
  EXPECT_FALSE(color());
}

TEST(Style, LetsTheOptionWinOverNoColorAndThatOverForceColor) {
  const Bare bare;
  const FileAsStdout file;
  const EnvironmentVariable dumb("TERM", "dumb");
  const EnvironmentVariable force_color("FORCE_COLOR", "1");
  EXPECT_TRUE(color());
  EXPECT_FALSE(color(ColorChoice::never));

  const EnvironmentVariable no_color("NO_COLOR", "1");
  EXPECT_FALSE(color());
  EXPECT_TRUE(color(ColorChoice::always));
}

TEST(Style, HasNoColorsIfForceColorIsZero) {
  const Bare bare;
  const FakeTerminal terminal(80, 24);
  const EnvironmentVariable force_color("FORCE_COLOR", "0");

  EXPECT_FALSE(color());
  EXPECT_TRUE(color(ColorChoice::always));
}

TEST(Style, IgnoresVariablesThatAreEmpty) {
  const Bare bare;
  const EnvironmentVariable force_color("FORCE_COLOR", "");
  const EnvironmentVariable no_color("NO_COLOR", "");
  {
    const FakeTerminal terminal(80, 24);
    EXPECT_TRUE(color());
  }
  const FileAsStdout file;
  EXPECT_FALSE(color());
}

TEST(Style, IsAsciiIfTheCharacterSetIsNotUtf8) {
  const Bare bare;
  EXPECT_FALSE(choose_style({}, false, ColorChoice::never).ascii);
  EXPECT_TRUE(choose_style({}, true, ColorChoice::never).ascii);

  for (const char* locale : {"C", "POSIX", "there.is-none"}) {
    const EnvironmentVariable other("LC_ALL", locale);
    EXPECT_TRUE(choose_style({}, false, ColorChoice::never).ascii) << locale;
  }
}

}  // namespace
}  // namespace asyncdemo_test
