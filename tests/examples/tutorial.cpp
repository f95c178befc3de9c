// The scenarios of asyncdemo, without options: lib/doc/tutorial.md.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

// [cycle_print]
aio::Coroutine<void> cycle_print(int cycles, std::string what) {
  for (int cycle = 1; cycle <= cycles; ++cycle) {
    co_await aio::sleep(1s);
    std::cout << "what: " << what << " cycle: " << cycle << "\n";
  }
}
// [/cycle_print]

// [single]
aio::Coroutine<void> single() {
  co_await cycle_print(5, "test");
}
// [/single]

// [double]
aio::Coroutine<void> one_after_the_other() {
  co_await cycle_print(5, "test 1");
  co_await cycle_print(5, "test 2");
}
// [/double]

// [parallel]
aio::Coroutine<void> parallel() {
  auto task = aio::create_task(cycle_print(5, "task"));
  co_await cycle_print(5, "test 2");
  co_await task;
}
// [/parallel]

// [gather]
aio::Coroutine<void> gather_three() {
  std::vector<aio::Coroutine<void>> coroutines;
  for (int task = 1; task <= 3; ++task) {
    coroutines.push_back(cycle_print(5, "task" + std::to_string(task)));
  }
  auto gat = aio::gather(std::move(coroutines));
  co_await gat;
}
// [/gather]

// [cancel]
aio::Coroutine<void> cycle_exc(int cycles, std::string what) {
  for (int cycle = 1; cycle <= cycles; ++cycle) {
    if (cycle == 3) throw std::runtime_error("");
    co_await aio::sleep(1s);
    std::cout << "what: " << what << " cycle: " << cycle << "\n";
  }
}

aio::Coroutine<void> cancel_the_other() {
  std::vector<aio::Task<void>> tasks;
  tasks.push_back(aio::create_task(cycle_print(5, "task1")));
  tasks.push_back(aio::create_task(cycle_exc(5, "task1")));
  auto gat = aio::gather(tasks);
  try {
    co_await gat;
  } catch (const std::runtime_error&) {
    for (auto& task : tasks) {
      if (!task.done()) task.cancel();
    }
  }
}
// [/cancel]

// [wait]
aio::Coroutine<void> wait_for_two() {
  std::vector<aio::Task<void>> tasks;
  tasks.push_back(aio::create_task(cycle_print(2, "task1")));
  tasks.push_back(aio::create_task(cycle_print(5, "task2")));
  auto result = co_await aio::wait(tasks, {.timeout = 3s});
  for (auto& task : result.done) {
    std::cout << task.get_name() << " done\n";
  }
  for (auto& task : result.pending) {
    std::cout << task.get_name() << " to cancel\n";
    task.cancel();
  }
}
// [/wait]

// [wait_for]
aio::Coroutine<void> wait_for_one() {
  try {
    co_await aio::wait_for(cycle_print(5, "task1"), 3s);
  } catch (const aio::TimeoutError&) {
    std::cout << "timeout\n";
  }
}
// [/wait_for]

// [shield]
aio::Coroutine<void> wait_for_a_shield() {
  auto task = aio::create_task(cycle_print(5, "task1"));
  try {
    co_await aio::wait_for(aio::shield(task), 3s);
  } catch (const aio::TimeoutError&) {
    std::cout << "timeout\n";
  }
  co_await task;
}
// [/shield]

// [thread]
void cycle_print_block(int cycles, const std::string& what) {
  for (int cycle = 1; cycle <= cycles; ++cycle) {
    aio::blocking_sleep(1s);
    std::cout << "what: " << what << " cycle: " << cycle << "\n";
  }
}

aio::Coroutine<void> beside_a_thread() {
  std::vector<aio::Task<void>> tasks;
  tasks.push_back(aio::create_task(cycle_print(2, "task1")));
  tasks.push_back(aio::create_task(cycle_print(5, "task2")));
  tasks.push_back(aio::create_task(aio::to_thread(cycle_print_block, 2, "task_block")));
  co_await aio::gather(tasks);
}
// [/thread]

// [threadsafe]
void another_thread(const aio::LoopHandle& loop) {
  aio::blocking_sleep(1s);
  auto future = aio::run_coroutine_threadsafe(cycle_print(5, "another_thread"), loop);
  future.result();
}

aio::Coroutine<void> from_another_thread() {
  auto task1 = aio::create_task(cycle_print(2, "task1"));
  auto task2 = aio::create_task(cycle_print(5, "task2"));
  auto thread = aio::to_thread(another_thread, aio::get_running_loop().handle());
  co_await aio::gather(task1, task2, std::move(thread));
}
// [/threadsafe]

// --- The mistakes that the tutorial describes ---

aio::Coroutine<void> a_task_that_nobody_awaits() {
  (void)aio::create_task(cycle_print(5, "task"));
  co_await cycle_print(2, "main");
}

aio::Coroutine<void> cancels_a_gather_too_late() {
  auto other = aio::create_task(cycle_print(5, "task1"));
  auto gat = aio::gather(other, cycle_exc(5, "exc"));
  try {
    co_await gat;
  } catch (const std::runtime_error&) {
    expect(!gat.cancel());
  }
  expect(!other.done());
  co_await other;
}

aio::Coroutine<void> swallows_its_cancel() {
  const auto stubborn = []() -> aio::Coroutine<int> {
    try {
      co_await aio::sleep(1h);
    } catch (...) {
      std::cout << "what: swallowed\n";
    }
    co_return 7;
  };
  expect(co_await aio::wait_for(stubborn(), 3s) == 7);
}

// --- Running them ---

aio::Coroutine<aio::Duration> timed(aio::Coroutine<void> main) {
  aio::EventLoop& loop = aio::get_running_loop();
  const aio::TimePoint start = loop.time();
  co_await std::move(main);
  co_return loop.time() - start;
}

/// Returns the seconds that `main` takes on a virtual clock, followed by the labels that it prints.
std::string ran(aio::Coroutine<void> main) {
  std::ostringstream printed;
  std::streambuf* const screen = std::cout.rdbuf(printed.rdbuf());
  const aio::Duration elapsed = run_virtual(timed(std::move(main)));
  std::cout.rdbuf(screen);

  std::istringstream lines(printed.str());
  std::string summary =
      std::to_string(std::chrono::duration_cast<std::chrono::seconds>(elapsed).count());
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("what: ")) line = line.substr(6, line.find(" cycle") - 6);
    summary += "," + line;
  }
  return summary;
}

}  // namespace

int main() {
  expect(ran(single()) == "5,test,test,test,test,test");
  expect(ran(one_after_the_other()) ==
         "10,test 1,test 1,test 1,test 1,test 1,test 2,test 2,test 2,test 2,test 2");
  expect(ran(parallel()) == "5,test 2,task,test 2,task,test 2,task,test 2,task,test 2,task");
  expect(ran(gather_three()) ==
         "5,task1,task2,task3,task1,task2,task3,task1,task2,task3,task1,task2,task3,"
         "task1,task2,task3");
  expect(ran(cancel_the_other()) == "2,task1,task1,task1,task1");
  expect(ran(wait_for_two()) == "3,task1,task2,task1,task2,Task-2 done,Task-3 to cancel");
  expect(ran(wait_for_one()) == "3,task1,task1,timeout");
  expect(ran(wait_for_a_shield()) == "5,task1,task1,timeout,task1,task1,task1");
  const std::string with_thread = ran(beside_a_thread());
  expect(with_thread.starts_with("5,") && with_thread.ends_with(",task2,task2,task2"));
  const std::string from_thread = ran(from_another_thread());
  expect(from_thread.starts_with("6,task1,task2,") && from_thread.ends_with("another_thread"));

  expect(ran(a_task_that_nobody_awaits()) == "2,main,task,main,task");
  expect(ran(cancels_a_gather_too_late()).starts_with("5,"));
  expect(ran(swallows_its_cancel()) == "3,swallowed");
}
