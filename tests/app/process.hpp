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

/// A line that a process wrote, without the newline, and the time at which it was read.
struct Line {
  std::string text;
  Clock::time_point time;
};

/// The end of a process and all that it wrote.
struct Result {
  int exit_code = -1;  ///< -1 if a signal ended it
  int signal = 0;      ///< 0 if it exited
  std::vector<Line> out;
  std::vector<Line> err;
  std::chrono::nanoseconds elapsed{0};
  Clock::time_point end;

  [[nodiscard]] std::vector<std::string> out_lines() const;
  [[nodiscard]] std::string out_text() const;
  [[nodiscard]] std::string err_text() const;
};

/// The target of a process's standard output.
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
  /// `descriptors`: the most that the process may have open.
  explicit Process(const std::vector<std::string>& arguments, Stdout out = Stdout::pipe,
                   std::optional<rlim_t> descriptors = {});
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  void send(int signo) const;

  /// Reads until the process has written `lines` lines, to stdout and stderr together.
  void read_lines(std::size_t lines);

  /// Reads until the process has written a line with `text` to stderr.
  void read_error_with(std::string_view text);

  /// Reads for the time `span`.
  void read_for(std::chrono::nanoseconds span);

  /// Reads to the end. Ends the process by SIGKILL after half a minute.
  Result wait();

 private:
  struct Stream {
    int fd = -1;
    std::string rest;  // an unfinished line
    std::vector<Line> lines;
  };

  void become_tool(const std::vector<std::string>& arguments, Stdout out, int out_fd, int err_fd,
                   std::optional<rlim_t> descriptors);
  /// Returns false when both streams have ended, or at `deadline`.
  bool read_some(Clock::time_point deadline);
  static void take(Stream& stream);
  static void close_stream(Stream& stream);

  const Clock::time_point start_ = Clock::now();
  const bool head_1_;
  pid_t pid_ = -1;
  Stream out_;
  Stream err_;
};

/// Runs asyncdemo to the end.
[[nodiscard]] Result run_tool(const std::vector<std::string>& arguments, Stdout out = Stdout::pipe,
                              std::optional<rlim_t> descriptors = {});

/// Splits "gather -n 3" into words.
[[nodiscard]] std::vector<std::string> words(const std::string& line);

}  // namespace asyncdemo_test
