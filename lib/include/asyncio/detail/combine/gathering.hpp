#pragma once

#include <asyncio/base/result.hpp>
#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/base/stored.hpp>
#include <asyncio/detail/task/aggregate_future.hpp>
#include <asyncio/detail/task/done_link.hpp>
#include <asyncio/detail/task/future_state.hpp>
#include <asyncio/detail/task/future_value.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <source_location>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// An argument of gather(): a coroutine, a task or a future.
template <class A>
concept Gatherable = requires(A awaitable) {
  { ensure_future(std::move(awaitable)) } -> std::derived_from<AnyFuture>;
};
template <Gatherable A>
using gathered_t = typename A::value_type;

/// The result type of a gathered vector: vector<T>, or void for children without values.
template <class T>
using GatheredVector = std::conditional_t<std::is_void_v<T>, void, std::vector<regular_t<T>>>;

/// The children of a gather, in the order of its arguments. A child that is passed twice has a link
/// for each place; only the first link listens.
class Children {
 public:
  class Link final : public DoneLink {};

  explicit Children(std::size_t most) : links_(std::make_unique<Link[]>(most)) {}
  Children(Children&& from) noexcept
      : links_(std::move(from.links_)), size_(std::exchange(from.size_, 0)) {}
  Children& operator=(Children&&) = delete;
  ~Children() { clear(); }

  void add(Ref<FutureBase> child) noexcept { links_[size_++].set_future(std::move(child)); }
  /// Stops and destroys the links.
  ///
  /// REQUIRES: no link is in the ready queue.
  void clear() noexcept {
    for (Link& link : *this) {
      if (link.is_listening()) (void)link.stop();
    }
    links_.reset();
    size_ = 0;
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Link& operator[](std::size_t index) const noexcept { return links_[index]; }
  [[nodiscard]] Link* begin() const noexcept { return links_.get(); }
  [[nodiscard]] Link* end() const noexcept { return links_.get() + size_; }

 private:
  std::unique_ptr<Link[]> links_;
  std::size_t size_ = 0;
};

/// The common part of all gathers. It holds the children and counts how many have ended.
///
/// It keeps itself alive until the last child has ended, even if the caller drops the gather's
/// future.
class Gathering : private AggregateFuture, private DoneListener {
 public:
  enum class Errors : std::uint8_t { raised, returned };

  /// The possibility that a child is listed twice. There is none if gather() has just created all
  /// children.
  enum class Repeats : std::uint8_t { possible, impossible };

  /// Starts to listen to the children. After that, counts those that are already done.
  void watch_children(Repeats repeats);

 protected:
  Gathering(Children children, Errors errors) : children_(std::move(children)), errors_(errors) {}
  ~Gathering() = default;

  bool cancel_children(const std::exception_ptr& reason);
  [[nodiscard]] std::string describe_children() const;
  [[nodiscard]] Children& children() noexcept { return children_; }

 private:
  /// Returns the future that gather() returned.
  virtual FutureBase& outer() noexcept = 0;
  /// Sets the outer future's value. Called when all children have ended and no error is to be
  /// raised.
  virtual void deliver() = 0;

  void future_done(DoneLink& link) noexcept override;
  void count_end_of(FutureBase& child) noexcept;
  void deliver_or_fail(FutureBase& last) noexcept;
  void break_up() noexcept override;

  Children children_;
  std::size_t listening_ = 0;
  std::size_t distinct_ = 0;
  std::size_t finished_ = 0;
  Errors errors_;
  bool cancel_requested_ = false;
};

/// The outcome of a gather: a tuple with the value of each child.
template <class... Ts>
struct TupleOfValues {
  using type = std::tuple<regular_t<Ts>...>;
  static type collect(Children& children) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return type{take_regular<Ts>(children[I].take_future())...};
    }(std::index_sequence_for<Ts...>{});
  }
};
/// The outcome of a gather: a tuple with a Result for each child.
template <class... Ts>
struct TupleOfResults {
  using type = std::tuple<Result<Ts>...>;
  static type collect(Children& children) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return type{take_result<Ts>(children[I].take_future())...};
    }(std::index_sequence_for<Ts...>{});
  }
};
/// The outcome of a gather: a vector with the value of each child, or void for children without
/// values.
template <class T>
struct VectorOfValues {
  using type = GatheredVector<T>;
  static auto collect(Children& children) {
    std::vector<regular_t<T>> values;
    values.reserve(children.size());
    for (DoneLink& child : children) values.push_back(take_regular<T>(child.take_future()));
    return values;
  }
};
template <>
struct VectorOfValues<void> {
  using type = void;
};
/// The outcome of a gather: a vector with a Result for each child.
template <class T>
struct VectorOfResults {
  using type = std::vector<Result<T>>;
  static type collect(Children& children) {
    type results;
    results.reserve(children.size());
    for (DoneLink& child : children) results.push_back(take_result<T>(child.take_future()));
    return results;
  }
};

template <class Outcome>
class GatherState final : public FutureState<typename Outcome::type>, public Gathering {
  using Base = FutureState<typename Outcome::type>;

 public:
  GatherState(EventLoop& loop, Children children, Errors errors)
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

/// Returns the loop of the children. Returns the running loop if there are no children, or if
/// gather() has just created all of them.
///
/// Throws:   ValueError if the children belong to different loops; RuntimeError if their loop is
///           gone.
EventLoop& common_loop(const Children& children, Gathering::Repeats repeats);

/// Marks the children's errors as retrieved, now or as they occur. Used when gather() itself fails,
/// after which no caller can ask for them.
void forget_errors(const Children& children);

template <class... As>
inline constexpr Gathering::Repeats kRepeatsAmong =
    (std::derived_from<As, AnyFuture> || ...) ? Gathering::Repeats::possible
                                              : Gathering::Repeats::impossible;

template <class Outcome>
Future<typename Outcome::type> start_gather(Children children, Gathering::Errors errors,
                                            Gathering::Repeats repeats) {
  EventLoop& loop = common_loop(children, repeats);
  auto* state = new GatherState<Outcome>(loop, std::move(children), errors);
  Future<typename Outcome::type> outer{Ref<FutureBase>(state)};
  state->watch_children(repeats);
  return outer;
}

template <class... As>
Children as_children(As&&... awaitables) {
  Children children(sizeof...(As));
  try {
    (children.add(ensure_future(std::forward<As>(awaitables)).take_state()), ...);
  } catch (...) {
    forget_errors(children);
    throw;
  }
  return children;
}
template <class A>
Children as_children(std::vector<A>&& awaitables) {
  Children children(awaitables.size());
  try {
    for (A& awaitable : awaitables) {
      children.add(ensure_future(std::move(awaitable)).take_state());
    }
  } catch (...) {
    forget_errors(children);
    throw;
  }
  return children;
}

}  // namespace asyncio::detail
