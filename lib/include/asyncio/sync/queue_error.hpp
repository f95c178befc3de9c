#pragma once

#include <asyncio/base/error.hpp>

namespace asyncio {

/// The error thrown by get_nowait() on an empty queue.
///
/// Python:   asyncio.QueueEmpty.
class QueueEmpty : public Error {
 public:
  QueueEmpty() : Error("the queue is empty") {}
};

/// The error thrown by put_nowait() on a full queue.
///
/// Python:   asyncio.QueueFull.
class QueueFull : public Error {
 public:
  QueueFull() : Error("the queue is full") {}
};

/// The error thrown by a queue that has been shut down: it takes no more items, or has none left.
///
/// Python:   asyncio.QueueShutDown.
class QueueShutDown : public Error {
 public:
  QueueShutDown() : Error("the queue has been shut down") {}
};

}  // namespace asyncio
