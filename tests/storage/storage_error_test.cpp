#include "storage/storage_error.hpp"

#include <cerrno>

#include <gtest/gtest.h>

namespace essaim::storage {
namespace {

using Kind = StorageError::Kind;

TEST(StorageError, GivesEachErrnoItsKind) {
  const struct {
    int errno_value;
    Kind kind;
  } cases[] = {{ENOENT, Kind::kNotFound},
               {EACCES, Kind::kPermission},
               {EPERM, Kind::kPermission},
               {ENOSPC, Kind::kDiskFull},
               {EDQUOT, Kind::kDiskFull},
               {EROFS, Kind::kReadOnly},
               {EEXIST, Kind::kExists},
               {ENOTEMPTY, Kind::kExists},
               {ELOOP, Kind::kOutside},
               {EXDEV, Kind::kOutside},
               {ENOTDIR, Kind::kNotDirectory},
               {EMFILE, Kind::kTooManyOpen},
               {ENFILE, Kind::kTooManyOpen},
               {EIO, Kind::kIo},
               {EINVAL, Kind::kIo}};
  for (const auto& [errno_value, kind] : cases) EXPECT_EQ(storage_error_of(errno_value, "p").kind, kind) << errno_value;
}

TEST(StorageError, SaysWhatHappenedToWhatAndWhatToDo) {
  const std::string full = describe(storage_error_of(ENOSPC, "films/talk.mp4"));
  EXPECT_NE(full.find("films/talk.mp4"), std::string::npos);
  EXPECT_NE(full.find("disk is full"), std::string::npos);
  EXPECT_NE(full.find("Free some space"), std::string::npos);
}

TEST(StorageError, NamesTheProcessThatHoldsTheLock) {
  const StorageError locked{.kind = Kind::kLocked, .errno_value = 0, .path = "/home/x", .holder_pid = 4711};
  EXPECT_NE(describe(locked).find("4711"), std::string::npos);
}

TEST(StorageError, NamesTheSettingThatLimitsWatching) {
  const StorageError limit{.kind = Kind::kWatchLimit, .errno_value = ENOSPC, .path = "", .holder_pid = 0};
  EXPECT_NE(describe(limit).find("fs.inotify.max_user_watches"), std::string::npos);
}

}  // namespace
}  // namespace essaim::storage
