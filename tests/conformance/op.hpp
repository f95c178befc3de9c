#pragma once

#include <asyncio/task/coroutine.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "program.hpp"

namespace conformance {

class Run;

/// A body in the middle of its run.
struct Activation {
  Value result = kNone;
  bool returned = false;
};

/// Where a statement runs.
struct Context {
  Run& run;
  Activation& activation;
};

/// What a statement does: at once, or with a wait.
using Action = void (*)(Context, const Statement&);
using AsyncAction = asyncio::Coroutine<void> (*)(Context, const Statement&);

/// A row of the table of statements: its name, its fields (`name?` may be missing, `name|null`
/// may be null; those that name variables stand in the order in which they are looked up), and
/// what it does.
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

// The rows, by theme: each in a file of its own.
[[nodiscard]] std::span<const Op> control_ops();
[[nodiscard]] std::span<const Op> task_ops();
[[nodiscard]] std::span<const Op> callback_ops();
[[nodiscard]] std::span<const Op> combine_ops();
[[nodiscard]] std::span<const Op> timeout_ops();
[[nodiscard]] std::span<const Op> sync_ops();
[[nodiscard]] std::span<const Op> queue_ops();
[[nodiscard]] std::span<const Op> group_ops();

}  // namespace conformance
