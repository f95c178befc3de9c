#include "command_line/spelling.hpp"

#include <algorithm>
#include <numeric>

namespace asyncdemo {
namespace {

constexpr std::size_t kMostMistakes = 2;

/// Returns how many letters must be inserted, deleted or replaced to turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({replaced, row[j] + 1, diagonal + 1});
    }
  }
  return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view typed,
                                   const std::vector<std::string>& candidates) {
  std::optional<std::string> best;
  std::size_t fewest = kMostMistakes + 1;
  for (const std::string& candidate : candidates) {
    const std::size_t mistakes = edit_distance(typed, candidate);
    // A short word with most of its letters replaced is a different word.
    if (mistakes < fewest && 2 * mistakes < candidate.size()) {
      fewest = mistakes;
      best = candidate;
    }
  }
  return best;
}

}  // namespace asyncdemo
