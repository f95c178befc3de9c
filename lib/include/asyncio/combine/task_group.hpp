#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/base/result_access.hpp>
#include <asyncio/detail/combine/attempt.hpp>
#include <asyncio/detail/task/done_link.hpp>
#include <asyncio/detail/task/task_support.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/task_options.hpp>
#include <concepts>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

/// A group of tasks that all end before the block that created them continues, so no task outlives
/// its block unnoticed.
///
///     TaskGroup group;
///     int sum = co_await group.run([&]() -> Coroutine<int> {
///       auto a = group.create_task(number(1)), b = group.create_task(number(2));
///       co_return co_await a + co_await b;
///     });
///
/// The first error of a child or of the body cancels the other children and the body. run() waits
/// for all of them and throws their errors as one ExceptionGroup. A child that is merely cancelled
/// does not affect the others.
///
/// Thread:   its loop's thread only.
/// Lifetime: must outlive run(). If run() is destroyed before it ends, the children are cancelled.
/// Python:   asyncio.TaskGroup; run(body) is the body of its `async with`.
class TaskGroup final : private detail::DoneListener {
 public:
  TaskGroup() = default;
  TaskGroup(const TaskGroup&) = delete;
  TaskGroup& operator=(const TaskGroup&) = delete;
  /// Cancels the children that are left if run() was destroyed before its end.
  ~TaskGroup();

  /// Runs `body()` or `body(*this)`, which returns a Coroutine, waits for all children, and
  /// returns the body's result.
  ///
  /// Throws:   ExceptionGroup with the errors of the children, in the order in which they ended,
  ///           and the body's error last; a BaseExit of any of them as itself; RuntimeError if
  ///           the group has already been run, or outside a task; CancelledError if cancel()
  ///           ended the body before it returned its value (a void body has none).
  /// Resumes:  two turns after the last child ends.
  /// Cancel:   cancels the body and the children, then throws CancelledError, or the
  ///           ExceptionGroup if one of them fails.
  /// Cost:     one coroutine, and another for the exit; one memory block per child in addition to
  ///           its task.
  template <class Body>
  Coroutine<detail::opened_t<Body, TaskGroup>> run(Body body);

  /// Wraps `coroutine` in a task that is a child of the group; otherwise works like the free
  /// create_task().
  ///
  /// Throws:   RuntimeError before run(), after its end, and while the group shuts down because
  ///           of an error or a cancel; the coroutine then never runs.
  template <class T>
  Task<T> create_task(Coroutine<T> coroutine,
                      std::source_location where = std::source_location::current()) {
    return create_task(std::move(coroutine), TaskOptions(where));
  }
  /// Creates a child task with options.
  template <class T>
  Task<T> create_task(Coroutine<T> coroutine, TaskOptions options);
  /// Creates a child task with a name.
  template <class T>
  Task<T> create_task(Coroutine<T> coroutine, std::string name,
                      std::source_location where = std::source_location::current()) {
    return create_task(std::move(coroutine), TaskOptions(where).name(std::move(name)));
  }
  /// Creates a child task from `callable()`, which returns a Coroutine. The callable is kept until
  /// the task ends.
  template <class F>
    requires std::invocable<F&>
  detail::TaskOf<F> create_task(F callable,
                                std::source_location where = std::source_location::current()) {
    return create_task(TaskOptions(where), std::move(callable));
  }
  /// Creates a child task from `callable(arg, args...)`. The arguments are kept as well.
  template <class F, class Arg, class... Args>
    requires std::invocable<F&, Arg, Args...>
  detail::TaskOf<F, Arg, Args...> create_task(F callable, Arg arg, Args... args) {
    return create_task(TaskOptions(std::source_location()), std::move(callable), std::move(arg),
                       std::move(args)...);
  }
  /// Creates a child task from `callable(args...)` with options.
  template <class F, class... Args>
    requires std::invocable<F&, Args...>
  detail::TaskOf<F, Args...> create_task(TaskOptions options, F callable, Args... args) {
    return create_task(detail::invoke_kept(std::move(callable), std::move(args)...),
                       std::move(options));
  }
  /// Creates a child task from any other awaitable of this library.
  template <detail::PlainAwaitable A>
  auto create_task(A awaitable) {
    return create_task(detail::as_coroutine(std::move(awaitable)));
  }

  /// Ends the group without an error: cancels the body and the children once, and lets run()
  /// return when all are done. A call before run() takes effect when run() begins; a call after
  /// run() has ended does nothing.
  ///
  /// Python:   TaskGroup.cancel(), new in 3.15.
  void cancel();

  /// Returns a description for messages: "<TaskGroup tasks=2 entered>".
  friend std::string to_string(const TaskGroup& group);

 private:
  enum class State : std::uint8_t { created, entered, exiting };

  /// A link to a child that is not done; an entry of children_.
  class Child final : public detail::DoneLink, public detail::ListNode {};
  class ExitWaiter;

  void enter();
  Coroutine<void> exit(std::exception_ptr error);
  void throw_errors(const std::exception_ptr& error, const std::exception_ptr& cancelled);
  [[nodiscard]] std::string refusal() const;
  void add(std::unique_ptr<Child> child, const detail::Ref<detail::FutureBase>& task);
  void future_done(detail::DoneLink& link) noexcept override;
  void child_ended(detail::FutureBase& task);
  void drop(Child& child) noexcept;
  void abort_with_parent();
  void abort();
  void cancel_or_report(detail::FutureBase& task);
  [[nodiscard]] bool has_children() const noexcept { return children_.linked(); }
  [[nodiscard]] Child& first_child() const noexcept {
    return static_cast<Child&>(*children_.next());
  }
  template <class Function>
  void for_each_child(Function function) const;

  State state_ = State::created;
  bool aborting_ = false;
  bool parent_cancel_requested_ = false;  // by the group, which must take the request back
  bool cancel_on_enter_ = false;
  std::optional<AnyTask> parent_;  // empty before run()
  EventLoop* loop_ = nullptr;      // null before run()
  detail::ListNode children_;      // those not done, in creation order
  ExitWaiter* at_exit_ = nullptr;  // while run() waits for the children
  std::vector<std::exception_ptr> errors_;
  std::exception_ptr exit_;  // the first BaseExit
};

// ----------------------------------------------------------------------------------------

template <class Body>
Coroutine<detail::opened_t<Body, TaskGroup>> TaskGroup::run(Body body) {
  using T = detail::opened_t<Body, TaskGroup>;
  enter();
  auto result = co_await detail::attempt([&] { return detail::open_source(body, *this); });
  co_await exit(result.error());
  if constexpr (std::is_void_v<T>) co_return;
  co_return detail::take_value(std::move(result));
}

template <class T>
Task<T> TaskGroup::create_task(Coroutine<T> coroutine, TaskOptions options) {
  if (const std::string refusal = this->refusal(); !refusal.empty()) {
    coroutine.close();
    throw RuntimeError(refusal);
  }
  auto child = std::make_unique<Child>();  // allocated first, so that no task escapes the group
  Task<T> task = loop_->create_task(std::move(coroutine), std::move(options));
  add(std::move(child), task.state());
  return task;
}

}  // namespace asyncio
