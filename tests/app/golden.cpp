#include "golden.hpp"

#include <algorithm>

namespace asyncdemo_test {
namespace {

/// Returns the second in which a line is printed: its cycle, or one later if the thread sleeps
/// first.
int second_of(const std::string& line) {
  const std::string mark = "cycle: ";
  const auto at = line.rfind(mark);
  const int cycle = at == std::string::npos ? 0 : std::stoi(line.substr(at + mark.size()));
  return line.find("another_thread") == std::string::npos ? cycle : cycle + 1;
}

const std::vector<Golden> kOutputs{
    {"single",
     {
         "what: test cycle: 1",
         "what: test cycle: 2",
         "what: test cycle: 3",
         "what: test cycle: 4",
         "what: test cycle: 5",
     },
     5},
    {"double",
     {
         "what: test 1 cycle: 1",
         "what: test 1 cycle: 2",
         "what: test 1 cycle: 3",
         "what: test 1 cycle: 4",
         "what: test 1 cycle: 5",
         "what: test 2 cycle: 1",
         "what: test 2 cycle: 2",
         "what: test 2 cycle: 3",
         "what: test 2 cycle: 4",
         "what: test 2 cycle: 5",
     },
     10},
    {"parallel",
     {
         "what: test 2 cycle: 1",
         "what: task cycle: 1",
         "what: test 2 cycle: 2",
         "what: task cycle: 2",
         "what: test 2 cycle: 3",
         "what: task cycle: 3",
         "what: test 2 cycle: 4",
         "what: task cycle: 4",
         "what: test 2 cycle: 5",
         "what: task cycle: 5",
     },
     5},
    {"gather",
     {
         "what: task1 cycle: 1",
         "what: task2 cycle: 1",
         "what: task3 cycle: 1",
         "what: task1 cycle: 2",
         "what: task2 cycle: 2",
         "what: task3 cycle: 2",
         "what: task1 cycle: 3",
         "what: task2 cycle: 3",
         "what: task3 cycle: 3",
         "what: task1 cycle: 4",
         "what: task2 cycle: 4",
         "what: task3 cycle: 4",
         "what: task1 cycle: 5",
         "what: task2 cycle: 5",
         "what: task3 cycle: 5",
     },
     5},
    {"cancel",
     {
         "what: task1 cycle: 1",
         "what: task1 cycle: 1",
         "what: task1 cycle: 2",
         "what: task1 cycle: 2",
     },
     2},
    {"wait",
     {
         "what: task1 cycle: 1",
         "what: task2 cycle: 1",
         "what: task1 cycle: 2",
         "what: task2 cycle: 2",
         "Task-2 done",
         "Task-3 to cancel",
     },
     3},
    {"wait-for",
     {
         "what: task1 cycle: 1",
         "what: task1 cycle: 2",
         "timeout",
     },
     3},
    {"thread",
     {
         "what: task1 cycle: 1",
         "what: task2 cycle: 1",
         "what: task_block cycle: 1",
         "what: task1 cycle: 2",
         "what: task2 cycle: 2",
         "what: task_block cycle: 2",
         "what: task2 cycle: 3",
         "what: task2 cycle: 4",
         "what: task2 cycle: 5",
     },
     5,
     true},
    {"threadsafe",
     {
         "what: task1 cycle: 1",
         "what: task2 cycle: 1",
         "what: another_thread cycle: 1",
         "what: task1 cycle: 2",
         "what: task2 cycle: 2",
         "what: another_thread cycle: 2",
         "what: task2 cycle: 3",
         "what: another_thread cycle: 3",
         "what: task2 cycle: 4",
         "what: another_thread cycle: 4",
         "what: task2 cycle: 5",
         "what: another_thread cycle: 5",
     },
     6,
     true},
};

}  // namespace

const std::vector<Golden>& golden_outputs() {
  return kOutputs;
}

std::string test_name(const testing::TestParamInfo<Golden>& info) {
  std::string name = info.param.scenario;
  std::erase(name, '-');
  return name;
}

std::vector<std::string> sorted_within_seconds(std::vector<std::string> lines) {
  for (auto begin = lines.begin(); begin != lines.end();) {
    const auto end = std::find_if(begin, lines.end(), [&](const std::string& line) {
      return second_of(line) != second_of(*begin);
    });
    std::sort(begin, end);
    begin = end;
  }
  return lines;
}

}  // namespace asyncdemo_test
