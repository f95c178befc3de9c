// Errors of the tool if the system denies it resources.

#include <gtest/gtest.h>

#include "process.hpp"
#include "support/process_state.hpp"

namespace asyncdemo_test {
namespace {

#if __has_include(<gnu/libc-version.h>)
TEST(Failure, NamesTheThreadThatCannotStart) {
  // glibc gives each thread a stack of the process's limit, which is more than the memory here.
  const asyncio::test::ResourceLimit stack(RLIMIT_STACK, rlim_t{1} << 46U);
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

TEST(Failure, NamesTheLackOfDescriptors) {
  for (const rlim_t descriptors : {4U, 5U, 6U, 7U, 8U}) {
    const Result result = run_tool(words("threadsafe -i 0 -q"), Stdout::pipe, descriptors);

    // UBSan needs descriptors itself. There may also be enough, or too few to start any program.
    if (result.err_text().find("invalid vptr") != std::string::npos) continue;
    if (result.exit_code == 0 || result.exit_code == 127) continue;
    EXPECT_EQ(result.exit_code, 1);
    ASSERT_EQ(result.err.size(), 1U) << result.err_text();
    EXPECT_TRUE(result.err.front().text.starts_with("asyncdemo: error: ")) << result.err_text();
  }
}

}  // namespace
}  // namespace asyncdemo_test
