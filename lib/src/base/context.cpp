#include <asyncio/base/context.hpp>

namespace asyncio {

Context copy_context() {
  detail::Ref<detail::ContextState> state = detail::copy_current_context();
  return state ? Context(std::move(state)) : Context();
}

}  // namespace asyncio
