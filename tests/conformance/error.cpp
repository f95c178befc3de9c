#include "error.hpp"

#include <asyncio/asyncio.hpp>
#include <utility>

namespace conformance {

unsigned kinds_caught_by(std::string_view name) noexcept {
  constexpr unsigned kAll = ~0U;
  constexpr std::pair<std::string_view, unsigned> kCatchable[] = {
      {"Error", kError},          {"CancelledError", kCancelled},
      {"TimeoutError", kTimeout}, {"InvalidStateError", kInvalidState},
      {"ExceptionGroup", kGroup}, {"RuntimeError", kRuntime | kBrokenBarrier},
      {"ValueError", kValue},     {"Exception", kAll & ~unsigned{kCancelled}},
      {"BaseException", kAll},
  };
  for (const auto& [catchable, kinds] : kCatchable) {
    if (catchable == name) return kinds;
  }
  return 0;
}

Failure examine(const std::exception_ptr& error) {
  if (asyncio::is_cancelled_error(error)) return {kCancelled, "CancelledError"};
  try {
    std::rethrow_exception(error);
  } catch (const ProgramError& raised) {
    return {kError, "Error(" + std::string(raised.what()) + ")"};
  } catch (const asyncio::ExceptionGroup& group) {
    std::string members;
    for (const std::exception_ptr& member : group.exceptions()) {
      members += (members.empty() ? "" : ", ") + examine(member).text;
    }
    return {kGroup, "ExceptionGroup[" + members + "]"};
  } catch (const asyncio::TimeoutError&) {
    return {kTimeout, "TimeoutError"};
  } catch (const asyncio::InvalidStateError&) {
    return {kInvalidState, "InvalidStateError"};
  } catch (const asyncio::BrokenBarrierError&) {
    return {kBrokenBarrier, "BrokenBarrierError"};
  } catch (const asyncio::RuntimeError&) {
    return {kRuntime, "RuntimeError"};
  } catch (const asyncio::ValueError&) {
    return {kValue, "ValueError"};
  } catch (const asyncio::QueueEmpty&) {
    return {kQueue, "QueueEmpty"};
  } catch (const asyncio::QueueFull&) {
    return {kQueue, "QueueFull"};
  } catch (const asyncio::QueueShutDown&) {
    return {kQueue, "QueueShutDown"};
  } catch (...) {
    return {kOther, "an error that the format does not have: " + asyncio::describe(error)};
  }
}

}  // namespace conformance
