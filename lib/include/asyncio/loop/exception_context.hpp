#pragma once

#include <asyncio/base/call_site.hpp>
#include <exception>
#include <string>

namespace asyncio {

/// A report of an unhandled error, for a loop's exception handler.
struct ExceptionContext {
  std::string message;           ///< what went wrong, in a sentence
  std::exception_ptr exception;  ///< the error, or empty
  std::string task_name;         ///< the task that the error belongs to, or empty
  CallSite created_at;           ///< where that task, future or coroutine was created, if known
};

}  // namespace asyncio
