#pragma once

namespace asyncio::detail {

/// A part of a higher layer that lives as long as its loop, such as the default executor.
class LoopService {
 public:
  LoopService() = default;
  LoopService(const LoopService&) = delete;
  LoopService& operator=(const LoopService&) = delete;
  virtual ~LoopService() = default;
  /// Stops the service, because the loop is closing. Does not wait for any thread.
  virtual void loop_closing() noexcept = 0;
};

}  // namespace asyncio::detail
