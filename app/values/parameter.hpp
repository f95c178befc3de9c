#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "values/duration.hpp"

namespace asyncdemo {

/// The value of an option in the JSON document, where a Duration is written in seconds.
using ParameterValue = std::variant<bool, std::int64_t, Duration, std::string>;

/// A parameter of a run: "interval_s" with one second, "tasks" with three.
struct Parameter {
  std::string name;
  ParameterValue value;
};

}  // namespace asyncdemo
