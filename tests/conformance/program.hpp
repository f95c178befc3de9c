#pragma once

#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace conformance {

struct Op;
struct Statement;
using Block = std::vector<Statement>;

/// A value as the trace prints it. Programs pass values around and never inspect them.
using Value = std::string;
inline const Value kNone = "None";

/// The index of a variable; its name is Program::names[slot].
using Slot = std::size_t;
inline constexpr Slot kNoSlot = ~Slot{0};

/// An argument of gather or wait_for: a variable, or a body that is passed as a coroutine.
struct Item {
  Slot var = kNoSlot;
  Block body;
};

/// One statement, ready to run. Only the fields that its op has are set.
struct Statement {
  const Op* op = nullptr;
  Slot var = kNoSlot;
  Slot group = kNoSlot;
  Slot as = kNoSlot;
  std::vector<Slot> vars;
  std::vector<Slot> uses;  // variables that must be set before it runs, in the order of the check
  std::vector<Item> items;
  Block body;
  Block handler;
  Block finally;
  std::string text;                    // text, message, label, name or kind
  Value value;                         // value
  std::optional<std::int64_t> number;  // delay, timeout, n, times, parties, maxsize or value
  bool flag = false;                   // reraise, eager, return_exceptions, bounded or immediate
  unsigned catches = 0;                // kinds of errors, see error.hpp
  asyncio::ReturnWhen return_when = asyncio::ReturnWhen::all_completed;

  /// Returns the delay of an op that must have one.
  [[nodiscard]] std::chrono::seconds delay() const { return std::chrono::seconds(*number); }
  /// Returns the delay or timeout; null means none.
  [[nodiscard]] asyncio::TimeLimit limit() const;
};

struct Program {
  Block main;
  std::vector<std::string> names;
};

/// The error of a case that the format does not allow.
class MalformedCase : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The error of a statement that this runner does not support (yet).
class UnsupportedOp : public std::runtime_error {
 public:
  explicit UnsupportedOp(const std::string& op)
      : std::runtime_error("op " + op + " is not supported yet") {}
};

/// Compiles the `program` of a case into statements.
///
/// Throws:   MalformedCase, UnsupportedOp.
[[nodiscard]] Program compile(const nlohmann::json& program);

}  // namespace conformance
