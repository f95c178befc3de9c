#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace asyncdemo_test {

/// What a terminal shows that was sent `text`: lines that have scrolled away included, the blank
/// ones at the end not. Knows the sequences that the tool uses; colours are skipped.
[[nodiscard]] std::vector<std::string> screen_after(std::string_view text);

/// A terminal that is this process's stdout as long as it lives.
class FakeTerminal {
 public:
  FakeTerminal(std::size_t columns, std::size_t lines);
  FakeTerminal(const FakeTerminal&) = delete;
  FakeTerminal& operator=(const FakeTerminal&) = delete;
  ~FakeTerminal() { (void)close(); }

  void resize(std::size_t columns, std::size_t lines) const;
  /// Gives stdout back.
  ///
  /// Returns: all that has been written.
  std::string close();

 private:
  int terminal_;  // what stdout is
  int display_;   // its other end
  int stdout_;    // as it was; -1: it is back
  std::string text_;
  std::thread reader_;
};

}  // namespace asyncdemo_test
