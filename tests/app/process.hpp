#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asyncdemo_test {

using Clock = std::chrono::steady_clock;

/// A line that a process wrote, without its end, and when it was read here.
struct Line {
  std::string text;
  Clock::time_point time;
};

/// How a process ended and what it wrote.
struct Result {
  int exit_code = -1;  ///< or -1 when a signal ended it
  int signal = 0;      ///< or 0 when it exited
  std::vector<Line> out;
  std::vector<Line> err;
  std::chrono::nanoseconds elapsed{0};
  Clock::time_point end;

  [[nodiscard]] std::vector<std::string> out_lines() const;
  [[nodiscard]] std::string out_text() const;
  [[nodiscard]] std::string err_text() const;
};

/// Where a process's standard output goes.
enum class Stdout {
  pipe,         ///< to Result::out
  full_device,  ///< /dev/full
  closed,       ///< the descriptor is not open
  head_1,       ///< a pipe that is closed after the first line
  as_stderr,    ///< to Result::err, in the order of writing
};

/// asyncdemo as a child process.
class Process {
 public:
  /// `descriptors`: how many it may have open.
  explicit Process(const std::vector<std::string>& arguments, Stdout out = Stdout::pipe,
                   std::optional<rlim_t> descriptors = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  void send(int signo) const;

  /// Reads until the process has written `lines` lines, to stdout and stderr together.
  void read_lines(std::size_t lines);

  /// Reads until a line that it has written to stderr holds `text`.
  void read_error_with(std::string_view text);

  /// Reads for so long.
  void read_for(std::chrono::nanoseconds span);

  /// Reads to the end, and ends the process by SIGKILL after half a minute.
  Result wait();

 private:
  struct Stream {
    int fd = -1;
    std::string rest;  // an unfinished line
    std::vector<Line> lines;
  };

  void become_tool(const std::vector<std::string>& arguments, Stdout out, int out_fd, int err_fd,
                   std::optional<rlim_t> descriptors);
  /// False when both streams are at their end, or at `deadline`.
  bool read_some(Clock::time_point deadline);
  static void take(Stream& stream);
  static void close_stream(Stream& stream);

  const Clock::time_point start_ = Clock::now();
  const bool head_1_;
  pid_t pid_ = -1;
  Stream out_;
  Stream err_;
};

/// Runs asyncdemo to its end.
[[nodiscard]] Result run_tool(const std::vector<std::string>& arguments, Stdout out = Stdout::pipe,
                              std::optional<rlim_t> descriptors = {});

/// "gather -n 3" as its words.
[[nodiscard]] std::vector<std::string> words(const std::string& line);

}  // namespace asyncdemo_test
