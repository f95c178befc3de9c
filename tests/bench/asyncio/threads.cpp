// Work that crosses threads.

#include <asyncio/asyncio.hpp>
#include <thread>

#include "../bench.hpp"

namespace bench {
namespace {

namespace aio = asyncio;
using aio::Coroutine;

// --- A thread posts callbacks ---

Coroutine<void> receive_posts(int posts) {
  const aio::LoopHandle loop = aio::get_running_loop().handle();
  const aio::Future<void> all = aio::get_running_loop().create_future<void>();
  int received = 0;
  std::thread poster([&loop, &all, &received, posts] {
    for (int i = 0; i < posts; ++i) {
      loop.call_soon_threadsafe([&all, &received, posts] {
        if (++received == posts) all.set_result();
      });
    }
  });
  co_await all;
  poster.join();
}

void post(int posts) {
  aio::run(receive_posts(posts));
}

// --- A thread submits a coroutine and blocks for the result ---

Coroutine<int> answer(int value) {
  co_return value;
}

void submit(int times) {
  const aio::LoopThread loop;
  for (int i = 0; i < times; ++i) require(loop.run(answer(i)).result() == i);
}

// --- The loop awaits a function on the pool ---

Coroutine<void> call_on_pool(int times) {
  for (int i = 0; i < times; ++i) require(co_await aio::to_thread([i] { return i; }) == i);
}

void call_on_thread(int times) {
  aio::run(call_on_pool(times));
}

}  // namespace

void enter_threads(Program& program) {
  program.post = post;
  program.submit = submit;
  program.call_on_thread = call_on_thread;
}

}  // namespace bench
