#pragma once

#include <utility>  // first, because Boost 1.74 does not include it

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>

#include "../../bench.hpp"

// The workloads with Boost.Asio: its C++20 coroutines on an io_context with one thread, as in its
// documentation. It has no queues, events, futures or locks. Here they use a timer that never
// expires and is cancelled to wake waiters, as its documentation does too.

namespace bench {

namespace asio = boost::asio;
using asio::awaitable;
using asio::use_awaitable;

// Declares that only one thread uses the library, which then takes no locks.
inline constexpr int kOneThread = 1;

/// Calls `start(context)` and runs until all of its work has ended.
template <class F>
void run(F start) {
  asio::io_context context(kOneThread);
  start(context);
  context.run();
}

inline void rethrow(const std::exception_ptr& error) {
  if (error) std::rethrow_exception(error);
}

inline awaitable<void> yield() {
  co_await asio::post(co_await asio::this_coro::executor, use_awaitable);
}

inline awaitable<int> answer(int value) {
  co_return value;
}

}  // namespace bench
