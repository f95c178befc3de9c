#include "report/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace asyncdemo {

std::optional<TerminalSize> stdout_size() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return std::nullopt;  // no terminal
  if (size.ws_col == 0 || size.ws_row == 0) return std::nullopt;
  return TerminalSize{size.ws_col, size.ws_row};
}

bool stdout_is_terminal() {
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace asyncdemo
