#include "system/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

#include "system/streams.hpp"

namespace asyncdemo {

OutputFile::OutputFile(std::string name) : name_(std::move(name)) {
  if (name_ == "-") return;
  fd_.reset(::open(name_.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0666));
  if (!fd_) fail(errno);
}

bool OutputFile::is_same_as(const OutputFile& other) const {
  struct stat mine{};
  struct stat others{};
  if (!fd_ || !other.fd_) return name_ == other.name_;
  if (::fstat(fd_.get(), &mine) != 0 || ::fstat(other.fd_.get(), &others) != 0) return false;
  // Two outputs may share a device, but not a regular file.
  return S_ISREG(mine.st_mode) && mine.st_dev == others.st_dev && mine.st_ino == others.st_ino;
}

void OutputFile::write(std::string_view text) {
  if (name_ == "-") {
    write_stdout(text);
    return;
  }
  // A pipe or a device cannot be emptied, and need not be.
  if (!std::exchange(emptied_, true)) (void)::ftruncate(fd_.get(), 0);
  const int error = write_all(fd_.get(), text);
  if (error == EINTR) throw WriteInterrupted();
  if (error != 0) fail(error);
}

void OutputFile::fail(int error) const {
  throw std::system_error(error, std::generic_category(), "cannot write to " + name_);
}

}  // namespace asyncdemo
