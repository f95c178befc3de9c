#include "system/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdlib>

namespace asyncdemo {

std::optional<TerminalSize> terminal_size(int fd) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) != 0) return std::nullopt;  // no terminal
  if (size.ws_col == 0 || size.ws_row == 0) return std::nullopt;
  return TerminalSize{size.ws_col, size.ws_row};
}

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

std::string obstacle_to_redrawing(int fd) {
  if (!is_terminal(fd)) return "is not a terminal";
  const char* const term = std::getenv("TERM");
  const std::string_view type = term == nullptr ? "" : term;
  if (type.empty()) return "is a terminal of unknown kind: TERM is not set";
  if (type == "dumb") return "is a dumb terminal";
  return {};
}

}  // namespace asyncdemo
