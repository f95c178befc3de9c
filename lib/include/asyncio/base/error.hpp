#pragma once

#include <exception>
#include <memory>
#include <string>
#include <typeinfo>
#include <utility>

namespace asyncio {

/// What the library's own errors have in common: a text, and maybe the error they came from.
///
/// Cost:     a copy shares the text, and allocates nothing; so it is with all errors here.
/// Python:   no counterpart; `cause()` is an exception's `__cause__`.
class Error : public std::exception {
 public:
  /// With what() and, if there is one, the error that led to it.
  explicit Error(std::string text, std::exception_ptr cause = {})
      : text_(std::make_shared<const std::string>(std::move(text))), cause_(std::move(cause)) {}

  /// The text.
  [[nodiscard]] const char* what() const noexcept override { return text_->c_str(); }

  /// The error that led to this one; empty if there is none.
  [[nodiscard]] std::exception_ptr cause() const noexcept { return cause_; }

 private:
  std::shared_ptr<const std::string> text_;  // shared: copying an exception must not throw
  std::exception_ptr cause_;
};

/// A call that the object's state does not allow: Python's RuntimeError.
class RuntimeError : public Error {
  using Error::Error;
};

/// An argument out of its range: Python's ValueError.
class ValueError : public Error {
  using Error::Error;
};

/// A result asked of a future that has none yet, or given to one that has.
///
/// Python:   asyncio.InvalidStateError.
class InvalidStateError : public Error {
  using Error::Error;
};

/// A time limit passed.
///
/// Python:   TimeoutError.
class TimeoutError : public Error {
 public:
  /// With what() and, if there is one, the CancelledError that it stands for.
  explicit TimeoutError(std::string text = "timed out", std::exception_ptr cause = {})
      : Error(std::move(text), std::move(cause)) {}
};

/// Nothing is left that could ever wake what a loop runs until its end: no timer, descriptor,
/// signal handler or job, and nobody outside who can post.
///
/// what() names what the loop ran; report() has a line for each task: what it waits for, where.
///
/// Python:   no counterpart: it waits for ever.
class DeadlockError : public Error {
 public:
  /// With what() and report().
  DeadlockError(std::string text, std::string report)
      : Error(std::move(text)), report_(std::make_shared<const std::string>(std::move(report))) {}

  /// As describe_waits() gives it, from when it was thrown.
  [[nodiscard]] const std::string& report() const noexcept { return *report_; }

 private:
  std::shared_ptr<const std::string> report_;
};

/// Thrown at the innermost co_await of a task that is cancelled.
///
/// No std::exception, so that `catch (const std::exception&)` does not swallow a cancel;
/// whoever catches it with `catch (...)` rethrows it.
///
/// Python:   asyncio.CancelledError.
class CancelledError final {
 public:
  /// Without a message.
  CancelledError() = default;
  /// With message().
  explicit CancelledError(std::string message)
      : message_(message.empty() ? nullptr
                                 : std::make_shared<const std::string>(std::move(message))) {}

  /// What cancel() was given; empty if nothing.
  [[nodiscard]] const std::string& message() const noexcept {
    static const std::string none;
    return message_ ? *message_ : none;
  }

 private:
  std::shared_ptr<const std::string> message_;
};

/// Thrown at the co_yield of an AsyncGenerator that is being closed.
///
/// No std::exception, for the same reason: whoever catches it, to clean up, rethrows it or
/// returns.
class GeneratorExit final {};

/// A wish to end the program: leaves every turn and every run function.
///
/// No std::exception, as in Python, where these derive from BaseException.
class BaseExit {
 public:
  virtual ~BaseExit() = default;
};

/// The user's Ctrl-C.
class KeyboardInterrupt : public BaseExit {};

/// A request to end with `code()`.
class SystemExit : public BaseExit {
 public:
  /// With code().
  explicit SystemExit(int code = 0) noexcept : code_(code) {}
  /// What the process is to end with; nobody but the program ends it.
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

/// Whether `error` holds a CancelledError.
///
/// Cost:     about 20 ns with libstdc++; elsewhere one rethrow (about 1 us).
[[nodiscard]] bool is_cancelled_error(const std::exception_ptr& error) noexcept;

/// Whether `error` holds a KeyboardInterrupt, a SystemExit or another BaseExit.
///
/// Cost:     one rethrow (about 1 us).
[[nodiscard]] bool is_exit(const std::exception_ptr& error) noexcept;

/// A type's name as a user wrote it; the library's own without their namespace.
[[nodiscard]] std::string type_name(const std::type_info& type);

/// One line that describes `error`: its what(), or the name of its kind.
[[nodiscard]] std::string describe(const std::exception_ptr& error);

}  // namespace asyncio
