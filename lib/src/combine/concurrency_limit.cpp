#include <asyncio/combine/concurrency_limit.hpp>

namespace asyncio::detail {

Coroutine<void> Turnstile::enter() {
  if (free_ > 0) {
    --free_;
    co_return;
  }
  PlainWaiter waiter("a place within a ConcurrencyLimit");
  waiting_.join(waiter);
  try {
    co_await waiter;
  } catch (...) {
    // Cancelled when the place was its own already: the next one has it.
    if (waiter.state() == Waiter::State::woken) leave();
    throw;
  }
}

void Turnstile::leave() noexcept {
  if (!waiting_.wake_next()) ++free_;
}

}  // namespace asyncio::detail
