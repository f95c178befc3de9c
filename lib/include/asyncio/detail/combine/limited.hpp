#pragma once

#include <asyncio/detail/base/intrusive.hpp>
#include <asyncio/detail/sync/acquire.hpp>
#include <asyncio/detail/sync/semaphore_state.hpp>
#include <asyncio/detail/task/close_on_drop.hpp>
#include <asyncio/task/coroutine.hpp>
#include <cstddef>
#include <utility>
#include <vector>

namespace asyncio::detail {

/// The permits shared by the coroutines of one limited gather.
using Permits = Ref<SemaphoreState>;

inline Permits permits(std::size_t most) {
  constexpr std::ptrdiff_t kNoBound = SemaphoreState::kNoBound;
  const bool fits = std::cmp_less(most, kNoBound);
  return Permits(new SemaphoreState(fits ? static_cast<std::ptrdiff_t>(most) : kNoBound, kNoBound));
}

template <class T>
Coroutine<T> run_with_permit(Permits permits, CloseOnDrop<T> coroutine) {
  const auto permit = co_await ScopedAwaitable<SemaphoreState>(std::move(permits),
                                                               "a place within a ConcurrencyLimit");
  co_return co_await coroutine.take();
}

template <class T>
Coroutine<T> run_within(Permits permits, Coroutine<T> coroutine) {
  return run_with_permit(std::move(permits), CloseOnDrop<T>(std::move(coroutine)));
}

template <class T>
std::vector<Coroutine<T>> run_each_within(std::size_t most, std::vector<Coroutine<T>> coroutines) {
  const Permits shared = permits(most);
  for (Coroutine<T>& coroutine : coroutines) coroutine = run_within(shared, std::move(coroutine));
  return coroutines;
}

}  // namespace asyncio::detail
