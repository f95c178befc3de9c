#include "command_line/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>

#include "command_line/wrap.hpp"
#include "scenarios/embedded.hpp"

namespace asyncdemo {
namespace {

std::string_view text_of(const std::string& path) {
  const auto files = embedded_files();
  const auto file = std::find_if(files.begin(), files.end(),
                                 [&](const EmbeddedFile& f) { return f.path == path; });
  assert(file != files.end());
  return file == files.end() ? std::string_view{} : file->text;
}

/// Returns "---- python/wait_for.py ------...", as wide as the help.
std::string rule(std::string_view title) {
  return fmt::format("---- {} {:-<{}}\n", title, "", kTextWidth - 6 - title.size());
}

}  // namespace

std::string explanation(const ScenarioInfo& scenario) {
  std::string stem(scenario.name);
  std::replace(stem.begin(), stem.end(), '-', '_');
  const std::string source = fmt::format("{}.cpp", stem);
  const std::string python = fmt::format("python/{}.py", stem);

  std::string result = fmt::format("{}: {}\n", scenario.name, scenario.lesson);
  result +=
      wrapped(fmt::format("Takes: {}, for N cycles and the interval I.", scenario.formula), 7);
  result += '\n';
  result += text_of(fmt::format("lessons/{}.txt", stem));
  result += '\n';
  result += rule(fmt::format("C++: app/scenarios/{}", source));
  result += text_of(source);
  result += '\n';
  result += rule(fmt::format("Python: app/scenarios/{}", python));
  result += text_of(python);
  return result;
}

}  // namespace asyncdemo
