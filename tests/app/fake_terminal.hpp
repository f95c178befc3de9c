#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace asyncdemo_test {

/// Returns what a terminal shows after `text`, with the lines that have scrolled away, but without
/// blank ones at the end. Knows the control sequences that the tool uses; ignores colours.
[[nodiscard]] std::vector<std::string> screen_after(std::string_view text);

/// Makes the stdout of this process a terminal while it exists.
class FakeTerminal {
 public:
  FakeTerminal(std::size_t columns, std::size_t lines);
  FakeTerminal(const FakeTerminal&) = delete;
  FakeTerminal& operator=(const FakeTerminal&) = delete;
  ~FakeTerminal() { (void)close(); }

  void resize(std::size_t columns, std::size_t lines) const;
  /// Restores stdout and returns all that was written.
  std::string close();

 private:
  int terminal_;  // the side that is stdout
  int display_;   // the other side
  int stdout_;    // the former stdout; -1: it is restored
  std::string text_;
  std::thread reader_;
};

}  // namespace asyncdemo_test
