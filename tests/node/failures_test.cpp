#include "node/failures.hpp"

#include <set>

#include <gtest/gtest.h>

namespace essaim::node {
namespace {

TEST(Failures, KeepTheMeaningAndTheSentenceOfWhatTheDiskSaid) {
  using Kind = storage::StorageError::Kind;
  const std::vector<std::pair<Kind, FailureCode>> expected = {
      {Kind::kNotFound, FailureCode::kNotFound},     {Kind::kPermission, FailureCode::kRefused},
      {Kind::kReadOnly, FailureCode::kRefused},      {Kind::kOutside, FailureCode::kRefused},
      {Kind::kExists, FailureCode::kRefused},        {Kind::kLocked, FailureCode::kRefused},
      {Kind::kCancelled, FailureCode::kInterrupted}, {Kind::kDiskFull, FailureCode::kFailed},
      {Kind::kCorrupt, FailureCode::kFailed},        {Kind::kIo, FailureCode::kFailed},
  };
  for (const auto& [kind, code] : expected) {
    const storage::StorageError error{.kind = kind, .errno_value = 0, .path = "a/b"};
    const Failure failure = failure_of(error);
    EXPECT_EQ(failure.code, code) << to_string(kind);
    EXPECT_EQ(failure.message, describe(error));
  }
}

TEST(Views, NameEachOfTheirValuesOnce) {
  std::set<std::string_view> names;
  for (const auto state :
       {TransferState::kResolving, TransferState::kRunning, TransferState::kPaused, TransferState::kVerifying,
        TransferState::kDone, TransferState::kFailed, TransferState::kCancelled}) {
    names.insert(to_string(state));
  }
  EXPECT_EQ(names.size(), 7U);
  names.clear();
  for (const auto code : {FailureCode::kFailed, FailureCode::kUsage, FailureCode::kNotFound, FailureCode::kAmbiguous,
                          FailureCode::kRefused, FailureCode::kInterrupted}) {
    names.insert(to_string(code));
  }
  EXPECT_EQ(names.size(), 6U);
  EXPECT_FALSE(names.contains(""));
}

}  // namespace
}  // namespace essaim::node
