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

/// A context variable that has neither a value nor a default: Python's LookupError.
class LookupError : public Error {
  using Error::Error;
};

/// The values that context variables have for a task, a callback or a thread. Copies of the
/// handle stand for the same context; copy_context() makes another one.
///
/// Each task and each callback starts with a copy of its maker's context.
///
/// Thread:   one at a time.
/// Python:   contextvars.Context. Running it inside itself is no error here.
class Context {
 public:
  /// A new, empty one.
  Context() : state_(new detail::ContextState) {}
  /// @cond detail
  explicit Context(detail::Ref<detail::ContextState> state) noexcept : state_(std::move(state)) {}
  /// @endcond

  /// Calls `function(args...)` in this context: what it sets stays here. Returns what that returns.
  ///
  /// Throws:   what the function throws.
  template <class F, class... Args>
  decltype(auto) run(F&& function, Args&&... args) const {
    detail::Ref<detail::ContextState> place = state_;
    const detail::ContextScope scope(place);
    return std::invoke(std::forward<F>(function), std::forward<Args>(args)...);
  }

  /// How many variables have a value in it.
  [[nodiscard]] std::size_t size() const noexcept { return state_->size(); }

  /// Whether they stand for the same context.
  friend bool operator==(const Context& a, const Context& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

  /// @cond detail
  [[nodiscard]] const detail::Ref<detail::ContextState>& state() const noexcept { return state_; }
  /// @endcond

 private:
  detail::Ref<detail::ContextState> state_;  // never null
};

/// A new context with the values of the current one.
///
/// Thread:   any.
/// Python:   contextvars.copy_context.
[[nodiscard]] Context copy_context();

template <class T>
class ContextVar;

/// What ContextVar::set() returns: with it reset() puts back what was there before, once.
///
/// Python:   contextvars.Token.
template <class T>
class [[nodiscard("keep it for reset(), or write (void)")]] ContextToken {
 public:
  /// The value that there was before, if there was one.
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
  detail::Ref<detail::ContextState> context_;  // null once used
  std::shared_ptr<const void> old_;
};

/// A variable that has a value of its own in each task: a request's id, a user, a language.
///
/// A task begins with the values of its maker, and changes only its own; so do callbacks and
/// the functions of to_thread(). Usually a namespace-scope constant.
///
/// Thread:   any; each has its own context.
/// Cost:     get() is linear in the number of variables set, which are few; set() allocates.
/// Python:   contextvars.ContextVar.
template <class T>
class ContextVar {
 public:
  /// Without a default. `name` is for messages.
  explicit ContextVar(std::string name) : name_(std::move(name)) {}
  /// With one.
  ContextVar(std::string name, T default_value)
      : name_(std::move(name)), default_(std::move(default_value)) {}
  ContextVar(const ContextVar&) = delete;
  ContextVar& operator=(const ContextVar&) = delete;

  /// What it was made with.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  /// The value in the current context, else the default.
  ///
  /// Throws:   LookupError when there is neither.
  [[nodiscard]] T get() const {
    if (const auto value = find()) return *value;
    if (default_) return *default_;
    throw LookupError("context variable '" + name_ + "' has no value");
  }
  /// The value in the current context, else `fallback`.
  [[nodiscard]] T get(T fallback) const {
    if (const auto value = find()) return *value;
    return fallback;
  }

  /// Gives it a value in the current context.
  ContextToken<T> set(T value) const {
    detail::ContextState& context = detail::writable_context();
    auto old = context.find(id_);
    context.put(id_, std::make_shared<const T>(std::move(value)));
    return ContextToken<T>(id_, detail::Ref(&context), std::move(old));
  }

  /// Puts back the value that there was before the set() that gave `token`.
  ///
  /// Throws:   RuntimeError if it has been used; ValueError for one of another variable, or
  ///           made in another context.
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
