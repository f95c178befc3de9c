// --help, --version, help, man and list.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "golden.hpp"
#include "process.hpp"

namespace asyncdemo_test {
namespace {

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string text_of(const std::string& command) {
  const Result result = run_tool(words(command));
  EXPECT_EQ(result.exit_code, 0) << command;
  EXPECT_EQ(result.err_text(), "") << command;
  return result.out_text();
}

const std::vector<std::string>& common_options() {
  static const std::vector<std::string> names{"-n, --cycles", "-i, --interval", "--clock",
                                              "--check",      "--expect",       "--tolerance",
                                              "-q, --quiet",  "-h, --help",     "-V, --version"};
  return names;
}

std::vector<std::string> all_commands() {
  std::vector<std::string> names{"list", "compare", "all", "explain", "completion", "man", "help"};
  for (const Golden& golden : golden_outputs()) names.push_back(golden.scenario);
  return names;
}

TEST(Help, NamesEveryScenarioOptionAndExitCode) {
  const std::string help = text_of("--help");

  for (const Golden& golden : golden_outputs()) EXPECT_TRUE(contains(help, golden.scenario));
  for (const std::string& option : common_options()) EXPECT_TRUE(contains(help, option)) << option;
  for (const std::string part : {"Examples:", "Exit codes:", "130, 143, 141", "list"}) {
    EXPECT_TRUE(contains(help, part)) << part;
  }
}

TEST(Help, ListsAScenariosOwnAndTheCommonOptions) {
  const std::vector<std::pair<std::string, std::vector<std::string>>> own{
      {"gather", {"-t, --tasks"}},
      {"cancel", {"--raise-at", "--return-exceptions"}},
      {"wait", {"--timeout", "--short-cycles", "--return-when"}},
      {"wait-for", {"--timeout", "--shield"}},
      {"thread", {"--short-cycles", "--block-cycles"}},
      {"threadsafe", {"--short-cycles", "--delay"}},
  };
  for (const auto& [scenario, options] : own) {
    const std::string help = text_of(scenario + " --help");

    for (const std::string& option : options) EXPECT_TRUE(contains(help, option)) << option;
    for (const std::string& option : common_options()) EXPECT_TRUE(contains(help, option));
    EXPECT_TRUE(contains(help, "Options of " + scenario + ":"));
    EXPECT_TRUE(contains(help, "Examples:"));
    EXPECT_TRUE(contains(help, "Exit codes:"));
  }
}

TEST(Help, KeepsDescriptionsUnder50CharactersAndLinesUnder80) {
  for (const Golden& golden : golden_outputs()) {
    for (const Line& line : run_tool({golden.scenario, "--help"}).out) {
      if (!line.text.starts_with("  -") && !line.text.starts_with("      --")) continue;
      EXPECT_LT(line.text.size(), 80U) << line.text;
      const auto description = line.text.find("  ", line.text.find("--"));
      const auto text = line.text.substr(line.text.find_first_not_of(' ', description));
      EXPECT_LT(text.substr(0, text.find(" [")).size(), 50U) << line.text;
    }
  }
}

TEST(Help, IsTheSameWithEitherNameAndOnEitherSide) {
  const std::string help = text_of("gather --help");

  EXPECT_EQ(text_of("gather -h"), help);
  EXPECT_EQ(text_of("--help gather"), help);
  EXPECT_EQ(text_of("-n 3 gather -h"), help);
  EXPECT_NE(text_of("--help"), help);
}

TEST(Help, ComesBeforeTheVersionAndTheRun) {
  EXPECT_EQ(text_of("single -hV"), text_of("single -h"));
  EXPECT_EQ(text_of("single -V"), text_of("--version"));
}

TEST(Help, IsAtMost80ColumnsWide) {
  for (const std::string& command : all_commands()) {
    for (const Line& line : run_tool(words(command + " --help")).out) {
      EXPECT_LE(line.text.size(), 80U) << line.text;
    }
  }
}

TEST(Help, HasUsageOptionsExamplesAndExitCodesForEachCommand) {
  for (const std::string command :
       {"list", "compare", "all", "explain", "completion", "man", "help"}) {
    const std::string help = text_of(command + " --help");
    const bool runs = command == "compare" || command == "all";

    EXPECT_TRUE(help.starts_with("Usage: asyncdemo " + command + " ")) << command;
    for (const std::string& option : common_options()) {
      const bool helps = option == "-h, --help" || option == "-V, --version";
      EXPECT_EQ(contains(help, "  " + option), runs || helps) << command << ' ' << option;
    }
    EXPECT_EQ(contains(help, "--json"), runs || command == "list") << command;
    EXPECT_TRUE(contains(help, "Examples:\n  asyncdemo " + command) ||
                contains(help, "  source <(asyncdemo " + command));
    EXPECT_TRUE(contains(help, "Exit codes:"));
  }
}

TEST(Help, IsAlsoPrintedByTheHelpCommand) {
  EXPECT_EQ(text_of("help"), text_of("--help"));
  for (const std::string& command : all_commands()) {
    EXPECT_EQ(text_of("help " + command), text_of(command + " --help")) << command;
  }
}

TEST(Man, IsAPageWithTheUsualSections) {
  const std::string page = text_of("man");

  EXPECT_TRUE(page.starts_with(".TH ASYNCDEMO 1 "));
  for (const std::string title : {"NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXIT STATUS",
                                  "ENVIRONMENT", "FILES", "EXAMPLES"}) {
    EXPECT_TRUE(contains(page, "\n.SH " + title + "\n")) << title;
  }
  for (const std::string variable :
       {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM", "ASYNCIO_DEBUG", "ASYNCIO_BACKEND"}) {
    EXPECT_TRUE(contains(page, "\n\\fB" + variable + "\\fR\n")) << variable;
  }
}

TEST(Version, NamesCompilerBackendAndLibrariesIfVerbose) {
  const std::string version = text_of("--version --verbose");

  EXPECT_TRUE(version.starts_with(text_of("--version")));
  for (const std::string part : {"compiler ", "build type ", "backend ", "fmt ", "CLI11 "}) {
    EXPECT_TRUE(contains(version, "\n" + part)) << part;
  }
  EXPECT_EQ(text_of("-Vv"), version);
}

TEST(Version, IsTheNameAndThreeNumbers) {
  const std::string version = text_of("--version");

  EXPECT_TRUE(version.starts_with("asyncdemo "));
  EXPECT_EQ(version.find_first_not_of("0123456789.\n", 10), std::string::npos) << version;
  EXPECT_EQ(text_of("-V"), version);
}

TEST(List, IsOneDocumentWithJson) {
  const std::string text = text_of("list --json");
  const auto document = nlohmann::json::parse(text);

  EXPECT_EQ(document.at("schema"), 1);
  ASSERT_EQ(document.at("scenarios").size(), golden_outputs().size());
  const auto& wait = document.at("scenarios").at(5);
  EXPECT_EQ(wait.at("name"), "wait");
  EXPECT_EQ(wait.at("options").at(2).at("name"), "return-when");
  EXPECT_EQ(wait.at("options").at(2).at("choices").at(1), "first-completed");
  EXPECT_EQ(text_of("--json list"), text);
  EXPECT_EQ(text_of("list --format jsonl"), text);
}

TEST(List, HasALineForEachScenario) {
  const Result list = run_tool({"list"});

  ASSERT_EQ(list.out.size(), golden_outputs().size());
  for (std::size_t i = 0; i < list.out.size(); ++i) {
    EXPECT_TRUE(list.out[i].text.starts_with(golden_outputs()[i].scenario + " "));
    EXPECT_TRUE(contains(list.out[i].text, " x I"));
  }
}

}  // namespace
}  // namespace asyncdemo_test
