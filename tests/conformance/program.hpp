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

/// A value as the trace prints it: programs hand values round, and never look into them.
using Value = std::string;
inline const Value kNone = "None";

/// A variable's place; its name is Program::names[slot].
using Slot = std::size_t;
inline constexpr Slot kNoSlot = ~Slot{0};

/// What gather and wait_for take: a variable, or a body that is passed as a coroutine.
struct Item {
  Slot var = kNoSlot;
  Block body;
};

/// One statement, ready to run. Of the fields only those that its op has are set.
struct Statement {
  const Op* op = nullptr;
  Slot var = kNoSlot;
  Slot group = kNoSlot;
  Slot as = kNoSlot;
  std::vector<Slot> vars;
  std::vector<Slot> uses;  // all that must be set before it runs, in the order of the check
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

  /// The delay, of an op where it cannot be null.
  [[nodiscard]] std::chrono::seconds delay() const { return std::chrono::seconds(*number); }
  /// The delay or timeout; null is none.
  [[nodiscard]] asyncio::TimeLimit limit() const;
};

struct Program {
  Block main;
  std::vector<std::string> names;
};

/// A case that the format does not allow.
class MalformedCase : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A statement that this runner does not know (yet).
class UnsupportedOp : public std::runtime_error {
 public:
  explicit UnsupportedOp(const std::string& op)
      : std::runtime_error("op " + op + " is not supported yet") {}
};

/// Turns the `program` of a case into statements.
///
/// Throws:   MalformedCase, UnsupportedOp.
[[nodiscard]] Program compile(const nlohmann::json& program);

}  // namespace conformance
