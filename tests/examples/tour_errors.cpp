// Errors: causes, descriptions, exits and deadlocks.
#include <asyncio/asyncio.hpp>
#include <chrono>
#include <csignal>
#include <exception>
#include <source_location>
#include <string>

#include "expect.hpp"

namespace aio = asyncio;
using namespace std::chrono_literals;

namespace {

/// Returns an error that carries its cause.
std::exception_ptr wrapped(std::exception_ptr cause) {
  return std::make_exception_ptr(aio::RuntimeError("cannot start", std::move(cause)));
}

void causes() {
  const auto cause = std::make_exception_ptr(aio::ValueError("no such port"));
  try {
    std::rethrow_exception(wrapped(cause));
  } catch (const aio::Error& error) {
    expect(error.what() == std::string("cannot start") && error.cause() == cause);
  }
  expect(aio::describe(cause) == "ValueError: no such port");
  expect(aio::type_name(typeid(aio::ValueError)) == "ValueError");
  expect(!aio::is_cancelled_error(cause) && !aio::is_exit(cause));
}

void call_sites() {
  const aio::CallSite here = aio::call_site(std::source_location::current());
  expect(here.function == "call_sites" && here.line > 0);
  expect(aio::to_string(here).starts_with("call_sites() at "));
}

aio::Coroutine<void> quit() {
  co_await aio::sleep(1s);
  throw aio::SystemExit(3);
}

/// Shows that an exit leaves run().
void exits() {
  int status = 0;
  try {
    run_virtual(quit());
  } catch (const aio::SystemExit& exit) {
    status = exit.code();
  } catch (const aio::BaseExit&) {
    expect(false);  // not a SystemExit
  }
  expect(status == 3);
}

aio::Coroutine<void> be_interrupted() {
  std::raise(SIGINT);  // as Ctrl-C does
  co_await aio::sleep(1h);
}

void interrupts() {
  bool interrupted = false;
  try {
    aio::run(be_interrupted());
  } catch (const aio::KeyboardInterrupt&) {
    interrupted = true;
  }
  expect(interrupted);
}

aio::Coroutine<void> wait_for_nobody() {
  aio::Event event;
  co_await event.wait();
}

/// Shows that a program that would hang ends with an error that says why.
void deadlocks() {
  aio::Runner runner;
  std::string reported;
  runner.get_loop().set_exception_handler(
      [&](aio::EventLoop&, const aio::ExceptionContext& context) { reported = context.message; });
  std::string report;
  try {
    runner.run(wait_for_nobody());
  } catch (const aio::DeadlockError& error) {
    report = error.report();
  }
  expect(!reported.empty() && report.find("waits for Event.wait()") != std::string::npos);
}

}  // namespace

int main() {
  causes();
  call_sites();
  exits();
  interrupts();
  deadlocks();
}
