#include "command_line/list.hpp"

#include <fmt/format.h>

#include "scenarios/table.hpp"
#include "values/json.hpp"

namespace asyncdemo {
namespace {

void write_choices(JsonWriter& json, const std::vector<std::string>& choices) {
  json.key("choices");
  if (choices.empty()) {
    json.literal("null");
    return;
  }
  json.begin('[');
  for (const std::string& choice : choices) json.value(choice);
  json.end(']');
}

void write_option(JsonWriter& json, const Option& option) {
  const OptionText& text = option.text;
  json.begin('{').member("name", text.long_name);
  json.member("short", unless_empty(text.short_name));
  json.member("value", unless_empty(text.value_name));
  write_choices(json, option.choices);
  json.member("default", unless_empty(text.default_value));
  json.member("description", text.description).end('}');
}

void write_scenario(JsonWriter& json, const ScenarioEntry& entry) {
  json.begin('{').member("name", entry.info->name).member("lesson", entry.info->lesson);
  json.member("formula", entry.info->formula).key("options").begin('[');
  for (const Option& option : entry.options) write_option(json, option);
  json.end(']').end('}');
}

}  // namespace

std::string scenario_list() {
  std::string result;
  for (const ScenarioInfo* scenario : scenarios()) {
    result += fmt::format("{:<12}{:<46}{}\n", scenario->name, scenario->lesson, scenario->formula);
  }
  return result;
}

std::string scenario_document(const Grammar& grammar) {
  std::string document;
  JsonWriter json(document);
  json.begin_document().key("scenarios").begin('[');
  for (const ScenarioEntry& entry : grammar.scenarios) write_scenario(json, entry);
  json.end(']').end('}');
  return document + '\n';
}

}  // namespace asyncdemo
