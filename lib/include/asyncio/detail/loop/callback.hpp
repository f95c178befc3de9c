#pragma once

#include <asyncio/base/time.hpp>
#include <asyncio/detail/base/context_state.hpp>
#include <asyncio/detail/base/frame_pool.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/loop/timer_queue.hpp>
#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace asyncio::detail {

class LoopCore;

/// Describes a callable by its type, the only name that a lambda has:
/// "callback main()::{lambda()#1}".
[[nodiscard]] std::string describe_callback(const std::type_info& type);

/// A user's callback, shared by the queue that runs it and the Handle that may cancel it. It is
/// called in a copy of the context in which it was created.
class Callback : public Timer, public FramePooled {
 public:
  enum class Repeat : std::uint8_t { no, yes };

  Callback(LoopCore& core, TimePoint when, Repeat repeat)
      : repeat_(repeat), core_(&core), when_(when), context_(copy_current_context()) {}
  virtual ~Callback() = default;

  void add_ref() noexcept { ++references_; }
  void release() noexcept {
    if (--references_ == 0) delete this;
  }

  void run() noexcept final;
  void discard() noexcept final;
  void cancel() noexcept;
  [[nodiscard]] bool cancelled() const noexcept { return cancelled_; }
  [[nodiscard]] TimePoint when() const noexcept { return when_; }
  [[nodiscard]] virtual const std::type_info& type() const noexcept = 0;
  [[nodiscard]] std::string describe_step() const final;

 private:
  virtual void call() = 0;
  virtual void drop_callable() noexcept = 0;

  std::uint32_t references_ = 0;
  Repeat repeat_;
  bool cancelled_ = false;
  bool calling_ = false;
  LoopCore* core_;
  TimePoint when_;
  Ref<ContextState> context_;
};

template <class F>
class CallbackOf final : public Callback {
 public:
  CallbackOf(LoopCore& core, TimePoint when, Repeat repeat, F&& function)
      : Callback(core, when, repeat), function_(std::move(function)) {}
  [[nodiscard]] const std::type_info& type() const noexcept override {
    return typeid(typename F::callable);
  }

 private:
  void call() override { (*function_)(); }
  void drop_callable() noexcept override { function_.reset(); }
  std::optional<F> function_;
};

/// A constraint on the arguments of call_soon() and similar functions: `F` can be called with them,
/// and does not return a coroutine, which nothing would await.
template <class F, class... Args>
concept CallableNow = std::invocable<std::decay_t<F>&, std::decay_t<Args>...> && !requires {
  typename std::invoke_result_t<std::decay_t<F>&, std::decay_t<Args>...>::promise_type;
};

/// A callable bound to its arguments. `callable` is the type of the callable itself.
template <class F, class Bound>
struct BoundCallable : Bound {
  using callable = F;
  explicit BoundCallable(Bound&& bound) : Bound(std::move(bound)) {}
};

/// Binds copies of `args` to a copy of `function`. The result can be called once, because the call
/// moves from the copies.
template <class F, class... Args>
auto bind_once(F&& function, Args&&... args) {
  auto bound = [function = std::decay_t<F>(std::forward<F>(function)),
                ... args = std::decay_t<Args>(std::forward<Args>(args))]() mutable {
    (void)std::invoke(std::move(function), std::move(args)...);
  };
  return BoundCallable<std::decay_t<F>, decltype(bound)>(std::move(bound));
}

/// Binds copies of `args` to a copy of `function`. The result can be called any number of times.
template <class F, class... Args>
auto bind_call(F&& function, Args&&... args) {
  auto bound = [function = std::decay_t<F>(std::forward<F>(function)),
                ... args = std::decay_t<Args>(std::forward<Args>(args))]() mutable {
    (void)std::invoke(function, args...);
  };
  return BoundCallable<std::decay_t<F>, decltype(bound)>(std::move(bound));
}

template <class F>
Ref<Callback> make_callback(LoopCore& core, F function, TimePoint when = {},
                            Callback::Repeat repeat = Callback::Repeat::no) {
  return Ref<Callback>(new CallbackOf<F>(core, when, repeat, std::move(function)));
}

}  // namespace asyncio::detail
