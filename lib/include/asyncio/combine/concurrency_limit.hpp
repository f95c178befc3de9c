#pragma once

#include <asyncio/combine/gather.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/waiter.hpp>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

namespace asyncio {

/// First argument of gather(): at most this many of the coroutines run at a time.
///
///     auto pages = co_await gather(ConcurrencyLimit(10), std::move(fetches));
///
/// Python:   no counterpart; the idiom is a Semaphore around each of them.
class ConcurrencyLimit {
 public:
  /// At most so many.
  ///
  /// Throws:   ValueError for zero.
  explicit ConcurrencyLimit(std::size_t most) : most_(most) {
    if (most == 0) throw ValueError("a ConcurrencyLimit must be at least 1");
  }
  /// How many.
  [[nodiscard]] std::size_t most() const noexcept { return most_; }

 private:
  std::size_t most_;
};

/// As gather() without a limit, but of coroutines only, for tasks run already. They begin in
/// order; the others of a failed one run on, those included that have not begun.
///
/// Resumes:  as gather(); the next coroutine begins in the turn after one has ended.
/// Throws:   as gather().
/// Cancel:   cancels those that run; those that have not begun never do.
/// Cost:     as gather(), and two coroutines per child.
template <class... Ts>
auto gather(ConcurrencyLimit limit, Coroutine<Ts>... children);
/// The same with a Result for each child.
template <class... Ts>
auto gather(ConcurrencyLimit limit, ReturnExceptions, Coroutine<Ts>... children);
/// The same for any number of coroutines of one kind.
template <class T>
auto gather(ConcurrencyLimit limit, std::vector<Coroutine<T>> children);
/// The same with a Result for each.
template <class T>
auto gather(ConcurrencyLimit limit, ReturnExceptions, std::vector<Coroutine<T>> children);

// ----------------------------------------------------------------------------------------

namespace detail {

/// Lets so many coroutines in at a time, first come, first served.
class Turnstile {
 public:
  explicit Turnstile(std::size_t places) noexcept : free_(places) {}

  /// A place inside, given back when it goes out of scope.
  class Place {
   public:
    explicit Place(Turnstile& turnstile) noexcept : turnstile_(turnstile) {}
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    ~Place() { turnstile_.leave(); }

   private:
    Turnstile& turnstile_;
  };

  /// Waits for a place, which the caller then holds.
  Coroutine<void> enter();

 private:
  void leave() noexcept;

  // Invariant: nobody waits while a place is free. Who is woken has a place.
  std::size_t free_;
  GrantLine waiting_;
};

template <class T>
Coroutine<T> pass_and_run(std::shared_ptr<Turnstile> turnstile, Unbegun<T> coroutine) {
  co_await turnstile->enter();
  const Turnstile::Place place(*turnstile);
  co_return co_await coroutine.take();
}

template <class T>
Coroutine<T> run_within(std::shared_ptr<Turnstile> turnstile, Coroutine<T> coroutine) {
  return pass_and_run(std::move(turnstile), Unbegun<T>(std::move(coroutine)));
}

template <class T>
std::vector<Coroutine<T>> run_each_within(ConcurrencyLimit limit,
                                          std::vector<Coroutine<T>> coroutines) {
  const auto turnstile = std::make_shared<Turnstile>(limit.most());
  for (Coroutine<T>& coroutine : coroutines) {
    coroutine = run_within(turnstile, std::move(coroutine));
  }
  return coroutines;
}

}  // namespace detail

template <class... Ts>
auto gather(ConcurrencyLimit limit, Coroutine<Ts>... children) {
  const auto turnstile = std::make_shared<detail::Turnstile>(limit.most());
  return gather(detail::run_within(turnstile, std::move(children))...);
}

template <class... Ts>
auto gather(ConcurrencyLimit limit, ReturnExceptions, Coroutine<Ts>... children) {
  const auto turnstile = std::make_shared<detail::Turnstile>(limit.most());
  return gather(return_exceptions, detail::run_within(turnstile, std::move(children))...);
}

template <class T>
auto gather(ConcurrencyLimit limit, std::vector<Coroutine<T>> children) {
  return gather(detail::run_each_within(limit, std::move(children)));
}

template <class T>
auto gather(ConcurrencyLimit limit, ReturnExceptions, std::vector<Coroutine<T>> children) {
  return gather(return_exceptions, detail::run_each_within(limit, std::move(children)));
}

}  // namespace asyncio
