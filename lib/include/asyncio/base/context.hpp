#pragma once

#include <asyncio/base/error.hpp>
#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace asyncio {

/// The error thrown for a context variable that has neither a value nor a default.
///
/// Python:   LookupError.
class LookupError : public Error {
  using Error::Error;
};

/// The values of context variables for a task, a callback or a thread. Copies of a Context share
/// these values; copy_context() makes an independent one.
///
/// Each task and each callback starts with a copy of the context of the code that created it.
///
/// Thread:   one thread at a time.
/// Python:   contextvars.Context, except that run() may be called inside itself.
class Context {
 public:
  /// Creates an empty context.
  Context() : state_(new detail::ContextState) {}
  /// @cond detail
  explicit Context(detail::Ref<detail::ContextState> state) noexcept : state_(std::move(state)) {}
  /// @endcond

  /// Calls `function(args...)` in this context and returns its result. Variables that the function
  /// sets keep their values in this context.
  ///
  /// Throws:   any exception of the function.
  template <class F, class... Args>
  decltype(auto) run(F&& function, Args&&... args) const {
    detail::Ref<detail::ContextState> place = state_;
    const detail::ContextScope scope(place);
    return std::invoke(std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// Returns the number of variables that have a value in this context.
  [[nodiscard]] std::size_t size() const noexcept { return state_->size(); }

  /// Returns whether both share their values.
  friend bool operator==(const Context& a, const Context& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

  /// @cond detail
  [[nodiscard]] const detail::Ref<detail::ContextState>& state() const noexcept { return state_; }
  /// @endcond

 private:
  detail::Ref<detail::ContextState> state_;  // never null
};

/// Returns a new context with the values of the current one.
///
/// Thread:   any.
/// Python:   contextvars.copy_context.
[[nodiscard]] Context copy_context();

template <class T>
class ContextVar;

/// A token that ContextVar::set() returns. Passed to reset(), it restores the previous value, once.
///
/// Python:   contextvars.Token.
template <class T>
class [[nodiscard("keep it for reset(), or write (void)")]] ContextToken {
 public:
  /// Returns the previous value, if there was one.
  [[nodiscard]] std::optional<T> old_value() const {
    if (!old_) return std::nullopt;
    return *std::static_pointer_cast<const T>(old_);
  }

 private:
  friend class ContextVar<T>;
  ContextToken(std::uint64_t variable, detail::Ref<detail::ContextState> context,
               std::shared_ptr<const void> old) noexcept
      : variable_(variable), context_(std::move(context)), old_(std::move(old)) {}
  std::uint64_t variable_;
  detail::Ref<detail::ContextState> context_;  // null after its use
  std::shared_ptr<const void> old_;
};

/// A variable with a value of its own in each task, such as a request's id, a user or a language.
///
/// A task starts with the values of the code that created it and changes only its own. Callbacks
/// and the functions of to_thread() do the same. Context variables are usually namespace-scope
/// constants.
///
/// Thread:   any; each thread has its own context.
/// Cost:     get() is linear in the number of variables set, which is usually small; set()
///           allocates.
/// Python:   contextvars.ContextVar.
template <class T>
class ContextVar {
 public:
  /// Creates a variable without a default. Error messages use `name`.
  explicit ContextVar(std::string name) : name_(std::move(name)) {}
  /// Creates a variable with a default. Error messages use `name`.
  ContextVar(std::string name, T default_value)
      : name_(std::move(name)), default_(std::move(default_value)) {}
  ContextVar(const ContextVar&) = delete;
  ContextVar& operator=(const ContextVar&) = delete;

  /// Returns the name passed to the constructor.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// Returns the value in the current context, or else the default.
  ///
  /// Throws:   LookupError if there is neither.
  [[nodiscard]] T get() const {
    if (const auto value = find()) return *value;
    if (default_) return *default_;
    throw LookupError("context variable '" + name_ + "' has no value");
  }
  /// Returns the value in the current context, or else `fallback`.
  [[nodiscard]] T get(T fallback) const {
    if (const auto value = find()) return *value;
    return fallback;
  }

  /// Sets the value in the current context. The token can restore the previous value.
  ContextToken<T> set(T value) const {
    detail::ContextState& context = detail::writable_context();
    auto old = context.find(id_);
    context.put(id_, std::make_shared<const T>(std::move(value)));
    return ContextToken<T>(id_, detail::Ref(&context), std::move(old));
  }

  /// Restores the value from before the set() that returned `token`.
  ///
  /// Throws:   RuntimeError if the token has been used; ValueError if it belongs to another
  ///           variable or was made in another context.
  void reset(ContextToken<T>& token) const {
    if (!token.context_) throw RuntimeError("the token has been used already");
    if (token.variable_ != id_) throw ValueError("the token is of another context variable");
    detail::ContextState& context = detail::writable_context();
    if (token.context_.get() != &context) {
      throw ValueError("the token was made in another context");
    }
    context.put(id_, std::move(token.old_));
    token.context_ = {};
  }

 private:
  [[nodiscard]] std::shared_ptr<const T> find() const noexcept {
    const auto* const place = detail::current_context;
    if (place == nullptr || !*place) return nullptr;
    return std::static_pointer_cast<const T>((*place)->find(id_));
  }

  std::string name_;
  std::uint64_t id_ = detail::next_context_variable();
  std::optional<T> default_;
};

}  // namespace asyncio
