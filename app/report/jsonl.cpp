#include "report/jsonl.hpp"

#include <nlohmann/json.hpp>

#include "report/document.hpp"
#include "report/streams.hpp"

namespace asyncdemo {
namespace {

using Json = nlohmann::ordered_json;

Json text_or_null(std::string_view text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

}  // namespace

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
  Json line = Json::object();
  if (!scenario_.empty()) line["scenario"] = scenario_;
  line["t_s"] = json_seconds(event.at);
  line["event"] = name;
  line["task"] = text_or_null(event.task);
  line["name"] = text_or_null(event.name);
  line["text"] = text_or_null(event.text);
  write_stdout(line.dump() + "\n");
}

}  // namespace asyncdemo
