#include "arguments.hpp"

#include <cstddef>

namespace conformance {

const char* const kHelp =
    R"(Runs small concurrent programs and compares their output with that of CPython.

Usage: conformance [OPTIONS] FILE...

  FILE           cases, one JSON object per line

  --strict       run each case a second time, on a loop that polls in every turn
  --filter TEXT  only cases whose id contains TEXT
  --show ID      print the program and both traces of one case
  -h, --help     print this

Exit status: 0 if all traces are equal, 1 if not, 2 for a file that cannot be read.
)";

Arguments parse_arguments(const std::vector<std::string>& words) {
  Arguments arguments;
  bool options_over = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    const auto next_word = [&]() -> const std::string& {
      if (i + 1 == words.size()) throw UsageError(word + " needs a value");
      return words[++i];
    };
    if (options_over || !word.starts_with("-")) {
      arguments.files.push_back(word);
    } else if (word == "--") {
      options_over = true;
    } else if (word == "--strict") {
      arguments.strict = true;
    } else if (word == "--filter") {
      arguments.filter = next_word();
    } else if (word == "--show") {
      arguments.show = next_word();
    } else if (word == "-h" || word == "--help") {
      arguments.help = true;
    } else {
      throw UsageError("unknown option " + word);
    }
  }
  if (arguments.files.empty() && !arguments.help) throw UsageError("no files given");
  return arguments;
}

}  // namespace conformance
