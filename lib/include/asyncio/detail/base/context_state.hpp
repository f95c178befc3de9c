#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace asyncio::detail {


/// What stands behind a Context: the values, by variable.
///
/// Null stands for an empty one, so who sets no variable pays for none.
///
/// Thread:   one at a time uses it; its count is atomic, so that it can be handed over.
class ContextState {
 public:
  using Value = std::shared_ptr<const void>;

  void add_ref() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  /// A new one with the same values. Cost: an allocation.
  [[nodiscard]] Ref<ContextState> copy() const;
  /// The value of variable `id`; null if it has none.
  [[nodiscard]] Value find(std::uint64_t id) const noexcept;
  /// Gives it a value, or with null takes it away. Cost: linear in the number of variables set.
  void put(std::uint64_t id, Value value);
  [[nodiscard]] std::size_t size() const noexcept { return values_ ? values_->size() : 0; }

 private:
  using Values = std::vector<std::pair<std::uint64_t, Value>>;
  std::atomic<std::uint32_t> references_{0};
  std::shared_ptr<const Values> values_;  // shared by copies, so never changed
};

/// Where the context is kept in which this thread runs now: with a task, a callback, or the
/// thread itself; null is the thread's own, as long as nothing has been set in it.
extern constinit thread_local Ref<ContextState>* current_context;

/// The context to change: the current one, made if there is none yet.
ContextState& writable_context();

/// A copy of the current context, for who starts something. Cost: a load if it is empty.
inline Ref<ContextState> copy_current_context() {
  if (current_context == nullptr || !*current_context) return {};
  return (*current_context)->copy();
}

/// Makes the context in `place` the current one for as long as it lives.
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
