#include "report/jsonl.hpp"

#include <array>

#include "system/streams.hpp"
#include "values/json.hpp"

namespace asyncdemo {

namespace {

/// By Event::Kind.
constexpr std::array<std::string_view, 12> kPublicNames{
    "line", "created", "started", "woke", "waiting", "blocked", "done", "cancelled", "raised"};

}  // namespace

std::string_view public_name(Event::Kind kind) {
  return kPublicNames[static_cast<std::size_t>(kind)];
}

void JsonLines::take(const Event& event) {
  const std::string_view name = public_name(event.kind);
  if (name.empty()) return;
  std::string line;
  JsonWriter json(line);
  json.begin('{');
  if (!scenario_.empty()) json.member("scenario", scenario_);
  json.member("t_s", event.at).member("event", name).member("task", unless_empty(event.task));
  json.member("name", unless_empty(event.name)).member("text", unless_empty(event.text)).end('}');
  line += '\n';
  write_stdout(line);
}

}  // namespace asyncdemo
