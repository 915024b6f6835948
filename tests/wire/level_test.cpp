#include "wire/level.hpp"

#include <gtest/gtest.h>

namespace essaim::wire {
namespace {

TEST(Level, IsDecidedByTheFirstByte) {
  for (unsigned byte = 0; byte <= 0xFF; ++byte) {
    const auto level = level_of_first_byte(static_cast<std::uint8_t>(byte));
    if (byte == 0x16) {
      EXPECT_EQ(level, Level::kPeer);
    } else if (byte == 0x00) {
      EXPECT_EQ(level, Level::kClassic);
    } else {
      EXPECT_EQ(level, std::nullopt) << byte;
    }
  }
}

}  // namespace
}  // namespace essaim::wire
