#include "completion.hpp"

namespace asyncdemo {

std::string completion_script(std::string_view shell, const Grammar& grammar) {
  if (shell == "zsh") return zsh_completion(grammar);
  if (shell == "fish") return fish_completion(grammar);
  return bash_completion(grammar);
}

}  // namespace asyncdemo
