// Command lines with an option that is unknown, incomplete or out of place.

#include <gtest/gtest.h>

#include "usage_error.hpp"

namespace asyncdemo_test {
namespace {

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
      {{"--tasks", "3", "gather"}, "option '--tasks' must come after 'gather'", kGather},
  });
}

TEST(UsageError, NamesAnOptionThatMeansNothingToTheCommand) {
  const std::string list = "'asyncdemo list --help'";
  expect_refused({
      {{"list", "-qq"}, "list does not accept --quiet", list},
      {{"list", "--svg", "x"}, "list does not accept --svg", list},
      {{"--verbose", "list", "--json", "-q"}, "list does not accept --verbose", list},
      {{"explain", "gather", "--json"},
       "explain does not accept --json",
       "'asyncdemo explain --help'"},
      {{"completion", "zsh", "-n", "3"},
       "completion does not accept --cycles",
       "'asyncdemo completion --help'"},
      {{"man", "--color", "never"}, "man does not accept --color", "'asyncdemo man --help'"},
      {{"help", "gather", "--check"}, "help does not accept --check", "'asyncdemo help --help'"},
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
  const std::string nothing = "-qq writes nothing, but ";
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

}  // namespace
}  // namespace asyncdemo_test
