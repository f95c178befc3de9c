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

/// What programs put into queues: a value, and what a priority queue compares.
struct QueueItem {
  Value value;
  std::int64_t priority;

  friend bool operator<(const QueueItem& a, const QueueItem& b) noexcept {
    return a.priority < b.priority;
  }
};

/// What a variable can hold.
using Variable =
    std::variant<std::monostate, WaitablePtr, std::shared_ptr<asyncio::Timeout>,
                 std::shared_ptr<asyncio::TaskGroup>, asyncio::Handle,
                 std::shared_ptr<asyncio::Lock>, std::shared_ptr<asyncio::Event>,
                 std::shared_ptr<asyncio::Condition>, std::shared_ptr<asyncio::Semaphore>,
                 std::shared_ptr<asyncio::Barrier>, std::shared_ptr<asyncio::Queue<QueueItem>>>;

/// A statement that makes no sense for the variable it names: a mistake of the case.
class WrongVariable : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// One run of a program: its variables and the trace so far.
class Run {
 public:
  Run(const Program& program, asyncio::EventLoop& loop)
      : program_(program), loop_(loop), variables_(program.names.size()) {}

  /// Adds `TIME WHO TEXT` to the trace.
  void log(std::string_view text);

  /// Logs `verb` and the name of a variable, and more if there is more.
  void log_of(Slot slot, const std::string& verb, const std::string& more = {}) {
    log(verb + " " + name(slot) + more);
  }

  [[nodiscard]] const std::string& trace() const noexcept { return trace_; }

  [[nodiscard]] asyncio::EventLoop& loop() const noexcept { return loop_; }
  [[nodiscard]] const std::string& name(Slot slot) const { return program_.names[slot]; }

  /// Whether the variables that `statement` uses are set; logs the first one that is not.
  bool check_defined(const Statement& statement);

  void set(Slot slot, Variable value) { variables_[slot] = std::move(value); }

  template <class T>
  [[nodiscard]] bool holds(Slot slot) const {
    return std::holds_alternative<T>(variables_[slot]);
  }

  /// What the variable holds.
  ///
  /// Throws:   WrongVariable, after failing the case.
  template <class T>
  [[nodiscard]] const T& get(Slot slot) {
    const T* const value = std::get_if<T>(&variables_[slot]);
    if (value == nullptr) refuse(slot);
    return *value;
  }

  /// Fails the case: the statement cannot work on this variable.
  [[noreturn]] void refuse(Slot slot);
  /// Why the case fails whatever its trace; empty if it need not.
  [[nodiscard]] const std::string& mistake() const noexcept { return mistake_; }

  /// Keeps `waitable` until the end of the run: a done callback that held it would hold itself.
  const Waitable& keep(WaitablePtr waitable) { return *kept_.emplace_back(std::move(waitable)); }

 private:
  const Program& program_;
  asyncio::EventLoop& loop_;
  std::vector<Variable> variables_;
  std::vector<WaitablePtr> kept_;
  std::string trace_;
  std::string mistake_;
};

/// Runs the statements inside the coroutine that awaits this, up to a `return`.
[[nodiscard]] asyncio::Coroutine<void> run_block(Context context, const Block& block);

/// A body: a coroutine of its own.
[[nodiscard]] asyncio::Coroutine<Value> run_body(Run& run, const Block& block);

/// What a program printed.
struct Outcome {
  std::string trace;    // each line with its end
  std::string mistake;  // as Run::mistake()
};

/// Runs `program` as asyncio.run() runs a coroutine, on a loop with a virtual clock.
[[nodiscard]] Outcome execute(const Program& program, bool strict_loop);

}  // namespace conformance
