// Command lines whose command or other words are wrong.

#include <gtest/gtest.h>

#include "usage_error.hpp"

namespace asyncdemo_test {
namespace {

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

}  // namespace
}  // namespace asyncdemo_test
