#include <asyncio/detail/run/loop_threads.hpp>
#include <exception>
#include <utility>

namespace asyncio::detail {

LoopThreads::LoopThreads(std::size_t count, const RunOptions& options) {
  for (std::size_t i = 0; i < count; ++i) {
    threads_.push_back(std::make_unique<LoopThread>(options));
  }
}

void LoopThreads::stop() {
  std::exception_ptr exit;
  for (const auto& thread : threads_) thread->ask_to_stop();  // so that they clean up side by side
  for (const auto& thread : threads_) {
    try {
      thread->stop();
    } catch (...) {
      if (!exit) exit = std::current_exception();
    }
  }
  if (exit) std::rethrow_exception(std::move(exit));
}

}  // namespace asyncio::detail
