#pragma once

namespace asyncio::detail {

/// A part of a higher layer that lives as long as a loop, such as its default executor.
class LoopService {
 public:
  LoopService() = default;
  LoopService(const LoopService&) = delete;
  LoopService& operator=(const LoopService&) = delete;
  virtual ~LoopService() = default;
  /// Called when the loop closes: stops the service without waiting for any thread.
  virtual void loop_closing() noexcept = 0;
};

}  // namespace asyncio::detail
