#pragma once

// Includes the whole public library, lowest layer first. Headers in asyncio/detail are internal.

#if __cplusplus < 202002L
#error "asyncio needs C++20: compile with -std=c++20"
#else

#include <asyncio/base/call_site.hpp>
#include <asyncio/base/context.hpp>
#include <asyncio/base/error.hpp>
#include <asyncio/base/exception_group.hpp>
#include <asyncio/base/observer.hpp>
#include <asyncio/base/posix.hpp>
#include <asyncio/base/result.hpp>
#include <asyncio/base/time.hpp>
#include <asyncio/base/unique_fd.hpp>

#include <asyncio/poll/poller.hpp>

#include <asyncio/loop/clock.hpp>
#include <asyncio/loop/event_loop.hpp>
#include <asyncio/loop/exception_context.hpp>
#include <asyncio/loop/handle.hpp>
#include <asyncio/loop/loop_handle.hpp>
#include <asyncio/loop/loop_options.hpp>
#include <asyncio/loop/step_report.hpp>

#include <asyncio/task/await_graph.hpp>
#include <asyncio/task/coroutine.hpp>
#include <asyncio/task/create_task.hpp>
#include <asyncio/task/future.hpp>
#include <asyncio/task/generator.hpp>
#include <asyncio/task/task.hpp>
#include <asyncio/task/task_options.hpp>

#include <asyncio/sync/barrier.hpp>
#include <asyncio/sync/condition.hpp>
#include <asyncio/sync/event.hpp>
#include <asyncio/sync/guard.hpp>
#include <asyncio/sync/lock.hpp>
#include <asyncio/sync/queue.hpp>
#include <asyncio/sync/queue_error.hpp>
#include <asyncio/sync/semaphore.hpp>

#include <asyncio/combine/as_completed.hpp>
#include <asyncio/combine/as_result.hpp>
#include <asyncio/combine/concurrency_limit.hpp>
#include <asyncio/combine/finally.hpp>
#include <asyncio/combine/gather.hpp>
#include <asyncio/combine/return_exceptions.hpp>
#include <asyncio/combine/shield.hpp>
#include <asyncio/combine/sleep.hpp>
#include <asyncio/combine/task_group.hpp>
#include <asyncio/combine/timeout.hpp>
#include <asyncio/combine/wait.hpp>
#include <asyncio/combine/wait_for.hpp>
#include <asyncio/combine/wait_options.hpp>

#include <asyncio/thread/blocking_sleep.hpp>
#include <asyncio/thread/executor.hpp>
#include <asyncio/thread/threadsafe.hpp>
#include <asyncio/thread/to_thread.hpp>

#include <asyncio/run/loop_thread.hpp>
#include <asyncio/run/run.hpp>
#include <asyncio/run/run_on_threads.hpp>

#endif
