#pragma once

#include <asyncio/base/intrusive.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/task.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio {

/// First argument of gather(): errors and cancels of children are results, not errors.
struct ReturnExceptions {
  explicit ReturnExceptions() = default;
};
/// The value to write: `gather(return_exceptions, a, b)`.
inline constexpr ReturnExceptions return_exceptions{};

namespace detail {

/// What gather() takes: a coroutine, a task or a future.
template <class A>
concept Gatherable = requires(A awaitable) {
  { ensure_future(std::move(awaitable)) } -> std::derived_from<AnyFuture>;
};
template <Gatherable A>
using gathered_t = typename A::value_type;

/// vector<T>, or void where all there is to say is that they have ended.
template <class T>
using GatheredVector = std::conditional_t<std::is_void_v<T>, void, std::vector<regular_t<T>>>;

}  // namespace detail

/// Runs coroutines, tasks and futures side by side and gives their results in the order of the
/// arguments: a std::tuple, with std::monostate for void. Coroutines are made tasks, in order.
/// It begins at once; the future it returns can be awaited later, cancelled, or passed around.
///
/// The first error of a child, a cancel of it included, is the future's error, at once; the
/// others run on, and their errors count as retrieved. The same future given twice runs once.
///
/// Throws:   RuntimeError when no loop runs; ValueError for futures of different loops.
/// Resumes:  an awaiter two turns after the last child's end, or the first error.
/// Cancel:   cancels every child that is not done; the future is done when they are, with
///           CancelledError even with return_exceptions.
/// Cost:     linear in the children: three blocks and their tasks, and a set if futures are among
/// them. Python:   asyncio.gather.
template <detail::Gatherable... As>
auto gather(As... children) -> Future<std::tuple<detail::regular_t<detail::gathered_t<As>>...>>;

/// The same with a Result for each child: its value, its error or its CancelledError.
///
/// Python:   asyncio.gather(..., return_exceptions=True).
template <detail::Gatherable... As>
auto gather(ReturnExceptions, As... children)
    -> Future<std::tuple<Result<detail::gathered_t<As>>...>>;

/// The same for any number of children of one kind, with a std::vector; for void, the future has no
/// value.
template <detail::Gatherable A>
auto gather(std::vector<A> children) -> Future<detail::GatheredVector<detail::gathered_t<A>>>;
/// The same with a Result for each child.
template <detail::Gatherable A>
auto gather(ReturnExceptions, std::vector<A> children)
    -> Future<std::vector<Result<detail::gathered_t<A>>>>;

/// Not of a vector that has a name, for coroutines cannot be copied: std::move() it.
template <class T>
void gather(std::vector<Coroutine<T>>& children) = delete;  // std::move() it
/// The same.
template <class T>
void gather(ReturnExceptions, std::vector<Coroutine<T>>& children) = delete;  // std::move() it

// ----------------------------------------------------------------------------------------

namespace detail {

/// What all gathers share: the children, and the counting of their ends.
class Gathering : private Composite {
 public:
  enum class Errors : std::uint8_t { raised, returned };

  /// Whether the same child may stand in the list twice; fresh tasks cannot.
  enum class Repeats : std::uint8_t { possible, impossible };

  /// Watches the children. Those that are done count at once, after the others are watched.
  void watch_children(Repeats repeats);

 protected:
  Gathering(std::vector<Ref<FutureBase>> children, Errors errors)
      : children_(std::move(children)), errors_(errors) {}
  ~Gathering() = default;

  bool cancel_children(const std::exception_ptr& reason);
  [[nodiscard]] std::string describe_children() const;
  [[nodiscard]] std::vector<Ref<FutureBase>>& children() noexcept { return children_; }

 private:
  /// A child's place; it holds a share of the gather while it waits for the child.
  class Place final : public Runnable {
   public:
    void run() noexcept override;
    void discard() noexcept override;
    Gathering* gathering = nullptr;
    FutureBase* child = nullptr;  // null when its end has been counted
  };

  virtual FutureBase& outer() noexcept = 0;
  /// All have ended well: sets the outer future's value.
  virtual void deliver() = 0;

  void one_is_done(FutureBase& child) noexcept;
  void deliver_or_fail(FutureBase& last) noexcept;
  void break_up() noexcept override;

  std::vector<Ref<FutureBase>> children_;  // as given, repeats included
  std::unique_ptr<Place[]> places_;        // of the distinct ones
  std::size_t distinct_ = 0;
  std::size_t finished_ = 0;
  Errors errors_;
  bool cancel_requested_ = false;
};

/// How the outcomes of the children become the value of the gather.
template <class... Ts>
struct TupleOfValues {
  using type = std::tuple<regular_t<Ts>...>;
  static type collect(std::vector<Ref<FutureBase>>& children) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return type{take_regular<Ts>(std::move(children[I]))...};
    }(std::index_sequence_for<Ts...>{});
  }
};
template <class... Ts>
struct TupleOfResults {
  using type = std::tuple<Result<Ts>...>;
  static type collect(std::vector<Ref<FutureBase>>& children) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return type{take_result<Ts>(std::move(children[I]))...};
    }(std::index_sequence_for<Ts...>{});
  }
};
template <class T>
struct VectorOfValues {
  using type = GatheredVector<T>;
  static auto collect(std::vector<Ref<FutureBase>>& children) {
    std::vector<regular_t<T>> values;
    values.reserve(children.size());
    for (auto& child : children) values.push_back(take_regular<T>(std::move(child)));
    return values;
  }
};
template <>
struct VectorOfValues<void> {
  using type = void;
};
template <class T>
struct VectorOfResults {
  using type = std::vector<Result<T>>;
  static type collect(std::vector<Ref<FutureBase>>& children) {
    type results;
    results.reserve(children.size());
    for (auto& child : children) results.push_back(take_result<T>(std::move(child)));
    return results;
  }
};

template <class Outcome>
class GatherState final : public FutureState<typename Outcome::type>, public Gathering {
  using Base = FutureState<typename Outcome::type>;

 public:
  GatherState(EventLoop& loop, std::vector<Ref<FutureBase>> children, Errors errors)
      : Base(loop, std::source_location()), Gathering(std::move(children), errors) {}

  bool cancel(const std::exception_ptr& reason) override { return cancel_children(reason); }
  [[nodiscard]] std::string describe() const override { return describe_children(); }

 private:
  FutureBase& outer() noexcept override { return *this; }
  void deliver() override {
    if constexpr (std::is_void_v<typename Outcome::type>) {
      this->set_value();
    } else {
      this->set_value(Outcome::collect(children()));
    }
  }
};

/// The loop that the futures among the children belong to. The running one if there are none: tasks
/// that were made for the gather, and so cannot stand in it twice, are that one's.
///
/// Throws:   ValueError if they belong to several.
EventLoop& common_loop(const std::vector<Ref<FutureBase>>& children, Gathering::Repeats repeats);

/// A gather of these has failed: nobody will ask for their errors.
void forget_errors(const std::vector<Ref<FutureBase>>& children);

template <class... As>
inline constexpr Gathering::Repeats kRepeatsAmong =
    (std::derived_from<As, AnyFuture> || ...) ? Gathering::Repeats::possible
                                              : Gathering::Repeats::impossible;

template <class Outcome>
Future<typename Outcome::type> start_gather(std::vector<Ref<FutureBase>> children,
                                            Gathering::Errors errors, Gathering::Repeats repeats) {
  EventLoop& loop = common_loop(children, repeats);
  auto* state = new GatherState<Outcome>(loop, std::move(children), errors);
  Future<typename Outcome::type> outer{Ref<FutureBase>(state)};
  state->watch_children(repeats);
  return outer;
}

template <class... As>
std::vector<Ref<FutureBase>> as_children(As&&... awaitables) {
  std::vector<Ref<FutureBase>> children;
  children.reserve(sizeof...(As));
  try {
    (children.push_back(ensure_future(std::forward<As>(awaitables)).take_state()), ...);
  } catch (...) {
    forget_errors(children);
    throw;
  }
  return children;
}
template <class A>
std::vector<Ref<FutureBase>> as_children(std::vector<A>&& awaitables) {
  std::vector<Ref<FutureBase>> children;
  children.reserve(awaitables.size());
  try {
    for (A& awaitable : awaitables) {
      children.push_back(ensure_future(std::move(awaitable)).take_state());
    }
  } catch (...) {
    forget_errors(children);
    throw;
  }
  return children;
}

}  // namespace detail

template <detail::Gatherable... As>
auto gather(As... children) -> Future<std::tuple<detail::regular_t<detail::gathered_t<As>>...>> {
  return detail::start_gather<detail::TupleOfValues<detail::gathered_t<As>...>>(
      detail::as_children(std::move(children)...), detail::Gathering::Errors::raised,
      detail::kRepeatsAmong<As...>);
}

template <detail::Gatherable... As>
auto gather(ReturnExceptions, As... children)
    -> Future<std::tuple<Result<detail::gathered_t<As>>...>> {
  return detail::start_gather<detail::TupleOfResults<detail::gathered_t<As>...>>(
      detail::as_children(std::move(children)...), detail::Gathering::Errors::returned,
      detail::kRepeatsAmong<As...>);
}

template <detail::Gatherable A>
auto gather(std::vector<A> children) -> Future<detail::GatheredVector<detail::gathered_t<A>>> {
  return detail::start_gather<detail::VectorOfValues<detail::gathered_t<A>>>(
      detail::as_children(std::move(children)), detail::Gathering::Errors::raised,
      detail::kRepeatsAmong<A>);
}

template <detail::Gatherable A>
auto gather(ReturnExceptions, std::vector<A> children)
    -> Future<std::vector<Result<detail::gathered_t<A>>>> {
  return detail::start_gather<detail::VectorOfResults<detail::gathered_t<A>>>(
      detail::as_children(std::move(children)), detail::Gathering::Errors::returned,
      detail::kRepeatsAmong<A>);
}

}  // namespace asyncio
