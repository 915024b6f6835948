// Random commands against a Download, checked by a model that knows only what is on the disk, who holds what, and what
// is in flight. The Driver checks each action against the rules that need no model.
#include <algorithm>
#include <array>
#include <iterator>

#include <gtest/gtest.h>

#include "download_driver.hpp"
#include "swarm/random.hpp"

namespace essaim::swarm {
namespace {

class Chaos {
 public:
  explicit Chaos(std::uint64_t seed) : random_(seed), driver_(make_items(random_), make_options(random_), seed) {
    for (std::uint32_t item = 0; item < kItems; ++item) {
      const std::uint64_t size = driver_.download.item(ItemIndex{item}).size;
      chunks_[item] = content::plan_for(size)->chunks;
      if (chunks_[item] == 0) done_.insert(ItemIndex{item});
      if (chunks_[item] == 1) manifest_known_.insert(ItemIndex{item});
    }
  }

  void run(int steps) {
    for (int step = 0; step < steps && !::testing::Test::HasFailure(); ++step) {
      command();
      obey();
      compare();
    }
  }

  // An honest source ends every download, whatever happened before.
  void finish() {
    driver_.download.resume();
    const SourceId saviour = driver_.add(1000);
    holds_all_[saviour] = true;
    for (int step = 0; step < 5000 && !driver_.download.done(); ++step) {
      obey();
      while (!driver_.manifests.empty()) deliver_manifest(driver_.manifests.begin()->first);
      while (!driver_.asked_of(saviour).empty()) deliver(driver_.first_at(saviour));
      compare();
      const auto deadline = driver_.download.next_deadline();
      if (deadline) driver_.now = std::max(driver_.now, *deadline);
    }
    EXPECT_TRUE(driver_.download.done());
    obey();
    EXPECT_TRUE(driver_.chunks.empty() && driver_.manifests.empty());
  }

 private:
  static constexpr std::uint32_t kItems = 12;
  static constexpr std::uint32_t kSources = 6;

  static std::vector<Item> make_items(Random& random) {
    std::vector<Item> items;
    for (std::uint32_t each = 0; each < kItems; ++each)
      items.push_back({.id = {}, .size = random.below(20) * kChunk / 2});
    return items;
  }
  static DownloadOptions make_options(Random& random) {
    constexpr std::array kOrders{Order::kRarestFirst, Order::kSequential};
    DownloadOptions options{.order = kOrders[random.below(kOrders.size())]};
    if (random.below(4) == 0) options.bytes_per_second = 1 * kMiB;
    return options;
  }

  ChunkRef any_chunk() {
    const auto item = static_cast<std::uint32_t>(random_.below(kItems));
    return chunk_of(item, static_cast<std::uint32_t>(random_.below(chunks_[item] + 1)));  // one too far at times
  }
  SourceId any_source() { return SourceId{static_cast<std::uint32_t>(random_.below(kSources))}; }
  FailReason any_reason() {
    constexpr std::array kReasons{FailReason::kBadHash, FailReason::kNotFound, FailReason::kChanged, FailReason::kBusy,
                                  FailReason::kTimeout, FailReason::kClosed,   FailReason::kDisk};
    return kReasons[random_.below(kReasons.size())];
  }
  template <class Map>
  RequestId any_of(const Map& requests) {
    return std::next(requests.begin(), static_cast<std::ptrdiff_t>(random_.below(requests.size())))->first;
  }

  void command() {
    driver_.now +=
        Duration(static_cast<std::int64_t>(random_.below(5) == 0 ? random_.below(3'000'000) : random_.below(5'000)));
    const std::uint64_t kind = random_.below(20);
    if (kind < 3) {
      const Claim claim = random_.below(3) == 0 ? Claim::kAll : Claim::kNone;
      const SourceId source = any_source();
      driver_.lose(source);
      driver_.add(std::to_underlying(source),
                  {.claim = claim, .requests_max = static_cast<std::uint32_t>(random_.below(6))});
      holds_[source] = {};
      holds_all_[source] = claim == Claim::kAll;
    } else if (kind == 3) {
      driver_.lose(any_source());
    } else if (kind < 8) {
      const SourceId source = any_source();
      const ChunkRef chunk = any_chunk();
      driver_.have(source, {chunk});
      holds_[source].insert(chunk);
    } else if (kind == 8) {
      const SourceId source = any_source();
      const ItemIndex item = any_chunk().item;
      driver_.download.on_have_whole(source, item, driver_.now);
      for (std::uint32_t each = 0; each < chunks_[std::to_underlying(item)]; ++each) {
        holds_[source].insert({item, content::ChunkIndex{each}});
      }
    } else if (kind < 14 && !driver_.chunks.empty()) {
      deliver(any_of(driver_.chunks));
    } else if (kind == 14 && !driver_.chunks.empty()) {
      fail_chunk(any_of(driver_.chunks), any_reason());
    } else if (kind < 17 && !driver_.manifests.empty()) {
      const RequestId id = any_of(driver_.manifests);
      if (random_.below(4) == 0) {
        fail_manifest(id, any_reason());
      } else {
        deliver_manifest(id);
      }
    } else if (kind == 17) {
      rare_command();
    }
  }

  void rare_command() {
    const ChunkRef chunk = any_chunk();
    switch (random_.below(9)) {
      case 0: driver_.download.pause(); break;
      case 1:
      case 2: driver_.download.resume(); break;
      case 3:
        driver_.download.mark_have(chunk);
        note_have(chunk);
        break;
      case 4:
      case 7: driver_.download.set_reading(ReaderId{random_.below(3)}, chunk); break;
      case 8: driver_.download.end_reading(ReaderId{random_.below(3)}); break;
      case 5:
        driver_.download.mark_item_lost(chunk.item);
        std::erase_if(have_, [chunk](const ChunkRef& each) { return each.item == chunk.item; });
        if (chunks_[std::to_underlying(chunk.item)] > 0) done_.erase(chunk.item);
        if (chunks_[std::to_underlying(chunk.item)] > 1) manifest_known_.erase(chunk.item);
        break;
      default:
        driver_.download.mark_manifest_known(chunk.item);
        if (!done_.contains(chunk.item)) manifest_known_.insert(chunk.item);
    }
  }

  void note_have(ChunkRef chunk) {
    const std::uint32_t chunks = chunks_[std::to_underlying(chunk.item)];
    if (std::to_underlying(chunk.chunk) >= chunks) return;
    have_.insert(chunk);
    const auto of_item =
        std::ranges::count_if(have_, [chunk](const ChunkRef& each) { return each.item == chunk.item; });
    if (of_item == static_cast<std::ptrdiff_t>(chunks)) done_.insert(chunk.item);
  }
  void deliver(RequestId id) {
    note_have(driver_.chunks.at(id).chunk);
    driver_.deliver(id);
  }
  void deliver_manifest(RequestId id) {
    manifest_known_.insert(driver_.manifests.at(id).item);
    driver_.deliver_manifest(id);
  }
  void fail_chunk(RequestId id, FailReason reason) {
    const AskChunk ask = driver_.chunks.at(id);
    if (reason == FailReason::kNotFound) spelled_out(ask.source).erase(ask.chunk);
    if (reason == FailReason::kChanged) lose_item(ask.source, ask.chunk.item);
    driver_.fail(id, reason);
  }
  void fail_manifest(RequestId id, FailReason reason) {
    const AskManifest ask = driver_.manifests.at(id);
    if (reason == FailReason::kNotFound || reason == FailReason::kChanged) lose_item(ask.source, ask.item);
    driver_.fail_manifest(id, reason);
  }
  std::set<ChunkRef>& spelled_out(SourceId source) {
    if (std::exchange(holds_all_[source], false)) {
      for (std::uint32_t item = 0; item < kItems; ++item) {
        for (std::uint32_t each = 0; each < chunks_[item]; ++each) holds_[source].insert(chunk_of(item, each));
      }
    }
    return holds_[source];
  }
  void lose_item(SourceId source, ItemIndex item) {
    std::erase_if(spelled_out(source), [item](const ChunkRef& each) { return each.item == item; });
  }

  void obey() {
    for (const Action& action : driver_.step()) {
      const AskChunk* ask = std::get_if<AskChunk>(&action);
      if (ask == nullptr) continue;
      EXPECT_FALSE(have_.contains(ask->chunk));
      EXPECT_TRUE(manifest_known_.contains(ask->chunk.item));
      EXPECT_TRUE(holds_all_[ask->source] || holds_[ask->source].contains(ask->chunk));
    }
  }

  void compare() {
    std::uint64_t bytes = 0;
    for (std::uint32_t item = 0; item < kItems; ++item) {
      for (std::uint32_t each = 0; each < chunks_[item]; ++each) {
        const ChunkRef chunk = chunk_of(item, each);
        ASSERT_EQ(driver_.download.has(chunk), have_.contains(chunk));
        if (have_.contains(chunk))
          bytes += content::plan_for(driver_.download.item(chunk.item).size)->length(chunk.chunk);
      }
    }
    const Progress progress = driver_.download.progress(driver_.now);
    ASSERT_EQ(progress.bytes_verified, bytes);
    ASSERT_EQ(progress.items_done, done_.size());
    ASSERT_EQ(driver_.download.done(), done_.size() == kItems);
  }

  Random random_;
  Driver driver_;
  std::array<std::uint32_t, kItems> chunks_{};
  std::set<ChunkRef> have_;
  std::set<ItemIndex> done_;
  std::set<ItemIndex> manifest_known_;
  std::map<SourceId, std::set<ChunkRef>> holds_;
  std::map<SourceId, bool> holds_all_;
};

TEST(Download, AgreesWithANaiveModelOnRandomCommands) {
  for (std::uint64_t seed = 0; seed < 40 && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    Chaos chaos(seed);
    chaos.run(400);
    chaos.finish();
  }
}

}  // namespace
}  // namespace essaim::swarm
