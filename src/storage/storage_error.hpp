// What the disk can answer besides success, as a value.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace essaim::storage {

struct StorageError {
  enum class Kind : std::uint8_t {
    kNotFound,
    kPermission,
    kDiskFull,
    kReadOnly,
    kExists,
    kChanged,     // the file is no longer the one that was looked at
    kOutside,     // the way leads through a symbolic link, so possibly out of the folder
    kNotRegular,  // a device, pipe or socket where a file was expected
    kNotDirectory,
    kLocked,  // another process (holder_pid) uses the home
    kCorrupt,
    kNewer,        // written by a newer version of the program
    kTooManyOpen,  // out of file descriptors: for now, not for ever
    kTooLarge,     // more entries or levels than a limit of ours, or bytes than the file system takes
    kWatchLimit,   // the kernel watches no more folders for this user
    kCancelled,    // given up because the caller asked for it
    kIo,
  };

  Kind kind = Kind::kIo;
  int errno_value = 0;          // 0 where no system call failed
  std::string path;             // what the call was about, relative to the folder it was made in; for people
  std::int64_t holder_pid = 0;  // kLocked only; 0 where it is not known
};

template <class Value>
using Result = Expected<Value, StorageError>;

[[nodiscard]] std::string_view to_string(StorageError::Kind kind);
// A sentence for a person: what happened to which path, and what to do about it. Holds the path as it is: who prints
// it passes it through printable() (base/text.hpp).
[[nodiscard]] std::string describe(const StorageError& error);

// The one place where errno becomes a kind.
[[nodiscard]] StorageError storage_error_of(int errno_value, std::string_view path);
// The failure of the system call just made.
[[nodiscard]] std::unexpected<StorageError> fail_errno(std::string_view path);
[[nodiscard]] std::unexpected<StorageError> fail_kind(StorageError::Kind kind, std::string_view path);

}  // namespace essaim::storage
