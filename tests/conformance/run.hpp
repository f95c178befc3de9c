#pragma once

#include <asyncio/asyncio.hpp>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "op.hpp"
#include "program.hpp"
#include "waitable.hpp"

namespace conformance {

/// An item of a queue: a value and its priority.
struct QueueItem {
  Value value;
  std::int64_t priority;

  friend bool operator<(const QueueItem& a, const QueueItem& b) noexcept {
    return a.priority < b.priority;
  }
};

/// The content of a variable.
using Variable =
    std::variant<std::monostate, WaitablePtr, std::shared_ptr<asyncio::Timeout>,
                 std::shared_ptr<asyncio::TaskGroup>, asyncio::Handle,
                 std::shared_ptr<asyncio::Lock>, std::shared_ptr<asyncio::Event>,
                 std::shared_ptr<asyncio::Condition>, std::shared_ptr<asyncio::Semaphore>,
                 std::shared_ptr<asyncio::Barrier>, std::shared_ptr<asyncio::Queue<QueueItem>>>;

/// The error of a statement whose variable has the wrong type, which is a mistake in the case.
class WrongVariable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One run of a program: its variables and its trace so far.
class Run {
 public:
  Run(const Program& program, asyncio::EventLoop& loop)
      : program_(program), loop_(loop), variables_(program.names.size()) {}

  /// Adds `TIME TASK TEXT` to the trace.
  void log(std::string_view text);

  /// Logs `verb`, the name of a variable, and `more`.
  void log_of(Slot slot, const std::string& verb, const std::string& more = {}) {
    log(verb + " " + name(slot) + more);
  }

  [[nodiscard]] const std::string& trace() const noexcept { return trace_; }

  [[nodiscard]] asyncio::EventLoop& loop() const noexcept { return loop_; }
  [[nodiscard]] const std::string& name(Slot slot) const { return program_.names[slot]; }

  /// Returns true if all variables that `statement` uses are set; otherwise logs the first other.
  bool check_defined(const Statement& statement);

  void set(Slot slot, Variable value) { variables_[slot] = std::move(value); }

  template <class T>
  [[nodiscard]] bool holds(Slot slot) const {
    return std::holds_alternative<T>(variables_[slot]);
  }

  /// Returns the content of a variable.
  ///
  /// Throws:   WrongVariable, after failing the case.
  template <class T>
  [[nodiscard]] const T& get(Slot slot) {
    const T* const value = std::get_if<T>(&variables_[slot]);
    if (value == nullptr) refuse(slot);
    return *value;
  }

  /// Fails the case because the variable has the wrong type.
  [[noreturn]] void refuse(Slot slot);
  /// Returns the reason why the case fails regardless of its trace; empty if there is none.
  [[nodiscard]] const std::string& mistake() const noexcept { return mistake_; }

  /// Keeps `waitable` until the end of the run. A done callback that owned it would be a cycle.
  const Waitable& keep(WaitablePtr waitable) { return *kept_.emplace_back(std::move(waitable)); }

 private:
  const Program& program_;
  asyncio::EventLoop& loop_;
  std::vector<Variable> variables_;
  std::vector<WaitablePtr> kept_;
  std::string trace_;
  std::string mistake_;
};

/// Runs the statements up to a `return`, as part of the awaiting coroutine.
[[nodiscard]] asyncio::Coroutine<void> run_block(Context context, const Block& block);

/// Runs a body as a coroutine of its own.
[[nodiscard]] asyncio::Coroutine<Value> run_body(Run& run, const Block& block);

/// The result of a run.
struct Outcome {
  std::string trace;    // every line ends with a newline
  std::string mistake;  // as Run::mistake()
};

/// Runs `program` like asyncio.run(), on a loop with a virtual clock.
[[nodiscard]] Outcome execute(const Program& program, bool strict_loop);

}  // namespace conformance
