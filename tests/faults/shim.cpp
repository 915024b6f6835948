// Makes one call to the system fail, for a program that is started with this library preloaded.
//
//   ESSAIM_FAULT        CALL:WHAT@N: the N-th call of that kind below ESSAIM_FAULT_BELOW fails. CALL is one of the
//   words
//                       below. WHAT is ENOSPC, EIO, EACCES, EMFILE or EINTR; or `short`: half of it is done (of calls
//                       that can do half); or `kill`: the process dies there. Of `clock`, WHAT is how many seconds the
//                       wall clock jumps by, once and for all, at its N-th reading.
//   ESSAIM_FAULT_BELOW  a folder, absolute: only files in there fail, so libraries and devices are left alone
//   ESSAIM_FAULT_LOG    a file that gets a line when the fault has happened
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace {

struct Plan {
  std::string call;
  std::string below;
  std::string log;
  int error = 0;
  bool is_short = false;
  bool is_kill = false;
  long jump_seconds = 0;
  unsigned long at = 0;
};

int error_of(std::string_view word) {
  if (word == "ENOSPC") return ENOSPC;
  if (word == "EIO") return EIO;
  if (word == "EACCES") return EACCES;
  if (word == "EMFILE") return EMFILE;
  if (word == "EINTR") return EINTR;
  return 0;
}

Plan read_plan() {
  Plan plan;
  const char* const fault = std::getenv("ESSAIM_FAULT");
  const char* const below = std::getenv("ESSAIM_FAULT_BELOW");
  const char* const log = std::getenv("ESSAIM_FAULT_LOG");
  if (fault == nullptr || below == nullptr || log == nullptr) return plan;
  const std::string text = fault;
  const std::size_t colon = text.find(':');
  const std::size_t at = text.find('@');
  if (colon == std::string::npos || at == std::string::npos) return plan;
  const std::string what = text.substr(colon + 1, at - colon - 1);
  plan = {.call = text.substr(0, colon),
          .below = below,
          .log = log,
          .error = error_of(what),
          .is_short = what == "short",
          .is_kill = what == "kill",
          .jump_seconds = std::atol(what.c_str()),
          .at = std::strtoul(text.c_str() + at + 1, nullptr, 10)};
  return plan;
}

const Plan& plan() {
  static const Plan the_plan = read_plan();
  return the_plan;
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

void tell(const char* call) {
  static const auto open_real = real<int(const char*, int, ...)>("open");
  static const auto write_real = real<ssize_t(int, const void*, size_t)>("write");
  const int fd = open_real(plan().log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const std::string line = std::string(call) + '\n';
  (void)!write_real(fd, line.data(), line.size());
  ::syscall(SYS_close, fd);
}

bool is_below(std::string_view path) { return path.starts_with(plan().below); }

std::string path_of(int fd) {
  char buffer[4096];
  const std::string link = "/proc/self/fd/" + std::to_string(fd);
  const ssize_t length = ::readlink(link.c_str(), buffer, sizeof buffer);
  return length < 0 ? std::string() : std::string(buffer, static_cast<std::size_t>(length));
}

bool is_below(int directory, const char* name) {
  if (name != nullptr && name[0] == '/') return is_below(name);
  return directory != AT_FDCWD && is_below(path_of(directory));
}

// Is it this call's turn to fail?
template <class Below>
bool fails(const char* call, Below below) {
  static std::atomic<unsigned long> calls = 0;
  if (plan().call != call) return false;
  const int kept = errno;
  const bool ours = below();
  errno = kept;
  if (!ours || ++calls != plan().at) return false;
  tell(call);
  if (plan().is_kill) ::kill(::getpid(), SIGKILL);
  errno = plan().error;
  return true;
}
bool fails(const char* call, int fd) {
  return fails(call, [fd] { return is_below(path_of(fd)); });
}
bool fails(const char* call, int directory, const char* name) {
  return fails(call, [=] { return is_below(directory, name); });
}

}  // namespace

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  if (fails("open", AT_FDCWD, path)) return -1;
  return real<int(const char*, int, ...)>("open")(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  if (fails("open", AT_FDCWD, path)) return -1;
  return real<int(const char*, int, ...)>("open64")(path, flags, mode);
}
int openat(int directory, const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  if (fails("open", directory, path)) return -1;
  return real<int(int, const char*, int, ...)>("openat")(directory, path, flags, mode);
}

// openat2 has no function of its own.
long syscall(long number, ...) {
  std::va_list more;
  va_start(more, number);
  long arguments[6];
  for (long& argument : arguments) argument = va_arg(more, long);
  va_end(more);
  if (number == SYS_openat2 &&
      fails("open", static_cast<int>(arguments[0]), reinterpret_cast<const char*>(arguments[1]))) {
    return -1;
  }
  static const auto real_syscall = real<long(long, ...)>("syscall");
  return real_syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
}

ssize_t write(int fd, const void* bytes, size_t count) {
  static const auto real_write = real<ssize_t(int, const void*, size_t)>("write");
  if (!fails("write", fd)) return real_write(fd, bytes, count);
  return plan().is_short ? real_write(fd, bytes, (count + 1) / 2) : -1;
}
ssize_t pwrite(int fd, const void* bytes, size_t count, off_t offset) {
  static const auto real_pwrite = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  if (!fails("write", fd)) return real_pwrite(fd, bytes, count, offset);
  return plan().is_short ? real_pwrite(fd, bytes, (count + 1) / 2, offset) : -1;
}
ssize_t pwrite64(int fd, const void* bytes, size_t count, off_t offset) { return pwrite(fd, bytes, count, offset); }

ssize_t pread(int fd, void* bytes, size_t count, off_t offset) {
  static const auto real_pread = real<ssize_t(int, void*, size_t, off_t)>("pread");
  if (!fails("read", fd)) return real_pread(fd, bytes, count, offset);
  return plan().is_short ? real_pread(fd, bytes, (count + 1) / 2, offset) : -1;
}
ssize_t pread64(int fd, void* bytes, size_t count, off_t offset) { return pread(fd, bytes, count, offset); }

int fsync(int fd) {
  if (fails("sync", fd)) return -1;
  return real<int(int)>("fsync")(fd);
}
int fdatasync(int fd) {
  if (fails("sync", fd)) return -1;
  return real<int(int)>("fdatasync")(fd);
}

int ftruncate(int fd, off_t size) {
  if (fails("size", fd)) return -1;
  return real<int(int, off_t)>("ftruncate")(fd, size);
}
int ftruncate64(int fd, off_t size) { return ftruncate(fd, size); }
int fallocate(int fd, int mode, off_t offset, off_t length) {
  if (fails("size", fd)) return -1;
  return real<int(int, int, off_t, off_t)>("fallocate")(fd, mode, offset, length);
}
int fallocate64(int fd, int mode, off_t offset, off_t length) { return fallocate(fd, mode, offset, length); }

int rename(const char* from, const char* to) {
  if (fails("name", AT_FDCWD, to)) return -1;
  return real<int(const char*, const char*)>("rename")(from, to);
}
int renameat(int from_directory, const char* from, int to_directory, const char* to) {
  if (fails("name", to_directory, to)) return -1;
  return real<int(int, const char*, int, const char*)>("renameat")(from_directory, from, to_directory, to);
}
int renameat2(int from_directory, const char* from, int to_directory, const char* to, unsigned flags) {
  if (fails("name", to_directory, to)) return -1;
  static const auto real_rename = real<int(int, const char*, int, const char*, unsigned)>("renameat2");
  return real_rename(from_directory, from, to_directory, to, flags);
}
int mkdirat(int directory, const char* name, mode_t mode) {
  if (fails("name", directory, name)) return -1;
  return real<int(int, const char*, mode_t)>("mkdirat")(directory, name, mode);
}
int unlinkat(int directory, const char* name, int flags) {
  if (fails("name", directory, name)) return -1;
  return real<int(int, const char*, int)>("unlinkat")(directory, name, flags);
}
int unlink(const char* name) {
  if (fails("name", AT_FDCWD, name)) return -1;
  return real<int(const char*)>("unlink")(name);
}

int clock_gettime(clockid_t clock, timespec* now) {
  static const auto real_clock = real<int(clockid_t, timespec*)>("clock_gettime");
  static std::atomic<unsigned long> readings = 0;
  const int result = real_clock(clock, now);
  if (plan().call != "clock" || clock != CLOCK_REALTIME) return result;
  const unsigned long reading = ++readings;
  if (reading == plan().at) tell("clock");
  if (reading >= plan().at) now->tv_sec += plan().jump_seconds;
  return result;
}

}  // extern "C"
