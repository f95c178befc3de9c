#include <asyncio/base/error.hpp>
#include <cstddef>
#include <exception>
#include <iostream>
#include <string>
#include <vector>

#include "arguments.hpp"
#include "case_file.hpp"
#include "listing.hpp"
#include "program.hpp"
#include "run.hpp"

namespace conformance {
namespace {

enum ExitStatus : int { kAllEqual = 0, kSomeFailed = 1, kBadInput = 2 };

/// The result of a case. It passed if there is no reason for a failure and the traces are equal.
struct Verdict {
  std::string actual;
  std::string reason;

  [[nodiscard]] bool passed(const Case& test) const {
    return reason.empty() && actual == test.trace;
  }
};

Verdict run_case(const Case& test, bool also_strict) {
  try {
    const Program program = compile(test.program);
    Outcome outcome = execute(program, /*strict_loop=*/false);
    if (also_strict && outcome.mistake.empty() && outcome.trace == test.trace) {
      outcome = execute(program, /*strict_loop=*/true);
    }
    return {outcome.trace, outcome.mistake};
  } catch (const UnsupportedOp& unsupported) {
    return {"", unsupported.what()};
  } catch (const MalformedCase& malformed) {
    throw BadFile(test.place + ": " + test.id + ": " + malformed.what());
  } catch (...) {
    return {"", "the program ended with " + asyncio::describe(std::current_exception())};
  }
}

bool is_wanted(const Arguments& arguments, const Case& test) {
  if (!arguments.show.empty()) return test.id == arguments.show;
  return test.id.find(arguments.filter) != std::string::npos;
}

void report_failure(const Case& test, const Verdict& verdict) {
  std::cout << "FAILED " << test.id << " (" << test.place << ")\n";
  if (!verdict.reason.empty()) {
    std::cout << "  " << verdict.reason << "\n";
  } else {
    print_difference(std::cout, test.trace, verdict.actual);
  }
}

void show(const Case& test, const Verdict& verdict) {
  std::cout << test.id << " (" << test.place << ")\n\n";
  print_program(std::cout, test.program);
  std::cout << "\n";
  print_traces(std::cout, test.trace, verdict.actual);
  if (!verdict.reason.empty()) std::cout << verdict.reason << "\n";
  std::cout << "\n";
}

int run_files(const Arguments& arguments) {
  std::size_t passed = 0;
  std::size_t failed = 0;
  for (const std::string& path : arguments.files) {
    CaseFile file(path);
    while (const auto test = file.next()) {
      if (!is_wanted(arguments, *test)) continue;
      const Verdict verdict = run_case(*test, arguments.strict);
      const bool good = verdict.passed(*test);
      ++(good ? passed : failed);
      if (!arguments.show.empty()) show(*test, verdict);
      if (!good) report_failure(*test, verdict);
    }
  }
  if (!arguments.show.empty() && passed + failed == 0) {
    throw BadFile("no case has the id " + arguments.show);
  }
  std::cout << passed << " passed, " << failed << " failed\n";
  return failed == 0 ? kAllEqual : kSomeFailed;
}

int main(const std::vector<std::string>& words) {
  try {
    const Arguments arguments = parse_arguments(words);
    if (!arguments.help) return run_files(arguments);
    std::cout << kHelp;
    return kAllEqual;
  } catch (const UsageError& error) {
    std::cerr << "conformance: " << error.what() << "; try --help\n";
  } catch (const BadFile& error) {
    std::cerr << "conformance: " << error.what() << "\n";
  }
  return kBadInput;
}

}  // namespace
}  // namespace conformance

int main(int argc, char** argv) {
  return conformance::main(std::vector<std::string>(argv + 1, argv + argc));
}
