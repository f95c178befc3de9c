#include "report/text.hpp"

#include <fmt/format.h>

#include "system/streams.hpp"

namespace asyncdemo {

void TextOutput::take(const Event& event) {
  if (event.kind == Event::Kind::line) write_stdout(fmt::format("{}\n", event.text));
}

}  // namespace asyncdemo
