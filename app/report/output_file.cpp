#include "report/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "report/streams.hpp"

namespace asyncdemo {

OutputFile::OutputFile(std::string name) : name_(std::move(name)) {
  if (name_ == "-") return;
  fd_.reset(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!fd_) fail(errno);
}

void OutputFile::write(std::string_view text) {
  if (name_ == "-") {
    write_stdout(text);
    return;
  }
  // A pipe or a device cannot be emptied, and need not be.
  if (!std::exchange(emptied_, true)) (void)::ftruncate(fd_.get(), 0);
  if (const int error = write_all(fd_.get(), text); error != 0) fail(error);
}

void OutputFile::fail(int error) const {
  throw std::system_error(error, std::generic_category(), "cannot write to " + name_);
}

}  // namespace asyncdemo
