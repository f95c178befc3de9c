#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// The state behind a Context: the values, by variable.
///
/// Null means empty: code that sets no variables pays nothing.
///
/// Thread:   one thread at a time. The count of owners is atomic, so a state can move to another
///           thread.
class ContextState {
 public:
  using Value = std::shared_ptr<const void>;

  void add_ref() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  /// Returns a new state with these values.
  ///
  /// Cost:     one allocation.
  [[nodiscard]] Ref<ContextState> copy() const;
  /// Returns the value of variable `id`, or null.
  [[nodiscard]] Value find(std::uint64_t id) const noexcept;
  /// Sets the value of variable `id`, or removes it if `value` is null.
  ///
  /// Cost:     linear in the number of variables set.
  void put(std::uint64_t id, Value value);
  [[nodiscard]] std::size_t size() const noexcept { return values_ ? values_->size() : 0; }

 private:
  using Values = std::vector<std::pair<std::uint64_t, Value>>;
  std::atomic<std::uint32_t> references_{0};
  std::shared_ptr<const Values> values_;  // shared between copies, and therefore never changed
};

/// Points to the member in which a task, a callback or the thread itself keeps the current context.
/// Null if this thread runs in its own context and has set nothing in it.
extern constinit thread_local Ref<ContextState>* current_context;

/// Returns the current context for writing. Creates it if there is none yet.
ContextState& writable_context();

/// Returns a copy of the current context, for a new task or callback.
///
/// Cost:     one load if the context is empty.
inline Ref<ContextState> copy_current_context() {
  if (current_context == nullptr || !*current_context) return {};
  return (*current_context)->copy();
}

/// A scope in which the context in `place` is the current one.
class ContextScope {
 public:
  explicit ContextScope(Ref<ContextState>& place) noexcept
      : outer_(std::exchange(current_context, &place)) {}
  ContextScope(const ContextScope&) = delete;
  ContextScope& operator=(const ContextScope&) = delete;
  ~ContextScope() { current_context = outer_; }

 private:
  Ref<ContextState>* outer_;
};

[[nodiscard]] std::uint64_t next_context_variable() noexcept;

}  // namespace asyncio::detail
