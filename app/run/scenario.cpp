#include "run/scenario.hpp"

namespace asyncdemo {
namespace {

/// Ends `row` with the error that is being handled.
void end_by_error(RunObserver& observer, RunObserver::Row row) {
  const std::exception_ptr error = std::current_exception();
  if (asyncio::is_cancelled_error(error)) {
    observer.end_row(row, Event::Kind::cancelled);
  } else {
    observer.end_row(row, Event::Kind::raised, asyncio::describe(error));
  }
}

}  // namespace

void Scenario::blocking_sleep(Duration span) {
  observer_->thread_blocked();
  asyncio::blocking_sleep(span);
  observer_->thread_woke();
}

asyncio::Coroutine<> Scenario::row(std::string name, asyncio::Coroutine<> coroutine) {
  return show(std::move(name), CloseOnDrop(std::move(coroutine)));
}

asyncio::Coroutine<> Scenario::show(std::string name, CloseOnDrop coroutine) {
  const RunObserver::Row row = observer_->start_row(std::move(name));
  try {
    co_await coroutine.take();
  } catch (...) {
    end_by_error(*observer_, row);
    throw;
  }
  observer_->end_row(row, Event::Kind::done);
}

void Scenario::show_thread(std::string name, const std::function<void()>& function) {
  const RunObserver::Row row = observer_->start_thread_row(std::move(name));
  try {
    function();
  } catch (...) {
    end_by_error(*observer_, row);
    throw;
  }
  observer_->end_row(row, Event::Kind::done);
}

}  // namespace asyncdemo
