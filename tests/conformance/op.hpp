#pragma once

#include <asyncio/task/coroutine.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "program.hpp"

namespace conformance {

class Run;

/// The state of a body that runs.
struct Activation {
  Value result = kNone;
  bool returned = false;
};

/// The run and the body in which a statement runs.
struct Context {
  Run& run;
  Activation& activation;
};

/// The code of a statement that does not wait, and of one that may.
using Action = void (*)(Context, const Statement&);
using AsyncAction = asyncio::Coroutine<void> (*)(Context, const Statement&);

/// A row of the table of statements: a name, fields and code. A field `name?` may be missing, a
/// field `name|null` may be null. Fields that name variables are in the order of their look-up.
struct Op {
  constexpr Op(std::string_view op, std::string_view field_list, Action run)
      : name(op), fields(field_list), action(run) {}
  constexpr Op(std::string_view op, std::string_view field_list, AsyncAction run)
      : name(op), fields(field_list), async_action(run) {}

  std::string_view name;
  std::string_view fields;
  Action action = nullptr;
  AsyncAction async_action = nullptr;
};

// The rows by subject. Each function has its own file.
[[nodiscard]] std::span<const Op> control_ops();
[[nodiscard]] std::span<const Op> task_ops();
[[nodiscard]] std::span<const Op> callback_ops();
[[nodiscard]] std::span<const Op> combine_ops();
[[nodiscard]] std::span<const Op> timeout_ops();
[[nodiscard]] std::span<const Op> sync_ops();
[[nodiscard]] std::span<const Op> queue_ops();
[[nodiscard]] std::span<const Op> group_ops();

}  // namespace conformance
