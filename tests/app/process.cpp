#include "process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <sstream>
#include <system_error>

namespace asyncdemo_test {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 30s;

int checked(int result, const char* call) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), call);
  return result;
}

struct Pipe {
  int read_end;
  int write_end;
};

Pipe make_pipe() {
  std::array<int, 2> fds{};
  checked(::pipe2(fds.data(), O_CLOEXEC), "pipe2");
  return {fds[0], fds[1]};
}

std::string joined(const std::vector<Line>& lines) {
  std::string text;
  for (const Line& line : lines) text += line.text + '\n';
  return text;
}

}  // namespace

std::vector<std::string> Result::out_lines() const {
  std::vector<std::string> texts;
  for (const Line& line : out) texts.push_back(line.text);
  return texts;
}

std::string Result::out_text() const {
  return joined(out);
}

std::string Result::err_text() const {
  return joined(err);
}

Process::Process(const std::vector<std::string>& arguments, Stdout out,
                 std::optional<rlim_t> descriptors)
    : head_1_(out == Stdout::head_1) {
  const Pipe out_pipe = make_pipe();
  const Pipe err_pipe = make_pipe();
  pid_ = checked(::fork(), "fork");
  if (pid_ == 0) {
    become_tool(arguments, out, out_pipe.write_end, err_pipe.write_end, descriptors);
  }
  (void)::close(out_pipe.write_end);
  (void)::close(err_pipe.write_end);
  out_.fd = out_pipe.read_end;
  err_.fd = err_pipe.read_end;
}

Process::~Process() {
  close_stream(out_);
  close_stream(err_);
  if (pid_ <= 0) return;
  (void)::kill(pid_, SIGKILL);
  (void)::waitpid(pid_, nullptr, 0);
}

/// Runs in the child, between fork and exec.
void Process::become_tool(const std::vector<std::string>& arguments, Stdout out, int out_fd,
                          int err_fd, std::optional<rlim_t> descriptors) {
  (void)::dup2(err_fd, STDERR_FILENO);
  if (out == Stdout::full_device) out_fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  if (out == Stdout::as_stderr) out_fd = err_fd;
  if (out == Stdout::closed) {
    (void)::close(STDOUT_FILENO);
  } else {
    (void)::dup2(out_fd, STDOUT_FILENO);
  }
  (void)::signal(SIGINT, SIG_DFL);  // the parent of ctest may ignore them
  (void)::signal(SIGTERM, SIG_DFL);
  std::vector<char*> argv{const_cast<char*>("asyncdemo")};
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  if (descriptors) {
    const rlimit limit{*descriptors, *descriptors};
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
  }
  (void)::execv(ASYNCDEMO_PATH, argv.data());
  ::_exit(127);
}

void Process::send(int signo) const {
  checked(::kill(pid_, signo), "kill");
}

void Process::read_lines(std::size_t lines) {
  const auto deadline = Clock::now() + kPatience;
  while (out_.lines.size() + err_.lines.size() < lines && read_some(deadline)) {
  }
}

void Process::read_error_with(std::string_view text) {
  const auto deadline = Clock::now() + kPatience;
  const auto holds = [text](const Line& line) { return line.text.find(text) != std::string::npos; };
  while (std::none_of(err_.lines.begin(), err_.lines.end(), holds) && read_some(deadline)) {
  }
}

void Process::read_for(std::chrono::nanoseconds span) {
  const auto deadline = Clock::now() + span;
  while (read_some(deadline)) {
  }
}

Result Process::wait() {
  const auto deadline = Clock::now() + kPatience;
  while (read_some(deadline)) {
  }
  if (out_.fd >= 0 || err_.fd >= 0) send(SIGKILL);
  int status = 0;
  checked(::waitpid(pid_, &status, 0), "waitpid");
  pid_ = -1;

  Result result;
  result.end = Clock::now();
  result.elapsed = result.end - start_;
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  if (WIFSIGNALED(status)) result.signal = WTERMSIG(status);
  result.out = std::move(out_.lines);
  result.err = std::move(err_.lines);
  return result;
}

bool Process::read_some(Clock::time_point deadline) {
  std::array<pollfd, 2> entries{pollfd{out_.fd, POLLIN, 0}, pollfd{err_.fd, POLLIN, 0}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
  if ((out_.fd < 0 && err_.fd < 0) || left <= 0ms) return false;
  checked(::poll(entries.data(), entries.size(), static_cast<int>(left.count())), "poll");
  if (entries[0].revents != 0) take(out_);
  if (entries[1].revents != 0) take(err_);
  if (head_1_ && !out_.lines.empty()) close_stream(out_);
  return true;
}

void Process::take(Stream& stream) {
  std::array<char, 4096> buffer{};
  const auto size =
      checked(static_cast<int>(::read(stream.fd, buffer.data(), buffer.size())), "read");
  if (size == 0) {
    if (!stream.rest.empty()) stream.lines.push_back({stream.rest + "<no newline>", Clock::now()});
    close_stream(stream);
    return;
  }
  stream.rest.append(buffer.data(), static_cast<std::size_t>(size));
  for (auto end = stream.rest.find('\n'); end != std::string::npos; end = stream.rest.find('\n')) {
    stream.lines.push_back({stream.rest.substr(0, end), Clock::now()});
    stream.rest.erase(0, end + 1);
  }
}

void Process::close_stream(Stream& stream) {
  if (stream.fd >= 0) (void)::close(stream.fd);
  stream.fd = -1;
}

Result run_tool(const std::vector<std::string>& arguments, Stdout out,
                std::optional<rlim_t> descriptors) {
  return Process(arguments, out, descriptors).wait();
}

std::vector<std::string> words(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> result;
  for (std::string word; stream >> word;) result.push_back(word);
  return result;
}

}  // namespace asyncdemo_test
