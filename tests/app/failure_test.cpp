// What the tool says where the system refuses what it needs.

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "process.hpp"

namespace asyncdemo_test {
namespace {

/// Sets a limit of this process, and of those that it starts, for the object's life.
class Limit {
 public:
  Limit(decltype(RLIMIT_NOFILE) resource, rlim_t value) : resource_(resource) {
    (void)::getrlimit(resource_, &before_);
    const rlimit wanted{value, before_.rlim_max};
    in_force_ = ::setrlimit(resource_, &wanted) == 0;
  }
  Limit(const Limit&) = delete;
  Limit& operator=(const Limit&) = delete;
  ~Limit() { (void)::setrlimit(resource_, &before_); }

  [[nodiscard]] bool in_force() const { return in_force_; }

 private:
  decltype(RLIMIT_NOFILE) resource_;
  rlimit before_{};
  bool in_force_ = false;
};

#if __has_include(<gnu/libc-version.h>)
TEST(Failure, ToStartAThreadIsNamed) {
  // glibc gives a thread as much stack as a process may have: here more than there is.
  const Limit stack(RLIMIT_STACK, rlim_t{1} << 46U);
  if (!stack.in_force()) GTEST_SKIP() << "the stack's limit cannot be raised";

  for (const std::string command : {"thread -i 1m", "threadsafe -i 1m --clock virtual"}) {
    const Result result = run_tool(words(command));

    SCOPED_TRACE(command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err_text(),
              "asyncdemo: error: cannot start a thread: Resource temporarily unavailable\n");
    EXPECT_EQ(result.out_text(), "");
  }
}
#endif

}  // namespace
}  // namespace asyncdemo_test
