#pragma once

#include <exception>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>

namespace asyncio {

/// The base of the library's own errors: a text and, if another error led to this one, that error.
///
/// Cost:     copying shares the text and allocates nothing, as with all errors here.
/// Python:   no counterpart; `cause()` is an exception's `__cause__`.
class Error : public std::exception {
 public:
  /// Creates an error with the given what() and cause().
  explicit Error(std::string text, std::exception_ptr cause = {})
      : text_(std::make_shared<const std::string>(std::move(text))), cause_(std::move(cause)) {}

  /// Returns the text.
  [[nodiscard]] const char* what() const noexcept override { return text_->c_str(); }

  /// Returns the error that led to this one; empty if there is none.
  [[nodiscard]] std::exception_ptr cause() const noexcept { return cause_; }

 private:
  std::shared_ptr<const std::string> text_;  // shared: copying an exception must not throw
  std::exception_ptr cause_;
};

/// The error thrown by a call that the object's state does not allow: Python's RuntimeError.
class RuntimeError : public Error {
  using Error::Error;
};

/// The error thrown for an argument that is out of range: Python's ValueError.
class ValueError : public Error {
  using Error::Error;
};

/// The error thrown for reading a result that a future does not have yet, or for setting one twice.
///
/// Python:   asyncio.InvalidStateError.
class InvalidStateError : public Error {
  using Error::Error;
};

/// The error thrown when a time limit has passed.
///
/// Python:   TimeoutError.
class TimeoutError : public Error {
 public:
  /// Creates an error with the given what(). `cause` is the CancelledError that this error
  /// replaces, if there is one.
  explicit TimeoutError(std::string text = "timed out", std::exception_ptr cause = {})
      : Error(std::move(text), std::move(cause)) {}
};

/// The error thrown when nothing can ever complete the coroutine or future that a loop runs: no
/// timer, descriptor, signal handler or job is left, and no other thread can post to the loop.
///
/// what() names what the loop ran. report() has a line for each task: what it waits for, and where.
///
/// Python:   no counterpart: the loop waits forever.
class DeadlockError : public Error {
 public:
  /// Creates an error with the given what() and report().
  DeadlockError(std::string text, std::string report)
      : Error(std::move(text)), report_(std::make_shared<const std::string>(std::move(report))) {}

  /// Returns the text of describe_waits() from the time of the deadlock.
  [[nodiscard]] const std::string& report() const noexcept { return *report_; }

 private:
  std::shared_ptr<const std::string> report_;
};

/// The exception thrown at the innermost co_await of a cancelled task.
///
/// It is not a std::exception, so `catch (const std::exception&)` does not swallow a cancellation.
/// Code that catches it with `catch (...)` must rethrow it.
///
/// Python:   asyncio.CancelledError.
class CancelledError final {
 public:
  /// Creates an exception without a message.
  CancelledError() = default;
  /// Creates an exception with the given message().
  explicit CancelledError(std::string message)
      : message_(message.empty() ? nullptr
                                 : std::make_shared<const std::string>(std::move(message))) {}

  /// Returns the message passed to cancel(); empty if there was none.
  [[nodiscard]] const std::string& message() const noexcept {
    static const std::string none;
    return message_ ? *message_ : none;
  }

 private:
  std::shared_ptr<const std::string> message_;
};

/// The exception thrown at the co_yield of an AsyncGenerator that is being closed.
///
/// It is not a std::exception, for the same reason as CancelledError. Code that catches it to clean
/// up must rethrow it or return.
class GeneratorExit final {};

/// The base of exceptions that ask the program to end. They leave every turn and every run
/// function.
///
/// Not a std::exception: in Python, too, these derive from BaseException.
class BaseExit {
 public:
  virtual ~BaseExit() = default;
};

/// The exception for the user's Ctrl-C.
class KeyboardInterrupt : public BaseExit {};

/// The exception that asks the program to exit with code().
class SystemExit : public BaseExit {
 public:
  /// Creates an exception with the given code().
  explicit SystemExit(int code = 0) noexcept : code_(code) {}
  /// Returns the exit code. The library never ends the process itself: that is up to the program.
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

/// Returns whether `error` holds a CancelledError.
///
/// Cost:     about 20 ns with libstdc++; elsewhere one rethrow (about 1 us).
[[nodiscard]] bool is_cancelled_error(const std::exception_ptr& error) noexcept;

/// Returns whether `error` holds a KeyboardInterrupt, a SystemExit or another BaseExit.
///
/// Cost:     one rethrow (about 1 us).
[[nodiscard]] bool is_exit(const std::exception_ptr& error) noexcept;

/// Returns the name of a type as it is written in source code. The library's own types lose their
/// namespace.
[[nodiscard]] std::string type_name(const std::type_info& type);

/// Describes `error` in one line: the name of its type and, if it has one, its text.
[[nodiscard]] std::string describe(const std::exception_ptr& error);

}  // namespace asyncio
