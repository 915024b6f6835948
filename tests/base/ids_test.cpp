#include "base/ids.hpp"

#include <algorithm>
#include <cstddef>
#include <unordered_set>

#include <gtest/gtest.h>

namespace essaim {
namespace {

TEST(Digest, ComesFromExactlyThirtyTwoBytes) {
  EXPECT_FALSE(Leaf::from(Bytes(kDigestBytes - 1, 7)));
  EXPECT_FALSE(Leaf::from(Bytes(kDigestBytes + 1, 7)));
  const Bytes bytes(kDigestBytes, 7);
  const auto leaf = Leaf::from(bytes);
  ASSERT_TRUE(leaf);
  EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), leaf->view().begin()));
}

TEST(Digest, DiffersByEachOfItsBytes) {
  std::unordered_set<ContentId> ids{ContentId{}};
  for (std::size_t i = 0; i < kDigestBytes; ++i) {
    ContentId id;
    id.bytes[i] = 1;
    EXPECT_TRUE(ids.insert(id).second) << i;
  }
}

}  // namespace
}  // namespace essaim
