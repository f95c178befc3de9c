#include "report/jsonl.hpp"

#include <fmt/format.h>

#include "system/streams.hpp"
#include "values/json.hpp"

namespace asyncdemo {
std::string_view public_name(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::line:
      return "line";
    case Event::Kind::created:
      return "created";
    case Event::Kind::started:
      return "started";
    case Event::Kind::woke:
      return "woke";
    case Event::Kind::waiting:
      return "waiting";
    case Event::Kind::blocked:
      return "blocked";
    case Event::Kind::done:
      return "done";
    case Event::Kind::cancelled:
      return "cancelled";
    case Event::Kind::raised:
      return "raised";
    case Event::Kind::resumed:
    case Event::Kind::step:
    case Event::Kind::timer:
      return "";
  }
  return "";
}

void JsonLines::take(const Event& event) {
  const std::string_view name = public_name(event.kind);
  if (name.empty()) return;
  const std::string whose = scenario_.empty() ? "" : fmt::format(R"("scenario":"{}",)", scenario_);
  write_stdout(fmt::format(R"({{{}"t_s":{},"event":"{}","task":{},"name":{},"text":{}}})"
                           "\n",
                           whose, json_seconds(event.at), name, json_text(event.task),
                           json_text(event.name), json_text(event.text)));
}

}  // namespace asyncdemo
