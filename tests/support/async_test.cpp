#include "support/async_test.hpp"

#include <csignal>
#include <cstddef>
#include <string_view>

namespace asyncio::test {

namespace {
// A shell starts background jobs with SIGINT ignored, and run() respects that.
[[maybe_unused]] const bool sigint_has_its_default = ::signal(SIGINT, SIG_DFL) != SIG_ERR;
}  // namespace

void expect_no_reports(EventLoop& loop) {
  loop.set_exception_handler([](EventLoop&, const ExceptionContext& context) {
    ADD_FAILURE() << "reported: " << context.message << " " << context.task_name << " "
                  << describe(context.exception);
  });
}

std::string waits_for(const AnyTask& task) {
  const std::string text =
      static_cast<asyncio::detail::TaskBase&>(*task.state()).describe_progress();
  const std::string_view before = " waits for ";
  const std::size_t found = text.find(before);
  return found == std::string::npos ? "" : text.substr(found + before.size());
}

}  // namespace asyncio::test
