// Locks, semaphores, barriers and queues of all kinds.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <cstddef>
#include <utility>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

/// Waits until there is an item and takes it. Releases the lock before the end of its scope.
aio::Coroutine<int> take(aio::Condition& changed, std::vector<int>& items) {
  aio::Condition::Guard guard = co_await changed.scoped();
  const auto has_some = [&items] { return !items.empty(); };
  co_await changed.wait_for(has_some);
  const int item = items.back();
  items.pop_back();
  guard.release();
  co_await aio::sleep(1s);
  co_return item;
}

aio::Coroutine<void> conditions() {
  aio::Condition changed;
  std::vector<int> items;
  const aio::Task<int> first = aio::create_task(take(changed, items));
  const aio::Task<int> second = aio::create_task(take(changed, items));
  co_await aio::sleep(1s);
  {
    const auto guard = co_await changed.scoped();
    items = {1, 2};
    changed.notify_all();
  }
  expect(co_await first == 2);
  expect(co_await second == 1);
}

/// Releases a guard of any lock or semaphore.
template <class State>
void give_back(aio::Guard<State>& guard) {
  expect(guard.holds());
  guard.release();
}

aio::Coroutine<void> semaphores() {
  aio::Semaphore two(2);
  auto first = co_await two.scoped();
  const auto second = co_await two.scoped();
  expect(two.locked());
  give_back(first);
  expect(!two.locked());

  aio::BoundedSemaphore one(1);
  co_await one.acquire();
  one.release();
  bool refused = false;
  try {
    one.release();  // one release too many
  } catch (const aio::ValueError&) {
    refused = true;
  }
  expect(refused);
}

aio::Coroutine<void> locks() {
  aio::Lock lock;
  auto guard = co_await lock.scoped();
  expect(lock.locked());
  give_back(guard);
  expect(!lock.locked());
}

aio::Coroutine<std::size_t> meet(aio::Barrier& barrier) {
  co_return co_await barrier.wait();
}

aio::Coroutine<void> barriers() {
  aio::Barrier barrier(2);
  const auto places = co_await aio::gather(meet(barrier), meet(barrier));
  expect(std::get<0>(places) == 0 && std::get<1>(places) == 1);

  const aio::Task<std::size_t> alone = aio::create_task(meet(barrier));
  co_await aio::sleep(1s);
  co_await barrier.abort();
  bool broken = false;
  try {
    co_await alone;
  } catch (const aio::BrokenBarrierError&) {
    broken = true;
  }
  expect(broken && barrier.broken());
}

/// Returns the items of a queue, in the order in which they come out.
template <class Queue>
std::vector<int> order_of(Queue& queue) {
  std::vector<int> items;
  try {
    while (true) items.insert(items.end(), queue.get_nowait());
  } catch (const aio::QueueEmpty&) {
    return items;
  }
}

aio::Coroutine<void> queues() {
  aio::Queue<int> fifo(3);
  aio::LifoQueue<int> lifo;
  aio::PriorityQueue<int> smallest_first;
  for (const int item : {2, 1, 3}) {
    co_await fifo.put(item);
    co_await lifo.put(item);
    co_await smallest_first.put(item);
  }
  bool full = false;
  try {
    fifo.put_nowait(4);
  } catch (const aio::QueueFull&) {
    full = true;
  }
  expect(full);
  expect((order_of(fifo) == std::vector{2, 1, 3}));
  expect((order_of(lifo) == std::vector{3, 1, 2}));
  expect((order_of(smallest_first) == std::vector{1, 2, 3}));

  fifo.shutdown();
  bool over = false;
  try {
    co_await fifo.get();
  } catch (const aio::QueueShutDown&) {
    over = true;
  }
  expect(over);
}

aio::Coroutine<void> tour() {
  co_await conditions();
  co_await locks();
  co_await semaphores();
  co_await barriers();
  co_await queues();
}

}  // namespace

int main() {
  run_virtual(tour());
}
