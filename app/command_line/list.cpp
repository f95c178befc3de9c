#include "command_line/list.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "scenarios/table.hpp"
#include "values/json.hpp"

namespace asyncdemo {
namespace {

using Json = nlohmann::ordered_json;

Json document_of(const Option& option) {
  const OptionText& text = option.text;
  const auto text_or_null = [](const std::string& s) { return s.empty() ? Json() : Json(s); };
  return {
      {"name", text.long_name},
      {"short", text_or_null(text.short_name)},
      {"value", text_or_null(text.value_name)},
      {"choices", option.choices.empty() ? Json() : Json(option.choices)},
      {"default", text_or_null(text.default_value)},
      {"description", text.description},
  };
}

Json document_of(const ScenarioEntry& entry) {
  Json options = Json::array();
  for (const Option& option : entry.options) options.push_back(document_of(option));
  return {
      {"name", entry.info->name},
      {"lesson", entry.info->lesson},
      {"formula", entry.info->formula},
      {"options", std::move(options)},
  };
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
  Json list = Json::array();
  for (const ScenarioEntry& entry : grammar.scenarios) list.push_back(document_of(entry));
  const Json document{
      {"schema", kSchema},
      {"version", ASYNCDEMO_VERSION},
      {"scenarios", std::move(list)},
  };
  return document.dump() + '\n';
}

}  // namespace asyncdemo
