// Completion: the candidates of `asyncdemo --complete`, and the scripts in those shells that are
// installed.

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "parse.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

const std::string kTool = ASYNCDEMO_PATH;

/// Returns what `asyncdemo --complete` prints for these words.
std::string candidates(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "--complete");
  return parse(arguments).text;
}

TEST(Completion, DescribesEachCandidateBehindATab) {
  EXPECT_TRUE(candidates({}).starts_with("single\tone coroutine, awaited to its end\ndouble\t"));
  EXPECT_TRUE(candidates({"list", "-"}).starts_with("--format\ttext, json, or jsonl"));
}

TEST(Completion, LeavesTheMatchingToTheShell) {
  EXPECT_EQ(candidates({"completion", ""}), "bash\nzsh\nfish\n");
  EXPECT_EQ(candidates({"completion", "z"}), "bash\nzsh\nfish\n");
}

TEST(Completion, OffersTheValuesOfAnOption) {
  const std::string clocks = "real\nvirtual\n";

  EXPECT_EQ(candidates({"gather", "--clock", ""}), clocks);
  EXPECT_EQ(candidates({"gather", "--clock=v"}), clocks);
  EXPECT_EQ(candidates({"gather", "--clock", "=", "v"}), clocks);
  EXPECT_EQ(candidates({"gather", "--svg", ""}), ":file\n");
  EXPECT_EQ(candidates({"gather", "--svg=-"}), ":file\n");
  EXPECT_EQ(candidates({"gather", "-qn", ""}), "");
  EXPECT_EQ(candidates({"double", "--tasks="}), "") << "double has no such option";
}

TEST(Completion, IgnoresMistakesEarlierInTheLine) {
  EXPECT_EQ(candidates({"gather", "-n", "x", "--what", "--color", ""}), "auto\nalways\nnever\n");
  EXPECT_EQ(candidates({"gathr", "w"}), "");
}

// --- Shells ---

/// Returns the output of a command of sh.
std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) return "cannot run";
  std::array<char, 256> buffer{};
  while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) output += buffer.data();
  pclose(pipe);
  return output;
}

bool is_installed(const std::string& program) {
  return output_of("command -v " + program).size() > 1;
}

/// Runs completion scripts in a folder of its own.
class CompletionScript : public testing::Test {
 protected:
  CompletionScript() { std::filesystem::create_directory(folder_); }
  ~CompletionScript() override { std::filesystem::remove_all(folder_); }

  [[nodiscard]] std::string path(const std::string& name) const {
    return (folder_ / name).string();
  }

  /// Writes the script for `shell`; returns its path.
  [[nodiscard]] std::string script(const std::string& shell) const {
    std::ofstream(path("script")) << parse({"completion", shell}).text;
    return path("script");
  }

  /// Returns the output of `lines` in `shell`.
  [[nodiscard]] std::string run(const std::string& shell, const std::string& lines) const {
    std::ofstream(path("lines")) << lines;
    return output_of(shell + " " + path("lines"));
  }

  /// Returns the output of `after` in bash while it completes the last word of `line`.
  [[nodiscard]] std::string run_bash(const std::string& line, const std::string& after) const {
    // These are the words as bash splits them: "=" is a word.
    return run("bash --norc", "source " + script("bash") + "\nCOMP_WORDS=(" + kTool + " " + line +
                                  ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n" + after);
  }
  [[nodiscard]] std::string offered_by_bash(const std::string& line) const {
    return run_bash(line, "_asyncdemo\necho \"${COMPREPLY[@]}\"");
  }

  /// Returns the script's calls of zsh's own functions and the candidates it passes to _describe.
  [[nodiscard]] std::string offered_by_zsh(const std::string& line) const {
    const std::string stubs =
        "compdef() {}\n"
        "compset() { print compset \"$@\" }\n"
        "_files() { print _files }\n"
        "_describe() { print -rl -- \"${(@P)4}\" }\n";
    return run("zsh -f", stubs + "source " + script("zsh") + "\nwords=(" + kTool + " " + line +
                             ")\nCURRENT=$#words\nPREFIX=$words[-1]\n_asyncdemo\n");
  }

  [[nodiscard]] std::string offered_by_fish(const std::string& line) const {
    return run("fish --no-config", "cd " + folder_.string() + "\nsource " + script("fish") +
                                       "\ncomplete -C '" + kTool + " " + line + "'");
  }

 private:
  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / std::to_string(getpid()).append("-asyncdemo");
};

TEST_F(CompletionScript, CanBeReadByItsShell) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    if (!is_installed(shell)) continue;
    EXPECT_EQ(output_of(shell + " -n " + script(shell)), "") << shell;
  }
}

TEST_F(CompletionScript, OffersWhatFitsInBash) {
  if (!is_installed("bash")) GTEST_SKIP() << "no bash";

  EXPECT_EQ(offered_by_bash("ga"), "gather\n");
  EXPECT_EQ(offered_by_bash("-n 3 doub"), "double\n");
  EXPECT_EQ(offered_by_bash("compare double g"), "gather\n");
  EXPECT_EQ(offered_by_bash("explain thr"), "thread threadsafe\n");
  EXPECT_EQ(offered_by_bash("explain gather thr"), "\n");
  EXPECT_EQ(offered_by_bash("help comp"), "compare completion\n");
  EXPECT_EQ(offered_by_bash("completion \"\""), "bash zsh fish\n");
  EXPECT_EQ(offered_by_bash("gather --clock \"\""), "real virtual\n");
  EXPECT_EQ(offered_by_bash("gather --clock = v"), "virtual\n");
  EXPECT_EQ(offered_by_bash("gather --clock ="), "real virtual\n");
  EXPECT_EQ(offered_by_bash("wait --return-when first-"), "first-completed first-exception\n");
  EXPECT_EQ(offered_by_bash("gather --ta"), "--tasks\n");
  EXPECT_EQ(offered_by_bash("double --ta"), "\n");
  EXPECT_EQ(offered_by_bash("double --no"), "--no-timeline\n");
  EXPECT_EQ(offered_by_bash("double -n \"\""), "\n");
  EXPECT_EQ(offered_by_bash("list --"), "--format --json --help --version\n");
  EXPECT_EQ(offered_by_bash("explain gather --s"), "\n");
  EXPECT_EQ(offered_by_bash("compare gather --s"), "--stats --svg\n");
}

TEST_F(CompletionScript, LeavesFilesToBash) {
  if (!is_installed("bash")) GTEST_SKIP() << "no bash";
  const std::string lines = "compopt() { echo \"$@\"; }\n_asyncdemo\n";

  EXPECT_EQ(run_bash("gather --svg x", lines), "");
  EXPECT_EQ(run_bash("gather -n x", lines), "+o default\n");
}

TEST_F(CompletionScript, DescribesCandidatesInZsh) {
  if (!is_installed("zsh")) GTEST_SKIP() << "no zsh";

  EXPECT_TRUE(offered_by_zsh("ga").starts_with("single:one coroutine, awaited to its end\n"));
  EXPECT_EQ(offered_by_zsh("completion ''"), "bash\nzsh\nfish\n");
  EXPECT_EQ(offered_by_zsh("gather --clock=v"), "compset -P 1 *=\nreal\nvirtual\n");
  EXPECT_EQ(offered_by_zsh("gather --svg x"), "_files\n");
  EXPECT_EQ(offered_by_zsh("gather --svg=x"), "compset -P 1 *=\n_files\n");
}

TEST_F(CompletionScript, OffersWhatFitsInFish) {
  if (!is_installed("fish")) GTEST_SKIP() << "no fish";

  EXPECT_EQ(offered_by_fish("ga"), "gather\tall tasks wait at the same time\n");
  EXPECT_EQ(offered_by_fish("gather --clock v"), "virtual\n");
  EXPECT_EQ(offered_by_fish("gather --clock=v"), "--clock=virtual\n");
  EXPECT_EQ(offered_by_fish("explain gather thr"), "");
}

TEST_F(CompletionScript, OffersFilesByNameInFish) {
  if (!is_installed("fish")) GTEST_SKIP() << "no fish";
  for (const char* name : {"x y", "x*z"}) std::ofstream(path(name)) << "";

  EXPECT_EQ(offered_by_fish("gather --svg x"), "x y\nx*z\n");
  EXPECT_EQ(offered_by_fish("gather --svg=x"), "--svg=x y\n--svg=x*z\n");
}

}  // namespace
}  // namespace asyncdemo_test
