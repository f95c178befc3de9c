#include "report/text.hpp"

#include <fmt/format.h>

#include <asyncio/asyncio.hpp>
#include <string>
#include <system_error>

#include "report/output.hpp"

namespace asyncdemo {

void TextReport::scenario_line(std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (stopped_) throw asyncio::CancelledError();
  if (quiet_ == 0) write_line(text);
}

void TextReport::stop() {
  const std::lock_guard lock(mutex_);
  stopped_ = true;
}

void TextReport::done(Duration elapsed) {
  const std::lock_guard lock(mutex_);
  if (quiet_ < 2) write_line(fmt::format("done in {}", seconds(elapsed)));
}

void TextReport::remark(std::string_view text) const noexcept {
  if (quiet_ < 2) complain(text);
}

bool TextReport::failed() {
  const std::lock_guard lock(mutex_);
  return failure_ != nullptr;
}

void TextReport::write_line(std::string_view text) {
  if (failure_) std::rethrow_exception(failure_);
  try {
    write_stdout(fmt::format("{}\n", text));
  } catch (const std::system_error&) {
    failure_ = std::current_exception();
    throw;
  }
}

}  // namespace asyncdemo
