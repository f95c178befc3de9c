#include "fake_terminal.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

namespace asyncdemo_test {
namespace {

/// The lines of a terminal. Each column is a string, because a character may have several bytes.
class Screen {
 public:
  void send(std::string_view text) {
    while (!text.empty()) text.remove_prefix(take(text));
  }

  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> shown;
    for (const auto& cells : lines_) {
      std::string line;
      for (const std::string& cell : cells) line += cell;
      line.erase(line.find_last_not_of(' ') + 1);
      shown.push_back(line);
    }
    while (!shown.empty() && shown.back().empty()) shown.pop_back();
    return shown;
  }

 private:
  std::size_t take(std::string_view text) {
    if (text.starts_with("\x1b[")) return control(text);
    if (text[0] == '\r') {
      column_ = 0;
    } else if (text[0] == '\n') {
      if (++line_ == lines_.size()) lines_.emplace_back();
    } else {
      return put(text);
    }
    return 1;
  }

  std::size_t put(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0U) == 0x80U) ++size;
    auto& cells = lines_[line_];
    if (cells.size() <= column_) cells.resize(column_ + 1, " ");
    cells[column_++] = text.substr(0, size);
    return size;
  }

  std::size_t control(std::string_view text) {
    const auto end = text.find_first_not_of("0123456789;", 2);
    const auto number = std::strtoul(std::string(text.substr(2, end - 2)).c_str(), nullptr, 10);
    switch (text[end]) {
      case 'A':
        EXPECT_LE(number, line_);
        line_ -= number;
        break;
      case 'J':
        EXPECT_EQ(column_, 0U);
        lines_.resize(line_);
        lines_.emplace_back();
        break;
      default:
        EXPECT_EQ(text[end], 'm');
    }
    return end + 1;
  }

  std::vector<std::vector<std::string>> lines_{{}};
  std::size_t line_ = 0;
  std::size_t column_ = 0;
};

}  // namespace

std::vector<std::string> screen_after(std::string_view text) {
  Screen screen;
  screen.send(text);
  return screen.lines();
}

FakeTerminal::FakeTerminal(std::size_t columns, std::size_t lines)
    : display_(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC)) {
  EXPECT_EQ(::grantpt(display_), 0);
  EXPECT_EQ(::unlockpt(display_), 0);
  terminal_ = ::open(::ptsname(display_), O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_GE(terminal_, 0);
  resize(columns, lines);
  std::fflush(stdout);
  stdout_ = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
  EXPECT_EQ(::dup2(terminal_, STDOUT_FILENO), STDOUT_FILENO);
  reader_ = std::thread([this] {
    char buffer[4096];
    for (ssize_t size = 0; (size = ::read(display_, buffer, sizeof buffer)) > 0;) {
      text_.append(buffer, static_cast<std::size_t>(size));
    }
  });
}

void FakeTerminal::resize(std::size_t columns, std::size_t lines) const {
  winsize size{};
  size.ws_col = static_cast<unsigned short>(columns);
  size.ws_row = static_cast<unsigned short>(lines);
  EXPECT_EQ(::ioctl(terminal_, TIOCSWINSZ, &size), 0);
}

std::string FakeTerminal::close() {
  if (stdout_ < 0) return text_;
  std::fflush(stdout);
  EXPECT_EQ(::dup2(stdout_, STDOUT_FILENO), STDOUT_FILENO);
  ::close(stdout_);
  stdout_ = -1;
  ::close(terminal_);  // the last writer, so the reader sees the end of the file
  reader_.join();
  ::close(display_);
  return text_;
}

}  // namespace asyncdemo_test
