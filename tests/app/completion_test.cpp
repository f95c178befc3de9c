// The completion scripts. zsh and fish are asked for their opinion only where they are installed.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "parse.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

/// A script of the tool, in a file as long as this lives.
class Script {
 public:
  explicit Script(const std::string& shell) {
    std::ofstream(path_) << parse({"completion", shell}).text;
  }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  ~Script() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  const std::filesystem::path path_ =
      std::filesystem::temp_directory_path() / std::to_string(getpid()).append("-asyncdemo.sh");
};

/// What a command of sh writes to stdout.
std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return "cannot run";
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  pclose(pipe);
  return output;
}

bool is_installed(const std::string& program) {
  return output_of("command -v " + program).size() > 1;
}

TEST(Completion, IsAScriptThatItsShellCanRead) {
  for (const auto& [shell, option] :
       {std::pair{"bash", "-n"}, std::pair{"zsh", "-n"}, std::pair{"fish", "--no-execute"}}) {
    if (!is_installed(shell)) continue;
    const Script script(shell);
    const std::string command = std::string(shell) + " " + option + " " + script.path();
    EXPECT_EQ(output_of(command + " 2>&1 && echo fine"), "fine\n") << shell;
  }
}

/// What bash offers for the words of `line`, the last of which is to be completed.
std::string offered(const std::string& line) {
  const Script script("bash");
  // The words as bash splits them, which takes "=" for one.
  return output_of("bash --norc -c 'source " + script.path() + "; COMP_WORDS=(asyncdemo " + line +
                   "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _asyncdemo; "
                   "echo \"${COMPREPLY[@]}\"'");
}

TEST(Completion, OfBashOffersWhatFits) {
  if (!is_installed("bash")) GTEST_SKIP() << "no bash";

  EXPECT_EQ(offered("ga"), "gather\n");
  EXPECT_EQ(offered("-n 3 doub"), "double\n");
  EXPECT_EQ(offered("compare double g"), "gather\n");
  EXPECT_EQ(offered("explain thr"), "thread threadsafe\n");
  EXPECT_EQ(offered("explain gather thr"), "\n");
  EXPECT_EQ(offered("help comp"), "compare completion\n");
  EXPECT_EQ(offered("completion \"\""), "bash zsh fish\n");
  EXPECT_EQ(offered("gather --clock \"\""), "real virtual\n");
  EXPECT_EQ(offered("gather --clock = v"), "virtual\n");
  EXPECT_EQ(offered("gather --clock ="), "real virtual\n");
  EXPECT_EQ(offered("wait --return-when first-"), "first-completed first-exception\n");
  EXPECT_EQ(offered("gather --ta"), "--tasks\n");
  EXPECT_EQ(offered("double --ta"), "\n");
  EXPECT_EQ(offered("double --no"), "--no-timeline\n");
  EXPECT_EQ(offered("double -n \"\""), "\n");
  EXPECT_EQ(offered("list --"), "--format --json --help --version\n");
  EXPECT_EQ(offered("explain gather --s"), "\n");
  EXPECT_EQ(offered("compare gather --s"), "--stats --svg\n");
}

}  // namespace
}  // namespace asyncdemo_test
