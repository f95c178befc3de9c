#pragma once

#include <asyncio/base/call_site.hpp>
#include <exception>
#include <string>

namespace asyncio {

/// What a loop tells its exception handler.
struct ExceptionContext {
  std::string message;           ///< what went wrong, in a sentence
  std::exception_ptr exception;  ///< the error, or empty
  std::string task_name;         ///< the task whose error it is, or empty
  CallSite created_at;           ///< where that task, future or coroutine was made, if known
};

}  // namespace asyncio
