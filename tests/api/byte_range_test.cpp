#include "api/byte_range.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace essaim::api {
namespace {

using Kind = RangeAnswer::Kind;

struct Case {
  std::string header;
  std::uint64_t size;
  Kind kind;
  ByteRange range;
};

TEST(ByteRange, IsCutToWhatIsThere) {
  const std::vector<Case> cases{
      {"bytes=0-0", 10, Kind::kPart, {0, 1}},
      {"bytes=0-8", 10, Kind::kPart, {0, 9}},
      {"bytes=0-9", 10, Kind::kPart, {0, 10}},
      {"bytes=0-10", 10, Kind::kPart, {0, 10}},
      {"bytes=8-", 10, Kind::kPart, {8, 2}},
      {"bytes=9-", 10, Kind::kPart, {9, 1}},
      {"bytes=10-", 10, Kind::kUnsatisfiable, {}},
      {"bytes=11-", 10, Kind::kUnsatisfiable, {}},
      {"bytes=9-9", 10, Kind::kPart, {9, 1}},
      {"bytes=10-10", 10, Kind::kUnsatisfiable, {}},
      {"bytes=-1", 10, Kind::kPart, {9, 1}},
      {"bytes=-9", 10, Kind::kPart, {1, 9}},
      {"bytes=-10", 10, Kind::kPart, {0, 10}},
      {"bytes=-11", 10, Kind::kPart, {0, 10}},
      {"bytes=-0", 10, Kind::kUnsatisfiable, {}},
      {"bytes=0-", 0, Kind::kUnsatisfiable, {}},
      {"bytes=-5", 0, Kind::kUnsatisfiable, {}},
      {"bytes=0-99999999999999999999999", 10, Kind::kPart, {0, 10}},
      {"bytes=99999999999999999999999-", 10, Kind::kUnsatisfiable, {}},
      {"bytes=-99999999999999999999999", 10, Kind::kPart, {0, 10}},
  };
  for (const Case& each : cases) {
    const RangeAnswer answer = resolve_range(each.header, each.size);
    EXPECT_EQ(answer.kind, each.kind) << each.header;
    EXPECT_EQ(answer.range, each.range) << each.header;
  }
}

TEST(ByteRange, IsLeftAsideWhereItIsNoneOfOurs) {
  for (const std::string header : {"", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=1", "bytes=5-4",
                                   "bytes=0-1,3-4", "bytes= 0-1", "bytes=+1-2", "bytes=--1", "lines=0-1", "BYTES"}) {
    const RangeAnswer answer = resolve_range(header, 10);
    EXPECT_EQ(answer.kind, Kind::kWhole) << header;
    EXPECT_EQ(answer.range, (ByteRange{0, 10})) << header;
  }
}

}  // namespace
}  // namespace essaim::api
