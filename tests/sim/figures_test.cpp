// How near a swarm comes to what its cables allow: one seed, and all others begin at the same moment.
#include <string>

#include <gtest/gtest.h>

#include "sim/seeds.hpp"
#include "sim/world.hpp"

namespace essaim::sim {
namespace {

struct Figure {
  std::size_t fetchers = 0;
  std::uint32_t chunks = 0;
  std::uint32_t introductions = 0;  // how many each knows from the beginning; as many again, about, know it
  double factor_max = 0;            // of the time that the content takes on one link
  double copies_max = 0;            // that the seed sends
};

void expect(const Figure& figure) {
  constexpr LinkSpec kLink{.up = 12'500'000, .down = 12'500'000};
  WorldSpec spec{.size = figure.chunks * 256 * kKiB, .introductions = figure.introductions, .care = Care::kNone};
  spec.peers.assign(1 + figure.fetchers, PeerSpec{.link = kLink});
  spec.peers.front().role = Role::kSeed;
  World world(spec);
  const auto took = world.run(1h);
  ASSERT_TRUE(took.has_value());
  const double factor = seconds(*took) * static_cast<double>(kLink.up) / static_cast<double>(spec.size);
  EXPECT_LE(factor, figure.factor_max);
  EXPECT_LE(world.copies_sent(0), figure.copies_max);
  const double in_vain = static_cast<double>(world.chunks_in_vain());
  EXPECT_LE(in_vain, 0.01 * static_cast<double>(figure.fetchers * figure.chunks));
  ::testing::Test::RecordProperty("factor", std::to_string(factor));
  ::testing::Test::RecordProperty("copies", std::to_string(world.copies_sent(0)));
}

TEST(Figures, OneFetcherFillsItsLink) { expect({1, 256, 2, 1.02, 1.01}); }

TEST(Figures, EightFetchersTakeLittleLongerThanOne) { expect({8, 512, 9, 1.15, 1.15}); }

TEST(Figures, SixtyFourFetchersTakeAtMostAQuarterLonger) { expect({64, 512, 12, 1.25, 1.25}); }

TEST(Figures, SixtyFourFetchersThatAllKnowEachOtherTakeAtMostAQuarterLonger) {
  if (seeds_wanted() <= kSeedsUnasked)
    GTEST_SKIP() << "takes ten seconds; runs when " << kSeedsVariable << " is larger";
  expect({64, 512, 65, 1.25, 1.25});
}

TEST(Figures, FiveHundredAndTwelveFetchersTakeAtMostTwoFifthsLonger) {
  if (seeds_wanted() <= kSeedsUnasked)
    GTEST_SKIP() << "takes half a minute; runs when " << kSeedsVariable << " is larger";
  expect({512, 640, 6, 1.4, 1.4});
}

}  // namespace
}  // namespace essaim::sim
