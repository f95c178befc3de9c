#include "command_line/completion.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace asyncdemo {

std::vector<std::string> names_with_value(const Grammar& grammar) {
  std::vector<std::string> names;
  const auto add = [&](std::string name) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      names.push_back(std::move(name));
    }
  };
  for (const Option* option : grammar.all_options()) {
    const OptionText& text = option->text;
    if (text.is_flag()) continue;
    if (!text.short_name.empty()) add(fmt::format("-{}", text.short_name));
    add(fmt::format("--{}", text.long_name));
  }
  return names;
}

std::string completion_script(std::string_view shell, const Grammar& grammar) {
  if (shell == "zsh") return zsh_completion(grammar);
  if (shell == "fish") return fish_completion(grammar);
  return bash_completion(grammar);
}

}  // namespace asyncdemo
