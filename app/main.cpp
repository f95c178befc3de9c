#include <csignal>
#include <exception>
#include <new>
#include <string>

#include "command_line/command.hpp"
#include "session/run_session.hpp"
#include "system/process.hpp"
#include "system/streams.hpp"

namespace asyncdemo {
namespace {

int guarded_main(int argc, char** argv) try {
  const Command command = parse_command_line(argc, argv);
  if (command.kind != Command::Kind::text) return run_session(command);
  write_stdout(command.text);
  return kSuccess;
} catch (const UsageError& error) {
  complain(std::string("error: ") + error.what());
  return kUsage;
} catch (const WriteInterrupted&) {
  return end_by_signal(recorded_signal() != 0 ? recorded_signal() : SIGTERM);
} catch (const std::bad_alloc&) {
  complain("error: out of memory");
  return kFailure;
} catch (const std::exception& error) {
  complain(std::string("error: ") + error.what());
  return kFailure;
}

}  // namespace
}  // namespace asyncdemo

int main(int argc, char** argv) {
  asyncdemo::prepare_process();
  return asyncdemo::guarded_main(argc, argv);
}
