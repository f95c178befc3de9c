#include "support/async_test.hpp"

namespace asyncio::test {

void expect_no_reports(EventLoop& loop) {
  loop.set_exception_handler([](EventLoop&, const ExceptionContext& context) {
    ADD_FAILURE() << "reported: " << context.message << " " << context.task_name << " "
                  << describe(context.exception);
  });
}

}  // namespace asyncio::test
