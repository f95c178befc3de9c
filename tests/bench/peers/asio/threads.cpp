// Work that crosses threads, with which the library takes its locks.

#include "asio.hpp"

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <optional>
#include <thread>

namespace bench {
namespace {

void post(int posts) {
  asio::io_context context;
  auto work = std::make_optional(asio::make_work_guard(context));
  int received = 0;
  std::thread poster([&] {
    for (int i = 0; i < posts; ++i) {
      asio::post(context, [&] {
        if (++received == posts) work.reset();
      });
    }
  });
  context.run();
  poster.join();
}

void submit(int times) {
  asio::io_context context;
  auto work = std::make_optional(asio::make_work_guard(context));
  std::thread loop([&context] { context.run(); });
  for (int i = 0; i < times; ++i) {
    require(asio::co_spawn(context, answer(i), asio::use_future).get() == i);
  }
  work.reset();
  loop.join();
}

awaitable<void> call_on_pool(asio::thread_pool& pool, int times) {
  for (int i = 0; i < times; ++i) {
    require(co_await asio::co_spawn(pool, answer(i), use_awaitable) == i);
  }
}

void call_on_thread(int times) {
  asio::thread_pool pool(2);
  asio::io_context context;
  asio::co_spawn(context, call_on_pool(pool, times), asio::detached);
  context.run();
}

}  // namespace

void enter_threads(Program& program) {
  program.post = post;
  program.submit = submit;
  program.call_on_thread = call_on_thread;
}

}  // namespace bench
