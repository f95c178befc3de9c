// Command lines that cannot be run: exit 2, one line on stderr that names the argument and the
// way out, nothing on stdout.

#include <gtest/gtest.h>

#include "process.hpp"

namespace asyncdemo_test {
namespace {

struct Malformed {
  std::vector<std::string> arguments;
  std::string reason;  // what stands between "error: " and "; try"
  std::string way_out;
};

const std::string kGeneral = "'asyncdemo --help'";
const std::string kList = "'asyncdemo list'";
const std::string kGather = "'asyncdemo gather --help'";

const std::string kNoDuration = " is not a duration (examples: 250ms, 1.5s, 2m)";
const std::string kNoCycles = " is not a whole number from 1 to 1000000";
const std::string kNoTasks = " is not a whole number from 1 to 100000";

void expect_refused(const std::vector<Malformed>& table) {
  for (const Malformed& row : table) {
    const Result result = run_tool(row.arguments);

    SCOPED_TRACE(testing::PrintToString(row.arguments));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err_text(), "asyncdemo: error: " + row.reason + "; try " + row.way_out + "\n");
    EXPECT_EQ(result.out_text(), "");
  }
}

TEST(UsageError, NamesAMissingOrUnknownScenario) {
  const std::string both = kList + " or " + kGeneral;
  expect_refused({
      {{}, "no scenario given", both},
      {{"-n", "3"}, "no scenario given", both},
      {{"--check"}, "no scenario given", both},
      {{"gathr"}, "unknown scenario 'gathr' (did you mean 'gather'?)", kList},
      {{"wait_for"}, "unknown scenario 'wait_for' (did you mean 'wait-for'?)", kList},
      {{"Single"}, "unknown scenario 'Single' (did you mean 'single'?)", kList},
      {{"lst"}, "unknown scenario 'lst' (did you mean 'list'?)", kList},
      {{"gathr", "-n", "3"}, "unknown scenario 'gathr' (did you mean 'gather'?)", kList},
      {{"-n", "3", "dubble"}, "unknown scenario 'dubble' (did you mean 'double'?)", kList},
      {{"compar"}, "unknown scenario 'compar' (did you mean 'compare'?)", kList},
      {{"gathr", "-t", "3"}, "unknown scenario 'gathr' (did you mean 'gather'?)", kList},
      {{"cooking"}, "unknown scenario 'cooking'", kList},
      {{""}, "unknown scenario ''", kList},
      {{"-"}, "unknown scenario '-'", kList},
  });
}

TEST(UsageError, NamesAnExtraArgument) {
  expect_refused({
      {{"gather", "foo"}, "unexpected argument 'foo'", kGather},
      {{"foo", "gather"}, "unexpected argument 'foo'", kGather},
      {{"gather", ""}, "unexpected argument ''", kGather},
      {{"gather", "gather"}, "unexpected argument 'gather'", kGather},
      {{"gather", "double"}, "unexpected argument 'double'", kGather},
      {{"gather", "{}"}, "unexpected argument '{}'", kGather},
      {{"gather", "--"}, "unexpected argument '--'", kGather},
      {{"--", "gather"}, "unexpected argument '--'", kGather},
      {{"gather", "++", "-n", "3"}, "unexpected argument '++'", kGather},
      {{"list", "foo"}, "unexpected argument 'foo'", "'asyncdemo list --help'"},
      {{"all", "gather"}, "unexpected argument 'gather'", "'asyncdemo all --help'"},
      {{"man", "gather"}, "unexpected argument 'gather'", "'asyncdemo man --help'"},
      {{"explain", "gather", "wait"}, "unexpected argument 'wait'", "'asyncdemo explain --help'"},
      {{"completion", "zsh", "bash"},
       "unexpected argument 'bash'",
       "'asyncdemo completion --help'"},
  });
}

TEST(UsageError, NamesAWordThatACommandLacksOrDoesNotKnow) {
  const std::string compare = "'asyncdemo compare --help'";
  const std::string completion = "'asyncdemo completion --help'";
  expect_refused({
      {{"compare"}, "compare needs two scenarios or more", compare},
      {{"compare", "single", "-n", "3"}, "compare needs two scenarios or more", compare},
      {{"compare", "single", "gathr"}, "unknown scenario 'gathr' (did you mean 'gather'?)", kList},
      {{"compare", "list", "single"}, "unknown scenario 'list'", kList},
      {{"compare", "single", ""}, "unknown scenario ''", kList},
      {{"explain"}, "explain needs a scenario", "'asyncdemo explain --help'"},
      {{"explain", "waitfor"}, "unknown scenario 'waitfor' (did you mean 'wait-for'?)", kList},
      {{"completion"}, "completion needs a shell: bash, zsh, fish", completion},
      {{"completion", "sh"}, "'sh' is not one of bash, zsh, fish", completion},
      {{"help", "gathr"},
       "unknown command 'gathr' (did you mean 'gather'?)",
       "'asyncdemo help --help'"},
  });
}

TEST(UsageError, NamesTwoOutputsOnStdout) {
  const std::string both = " both write to standard output";
  expect_refused({
      {{"gather", "--json", "--svg", "-"}, "--svg - and --json" + both, kGather},
      {{"--format", "json", "gather", "--svg=-"}, "--svg - and --format json" + both, kGather},
      {{"gather", "--trace", "-", "--svg", "-"}, "--svg - and --trace -" + both, kGather},
      {{"gather", "--format", "jsonl", "--trace", "-"},
       "--trace - and --format jsonl" + both,
       kGather},
      {{"gather", "--timeline", "--json"}, "--json and --timeline" + both, kGather},
      {{"gather", "--live", "--json"}, "--json and --live" + both, kGather},
      {{"compare", "single", "double", "--svg", "-", "--timeline"},
       "--svg - and --timeline" + both,
       "'asyncdemo compare --help'"},
      {{"all", "--json", "--trace", "-"}, "--trace - and --json" + both, "'asyncdemo all --help'"},
  });
}

TEST(UsageError, NamesAnOutputOfARunThatWritesNothing) {
  const std::string nothing = "-qq writes nothing, ";
  const std::string stdout_too = " writes to standard output";
  expect_refused({
      {{"gather", "-qq", "--timeline"}, nothing + "--timeline" + stdout_too, kGather},
      {{"gather", "-q", "--live", "-q"}, nothing + "--live" + stdout_too, kGather},
      {{"gather", "-qq", "--json"}, nothing + "--json" + stdout_too, kGather},
      {{"gather", "-qq", "--format", "jsonl"}, nothing + "--format jsonl" + stdout_too, kGather},
      {{"gather", "-qq", "--svg", "-"}, nothing + "--svg -" + stdout_too, kGather},
      {{"-qq", "gather", "--trace=-"}, nothing + "--trace -" + stdout_too, kGather},
  });
}

TEST(UsageError, NamesAnOptionThatMeansNothingToTheCommand) {
  const std::string list = "'asyncdemo list --help'";
  expect_refused({
      {{"list", "-qq"}, "list takes no --quiet", list},
      {{"list", "--svg", "x"}, "list takes no --svg", list},
      {{"--verbose", "list", "--json", "-q"}, "list takes no --verbose", list},
      {{"explain", "gather", "--json"}, "explain takes no --json", "'asyncdemo explain --help'"},
      {{"completion", "zsh", "-n", "3"},
       "completion takes no --cycles",
       "'asyncdemo completion --help'"},
      {{"man", "--color", "never"}, "man takes no --color", "'asyncdemo man --help'"},
      {{"help", "gather", "--check"}, "help takes no --check", "'asyncdemo help --help'"},
  });
}

TEST(UsageError, NamesAWidthOutOfRange) {
  const std::string no_width = " is not a whole number from 40 to 10000";
  expect_refused({
      {{"gather", "--width", "39"}, "--width: '39'" + no_width, kGather},
      {{"gather", "--width", "10001"}, "--width: '10001'" + no_width, kGather},
      {{"gather", "--width", "-80"}, "--width: '-80'" + no_width, kGather},
      {{"gather", "--width", ""}, "--width: ''" + no_width, kGather},
  });
}

TEST(UsageError, NamesWhatIsNoFile) {
  const std::string option = " looks like an option, not like a file (./-name is one)";
  expect_refused({
      {{"gather", "--svg", ""}, "--svg: '' is not the name of a file", kGather},
      {{"gather", "--trace", ""}, "--trace: '' is not the name of a file", kGather},
      {{"gather", "--svg="}, "'--svg=' needs a value", kGather},
      {{"gather", "--svg"}, "'--svg' needs a value", kGather},
      {{"gather", "--svg", "--json"}, "--svg: '--json'" + option, kGather},
      {{"gather", "--trace", "-q"}, "--trace: '-q'" + option, kGather},
  });
}

TEST(UsageError, NamesAnUnknownOption) {
  expect_refused({
      {{"gather", "--foo"}, "unknown option '--foo' of gather", kGather},
      {{"--foo", "gather"}, "unknown option '--foo' of gather", kGather},
      {{"--foo"}, "unknown option '--foo'", kGeneral},
      {{"gather", "--foo=3", "bar"}, "unknown option '--foo=3' of gather", kGather},
      {{"gather", "-x"}, "unknown option '-x' of gather", kGather},
      {{"gather", "-1"}, "unknown option '-1' of gather", kGather},
      {{"gather", "-q3"}, "unknown option '-q3' of gather", kGather},
      {{"gather", "---"}, "unknown option '---' of gather", kGather},
      {{"gather", "--=5"}, "unknown option '--=5' of gather", kGather},
      {{"gather", "--intervall", "3"},
       "unknown option '--intervall' of gather (did you mean '--interval'?)",
       kGather},
      {{"gather", "-cycles", "3"},
       "unknown option '-cycles' of gather (did you mean '--cycles'?)",
       kGather},
  });
}

TEST(UsageError, NamesTheScenariosThatHaveTheOption) {
  expect_refused({
      {{"single", "--tasks", "3"},
       "unknown option '--tasks' of single (gather has it)",
       "'asyncdemo single --help'"},
      {{"single", "-t3"},
       "unknown option '-t' of single (gather has it)",
       "'asyncdemo single --help'"},
      {{"gather", "--timeout=3s"},
       "unknown option '--timeout' of gather (wait and wait-for have it)",
       kGather},
      {{"--raise-at", "3"}, "unknown option '--raise-at' (cancel has it)", kGeneral},
      {{"all", "--raise-at", "3"},
       "unknown option '--raise-at' of all (cancel has it)",
       "'asyncdemo all --help'"},
      {{"compare", "gather", "double", "-t", "3"},
       "unknown option '-t' of compare (gather has it)",
       "'asyncdemo compare --help'"},
      {{"--tasks", "3", "gather"}, "option '--tasks' must stand after 'gather'", kGather},
  });
}

TEST(UsageError, NamesAMissingValue) {
  expect_refused({
      {{"gather", "-n"}, "'-n' needs a value", kGather},
      {{"gather", "--interval"}, "'--interval' needs a value", kGather},
      {{"gather", "-qi"}, "'-qi' needs a value", kGather},
      {{"gather", "-t"}, "'-t' needs a value", kGather},
      {{"--expect"}, "'--expect' needs a value", kGeneral},
      {{"gather", "--interval="}, "'--interval=' needs a value", kGather},
      {{"gather", "-i="}, "'-i=' needs a value", kGather},
      {{"gather", "--cycles=", "5"}, "'--cycles=' needs a value", kGather},
  });
}

TEST(UsageError, NamesAFlagThatIsGivenAValue) {
  expect_refused({
      {{"gather", "--check=1"}, "'--check=1': this option takes no value", kGather},
      {{"gather", "--check=false"}, "'--check=false': this option takes no value", kGather},
      {{"gather", "-q=1"}, "'-q=1': this option takes no value", kGather},
      {{"--quiet=", "gather"}, "'--quiet=': this option takes no value", kGather},
      {{"cancel", "--return-exceptions=yes"},
       "'--return-exceptions=yes': this option takes no value",
       "'asyncdemo cancel --help'"},
  });
}

TEST(UsageError, NamesWhatIsNoCount) {
  std::vector<Malformed> table;
  for (const std::string value :
       {"", "x", "0", "-1", "+1", "1.0", "1e3", "0x10", " 1", "1 ", "5x", "1,000", "1000001",
        "99999999999999999999", "{}", "[1]", "[]", "\xc2\xb2", "gather"}) {
    table.push_back({{"gather", "-n", value}, "--cycles: '" + value + "'" + kNoCycles, kGather});
    table.push_back({{"gather", "--tasks", value}, "--tasks: '" + value + "'" + kNoTasks, kGather});
  }
  table.push_back({{"gather", "-n", "x", "-n", "5"}, "--cycles: 'x'" + kNoCycles, kGather});
  table.push_back({{"gather", "-t100001"}, "--tasks: '100001'" + kNoTasks, kGather});
  table.push_back({{"cancel", "--raise-at", "1000001"},
                   "--raise-at: '1000001' is not a whole number from 0 to 1000000",
                   "'asyncdemo cancel --help'"});
  expect_refused(table);
}

TEST(UsageError, NamesWhatIsNoDuration) {
  std::vector<Malformed> table;
  for (const std::string value :
       {"", "x", "1x", "-1s", "+1s", "1S", "1 s", " 1s", ".5", "1.", "1e3", "1.2.3", "1,5", "s",
        "1ss", "1sec", "=1s", "infinity", "nan"}) {
    table.push_back(
        {{"gather", "-i", value}, "--interval: '" + value + "'" + kNoDuration, kGather});
  }
  table.push_back({{"gather", "-i=-1s"}, "--interval: '-1s'" + kNoDuration, kGather});
  table.push_back({{"gather", "--interval==1s"}, "--interval: '=1s'" + kNoDuration, kGather});
  table.push_back({{"gather", "--expect", "5%"}, "--expect: '5%'" + kNoDuration, kGather});
  expect_refused(table);
}

TEST(UsageError, NamesADurationOutOfRange) {
  expect_refused({
      {{"gather", "-i", "2h"}, "--interval: '2h' is more than 1h", kGather},
      {{"gather", "-i", "3600.000000001"}, "--interval: '3600.000000001' is more than 1h", kGather},
      {{"gather", "-i", "99999999999999999999h"},
       "--interval: '99999999999999999999h' is more than 1h",
       kGather},
      {{"gather", "-i", "0.5ns"},
       "--interval: '0.5ns' has more digits than a nanosecond holds",
       kGather},
      {{"gather", "--expect", "2562048h"}, "--expect: '2562048h' is 292 years or more", kGather},
      {{"wait", "--timeout", "61m"}, "--timeout: '61m' is more than 1h", "'asyncdemo wait --help'"},
      {{"threadsafe", "--delay", "61m"},
       "--delay: '61m' is more than 1h",
       "'asyncdemo threadsafe --help'"},
  });
}

TEST(UsageError, NamesWhatIsNoTolerance) {
  const std::string neither = " is not a duration or a percentage (examples: 250ms, 5%)";
  expect_refused({
      {{"gather", "--check", "--tolerance", "%"}, "--tolerance: '%'" + neither, kGather},
      {{"gather", "--check", "--tolerance", "x%"}, "--tolerance: 'x%'" + neither, kGather},
      {{"gather", "--check", "--tolerance", "x"}, "--tolerance: 'x'" + kNoDuration, kGather},
      {{"gather", "--check", "--tolerance", "-5%"}, "--tolerance: '-5%'" + neither, kGather},
      {{"gather", "--check", "--tolerance", "1.2345%"},
       "--tolerance: '1.2345%' has more than three decimals",
       kGather},
      {{"gather", "--check", "--tolerance", "1000.001%"},
       "--tolerance: '1000.001%' is more than 1000%",
       kGather},
      {{"gather", "--check", "--tolerance", "2h"}, "--tolerance: '2h' is more than 1h", kGather},
      {{"gather", "--tolerance", "5%"}, "--tolerance needs --check or --expect", kGather},
      {{"--tolerance", "1s", "gather"}, "--tolerance needs --check or --expect", kGather},
      {{"compare", "single", "double", "--tolerance", "1s"},
       "--tolerance needs --check or --expect",
       "'asyncdemo compare --help'"},
  });
}

TEST(UsageError, NamesTheChoices) {
  expect_refused({
      {{"gather", "--clock", "fake"}, "--clock: 'fake' is not one of real, virtual", kGather},
      {{"gather", "--clock", "Real"}, "--clock: 'Real' is not one of real, virtual", kGather},
      {{"--clock", "gather"}, "--clock: 'gather' is not one of real, virtual", kGeneral},
      {{"wait", "--return-when", "never"},
       "--return-when: 'never' is not one of all, first-completed, first-exception",
       "'asyncdemo wait --help'"},
      {{"gather", "--format", "xml"}, "--format: 'xml' is not one of text, json, jsonl", kGather},
      {{"gather", "--color", "yes"}, "--color: 'yes' is not one of auto, always, never", kGather},
  });
}

TEST(UsageError, StaysOnOneLineWhateverTheArgument) {
  expect_refused({
      {{"a\nb"}, "unknown scenario 'a\\x0ab'", kList},
      {{"gather", "a\nb"}, "unexpected argument 'a\\x0ab'", kGather},
      {{"gather", "-n", "1\r\n"}, "--cycles: '1\\x0d\\x0a'" + kNoCycles, kGather},
      {{"gather", "--\x1b[31m"}, "unknown option '--\\x1b[31m' of gather", kGather},
      {{"\x9b"
        "31m"},
       "unknown scenario '\\x9b31m'",
       kList},
      {{"\xc2\x9b"
        "31m"},
       "unknown scenario '\\xc2\\x9b31m'",
       kList},
      {{"\xc2\xa0\xc3\x9b\xe2\x82\xac\xf0\x9f\x90\x8d"},
       "unknown scenario '\xc2\xa0\xc3\x9b\xe2\x82\xac\xf0\x9f\x90\x8d'",
       kList},
      {{"\xe2\x82\x1b"}, "unknown scenario '\\xe2\\x82\\x1b'", kList},
      {{"\xf0\x9f\x90"}, "unknown scenario '\\xf0\\x9f\\x90'", kList},
  });
}

}  // namespace
}  // namespace asyncdemo_test
