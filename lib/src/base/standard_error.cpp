#include <unistd.h>

#include <asyncio/detail/base/standard_error.hpp>
#include <cerrno>
#include <cstddef>

namespace asyncio::detail {

void write_to_stderr(std::string_view text) noexcept {
  while (!text.empty()) {
    const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;  // a failure to report cannot be reported anywhere
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

}  // namespace asyncio::detail
