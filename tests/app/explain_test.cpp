// asyncdemo explain.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>

#include "golden.hpp"
#include "process.hpp"
#include "scenarios/embedded.hpp"

namespace asyncdemo_test {
namespace {

const std::filesystem::path kScenarios = ASYNCDEMO_SCENARIOS;

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

class Explain : public testing::TestWithParam<Golden> {
 protected:
  /// Returns the name of the scenario's files: "wait_for".
  static std::string stem() {
    std::string name = GetParam().scenario;
    std::replace(name.begin(), name.end(), '-', '_');
    return name;
  }
};

TEST_P(Explain, PrintsLessonSourceAndPythonUnchanged) {
  const std::string text = run_tool({"explain", GetParam().scenario}).out_text();

  for (const std::string& path :
       {"lessons/" + stem() + ".txt", stem() + ".cpp", "python/" + stem() + ".py"}) {
    const std::string content = content_of(kScenarios / path);
    EXPECT_FALSE(content.empty()) << path;
    EXPECT_NE(text.find(content), std::string::npos) << path;
  }
}

TEST_P(Explain, HasALessonOf80ColumnsThatNamesWhatIsSeenWhyAndWhatNext) {
  const std::string lesson = content_of(kScenarios / ("lessons/" + stem() + ".txt"));

  for (const std::string part : {"What you see: ", "Why it takes that long: ", "Try next:\n"}) {
    EXPECT_NE(lesson.find(part), std::string::npos) << part;
  }
  std::istringstream lines(lesson);
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

/// Returns the command lines that a lesson suggests.
std::vector<std::string> advised(const std::string& lesson) {
  const std::string mark = "  asyncdemo ";
  std::vector<std::string> lines;
  std::istringstream text(lesson);
  for (std::string line; std::getline(text, line);) {
    if (!line.starts_with(mark)) continue;
    line.erase(0, mark.size());
    lines.push_back(line.substr(0, line.find("   ")));
  }
  return lines;
}

TEST_P(Explain, AdvisesCommandLinesThatRun) {
  for (const std::string& line : advised(content_of(kScenarios / ("lessons/" + stem() + ".txt")))) {
    std::vector<std::string> arguments = words(line);
    if (arguments.front() != "explain") {
      arguments.emplace_back("--clock");
      arguments.emplace_back("virtual");
    }

    EXPECT_EQ(run_tool(arguments).exit_code, 0) << line;
  }
}

INSTANTIATE_TEST_SUITE_P(, Explain, testing::ValuesIn(golden_outputs()), test_name);

TEST(Embedded, HasEachFileOnceAsItIs) {
  std::set<std::string> paths;
  for (const auto& file : asyncdemo::embedded_files()) {
    EXPECT_TRUE(paths.emplace(file.path).second) << file.path;
    EXPECT_EQ(file.text, content_of(kScenarios / file.path)) << file.path;
  }
  EXPECT_EQ(paths.size(), 3 * golden_outputs().size());
}

}  // namespace
}  // namespace asyncdemo_test
