#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "values/duration.hpp"

namespace asyncdemo {

/// The value of an option, as the JSON document shows it; a duration in seconds.
using ParameterValue = std::variant<bool, std::int64_t, Duration, std::string>;

/// "interval_s" and one second, "tasks" and three.
struct Parameter {
  std::string name;
  ParameterValue value;
};

}  // namespace asyncdemo
