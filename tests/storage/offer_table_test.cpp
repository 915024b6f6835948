#include "storage/offer_table.hpp"

#include <gtest/gtest.h>

#include "storage/catalogue.hpp"
#include "support/temp_dir.hpp"

namespace essaim::storage {
namespace {

OfferRecord example_offer() {
  ContentId id;
  id.bytes.fill(7);
  return {.incoming = true,
          .wire_id = "mfrggzdf",
          .created = UnixNanos{1'700'000'000},
          .items = {{.name = "Films",
                     .kind = ShareKind::kFolder,
                     .size = 5,
                     .files = 3,
                     .tree_bytes = 99,
                     .content_id = id,
                     .transfer_id = 12,
                     .arrived = true},
                    {.name = "a.txt", .size = 1, .shared_for_it = true}},
          .peers = {{.id = {"alice"}, .name = "Alice", .state = OfferStage::kAccepted, .reached = true},
                    {.id = {"bob"}, .name = "Bob"}}};
}

TEST(OfferTable, KeepsWhatItIsGivenOverARestart) {
  const test::TempDir dir;
  const std::string path = (dir.path() / "catalogue.db").string();
  OfferRecord offer = example_offer();
  {
    auto catalogue = Catalogue::open(path);
    ASSERT_TRUE(catalogue);
    const auto id = catalogue->offers().add(offer);
    ASSERT_TRUE(id);
    offer.id = *id;
    EXPECT_EQ(*catalogue->offers().all(), std::vector{offer});
    offer.peers[1].state = OfferStage::kDeclined;
    offer.items.pop_back();
    ASSERT_TRUE(catalogue->offers().update(offer));
  }
  auto catalogue = Catalogue::open(path);
  ASSERT_TRUE(catalogue);
  EXPECT_EQ(*catalogue->offers().all(), std::vector{offer});
  ASSERT_TRUE(catalogue->offers().remove(offer.id));
  EXPECT_TRUE(catalogue->offers().all()->empty());
}

TEST(OfferTable, NeverGivesAnIdTwice) {
  const test::TempDir dir;
  auto catalogue = Catalogue::open((dir.path() / "catalogue.db").string());
  ASSERT_TRUE(catalogue);
  const auto first = catalogue->offers().add(example_offer());
  ASSERT_TRUE(catalogue->offers().remove(*first));
  EXPECT_NE(*catalogue->offers().add(example_offer()), *first);
}

}  // namespace
}  // namespace essaim::storage
