#include "usage_error.hpp"

#include <gtest/gtest.h>

#include "process.hpp"

namespace asyncdemo_test {

void expect_refused(const std::vector<Malformed>& table) {
  for (const Malformed& row : table) {
    const Result result = run_tool(row.arguments);

    SCOPED_TRACE(testing::PrintToString(row.arguments));
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.err_text(), "asyncdemo: error: " + row.reason + "; try " + row.way_out + "\n");
    EXPECT_EQ(result.out_text(), "");
  }
}

}  // namespace asyncdemo_test
