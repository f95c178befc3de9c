#pragma once

#include <asyncio/base/error.hpp>

namespace asyncio {

/// get_nowait() on an empty queue.
///
/// Python:   asyncio.QueueEmpty.
class QueueEmpty : public Error {
 public:
  QueueEmpty() : Error("the queue is empty") {}
};

/// put_nowait() on a full queue.
///
/// Python:   asyncio.QueueFull.
class QueueFull : public Error {
 public:
  QueueFull() : Error("the queue is full") {}
};

/// A queue that has been shut down: nothing goes in, or nothing is left to come out.
///
/// Python:   asyncio.QueueShutDown.
class QueueShutDown : public Error {
 public:
  QueueShutDown() : Error("the queue has been shut down") {}
};

}  // namespace asyncio
