// Command lines with an option whose value is wrong.

#include <gtest/gtest.h>

#include "usage_error.hpp"

namespace asyncdemo_test {
namespace {

const std::string kNoDuration = " is not a duration (examples: 250ms, 1.5s, 2m)";
const std::string kNoCycles = " is not a whole number from 1 to 1000000";
const std::string kNoTasks = " is not a whole number from 1 to 100000";

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
  const std::string option = " looks like an option, not a file (write ./-name for a file)";
  expect_refused({
      {{"gather", "--svg", ""}, "--svg: '' is not the name of a file", kGather},
      {{"gather", "--trace", ""}, "--trace: '' is not the name of a file", kGather},
      {{"gather", "--svg="}, "'--svg=' needs a value", kGather},
      {{"gather", "--svg"}, "'--svg' needs a value", kGather},
      {{"gather", "--svg", "--json"}, "--svg: '--json'" + option, kGather},
      {{"gather", "--trace", "-q"}, "--trace: '-q'" + option, kGather},
  });
}

TEST(UsageError, NamesTheFirstOfTwoWrongValues) {
  expect_refused({
      {{"gather", "-t", "x", "-n", "y"}, "--tasks: 'x'" + kNoTasks, kGather},
      {{"gather", "-n", "y", "-t", "x"}, "--cycles: 'y'" + kNoCycles, kGather},
      {{"-n", "x", "gather", "-n", "5"}, "--cycles: 'x'" + kNoCycles, kGather},
  });
}

TEST(UsageError, NamesAnUnknownOptionRatherThanAWrongValue) {
  expect_refused({{{"gather", "-n", "x", "--foo"}, "unknown option '--foo' of gather", kGather}});
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
