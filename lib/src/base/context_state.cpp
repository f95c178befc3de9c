#include <algorithm>
#include <asyncio/detail/base/context_state.hpp>

namespace asyncio::detail {

constinit thread_local Ref<ContextState>* current_context = nullptr;

namespace {

/// The context of a thread outside tasks and callbacks.
struct ThreadContext {
  Ref<ContextState> state;
  ~ThreadContext() {
    if (current_context == &state) current_context = nullptr;
  }
};

Ref<ContextState>& thread_context() {
  thread_local ThreadContext context;
  return context.state;
}

}  // namespace

Ref<ContextState> ContextState::copy() const {
  Ref<ContextState> made(new ContextState);
  made->values_ = values_;
  return made;
}

ContextState::Value ContextState::find(std::uint64_t id) const noexcept {
  if (!values_) return nullptr;
  for (const auto& [variable, value] : *values_) {
    if (variable == id) return value;
  }
  return nullptr;
}

void ContextState::put(std::uint64_t id, Value value) {
  auto values = values_ ? std::make_shared<Values>(*values_) : std::make_shared<Values>();
  const auto found =
      std::find_if(values->begin(), values->end(), [id](const auto& e) { return e.first == id; });
  if (!value) {
    if (found != values->end()) values->erase(found);
  } else if (found != values->end()) {
    found->second = std::move(value);
  } else {
    values->emplace_back(id, std::move(value));
  }
  values_ = std::move(values);
}

ContextState& writable_context() {
  if (current_context == nullptr) current_context = &thread_context();
  if (!*current_context) *current_context = Ref<ContextState>(new ContextState);
  return **current_context;
}

std::uint64_t next_context_variable() noexcept {
  static std::atomic<std::uint64_t> next{1};
  return next.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace asyncio::detail
