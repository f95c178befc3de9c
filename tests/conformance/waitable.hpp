#pragma once

#include <asyncio/asyncio.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "program.hpp"

namespace conformance {

class Waitable;
using WaitablePtr = std::shared_ptr<const Waitable>;

/// A task, future, gather or shield, regardless of the C++ type of its result.
class Waitable {
 public:
  Waitable() = default;
  Waitable(const Waitable&) = delete;
  Waitable& operator=(const Waitable&) = delete;
  virtual ~Waitable() = default;

  [[nodiscard]] virtual asyncio::AnyFuture future() const = 0;
  /// Awaits it and returns its result. The coroutine must not outlive this object.
  [[nodiscard]] virtual asyncio::Coroutine<Value> result() const = 0;
  [[nodiscard]] virtual asyncio::Coroutine<Value> result_within(asyncio::TimeLimit limit) const = 0;
  /// Returns its result.
  ///
  /// REQUIRES: it is done and has no error.
  [[nodiscard]] virtual Value value() const = 0;
  [[nodiscard]] virtual WaitablePtr shielded() const = 0;

  // Conversions, empty if it is of another type.
  [[nodiscard]] virtual std::optional<asyncio::Task<Value>> as_task() const { return {}; }
  [[nodiscard]] virtual std::optional<asyncio::Future<Value>> as_future() const { return {}; }

  /// Returns `pending`, `cancelled`, `raised E` or `result V`.
  [[nodiscard]] std::string state() const;
};

[[nodiscard]] WaitablePtr make_waitable(asyncio::Task<Value> task);
[[nodiscard]] WaitablePtr make_waitable(asyncio::Future<Value> future);

/// Starts a gather.
[[nodiscard]] WaitablePtr make_gather(const std::vector<WaitablePtr>& children,
                                      bool return_exceptions);

}  // namespace conformance
