#include <asyncio/base/error.hpp>
#include <asyncio/loop/handle.hpp>
#include <chrono>
#include <sstream>

namespace asyncio {

std::string Handle::describe(std::string text) const {
  if (cancelled()) return text + " cancelled>";
  if (callback_) (text += ' ') += type_name(callback_->type());
  return text + ">";
}

std::string to_string(const TimerHandle& handle) {
  const std::chrono::duration<double> when = handle.when().time_since_epoch();
  std::ostringstream text;
  text << "<TimerHandle when=" << when.count();
  return handle.describe(text.str());
}

}  // namespace asyncio
