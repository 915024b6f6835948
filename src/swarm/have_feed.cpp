#include "swarm/have_feed.hpp"

#include <algorithm>
#include <utility>

#include "base/assert.hpp"

namespace essaim::swarm {
namespace {

std::vector<std::uint32_t> positions(const Bits& bits) {
  std::vector<std::uint32_t> ones;
  ones.reserve(bits.count());
  for (auto one = bits.find_common(bits, 0); one; one = bits.find_common(bits, *one + 1)) {
    ones.push_back(static_cast<std::uint32_t>(*one));
  }
  return ones;
}

}  // namespace

HaveFeed::HaveFeed(std::vector<std::uint32_t> chunks_of_items)
    : chunks_of_items_(std::move(chunks_of_items)), whole_(chunks_of_items_.size()) {}

std::uint32_t HaveFeed::chunks_of(ItemIndex item) const {
  ASSERT(std::to_underlying(item) < chunks_of_items_.size());
  return chunks_of_items_[std::to_underlying(item)];
}

void HaveFeed::on_chunk(ChunkRef chunk) {
  const std::uint32_t chunks = chunks_of(chunk.item);
  ASSERT(std::to_underlying(chunk.chunk) < chunks);
  if (whole(chunk.item)) return;
  Bits& held = in_part_.try_emplace(chunk.item, chunks).first->second;
  if (!held.set(std::to_underlying(chunk.chunk))) return;
  if (held.all()) {
    on_item(chunk.item);
  } else if (!followers_.empty()) {
    new_chunks_.push_back(chunk);
  }
}

void HaveFeed::on_item(ItemIndex item) {
  ASSERT(std::to_underlying(item) < chunks_of_items_.size());
  if (!whole_.set(std::to_underlying(item))) return;
  in_part_.erase(item);
  if (!followers_.empty()) new_items_.push_back(item);
}

void HaveFeed::on_item_lost(ItemIndex item) {
  ASSERT(std::to_underlying(item) < chunks_of_items_.size());
  whole_.reset(std::to_underlying(item));
  in_part_.erase(item);
  std::erase(new_items_, item);
  std::erase_if(new_chunks_, [item](const ChunkRef& chunk) { return chunk.item == item; });
}

void HaveFeed::follow(FollowerId follower) {
  unfollow(follower);
  newcomers_.insert(follower);
}

void HaveFeed::unfollow(FollowerId follower) {
  newcomers_.erase(follower);
  followers_.erase(follower);
  if (followers_.empty()) forget_news();
}

void HaveFeed::forget_news() {
  new_items_.clear();
  new_chunks_.clear();
}

bool HaveFeed::has(ChunkRef chunk) const {
  if (std::to_underlying(chunk.chunk) >= chunks_of(chunk.item)) return false;
  if (whole(chunk.item)) return true;
  const auto part = in_part_.find(chunk.item);
  return part != in_part_.end() && part->second.test(std::to_underlying(chunk.chunk));
}

bool HaveFeed::whole(ItemIndex item) const {
  ASSERT(std::to_underlying(item) < chunks_of_items_.size());
  return whole_.test(std::to_underlying(item));
}

std::uint32_t HaveFeed::chunks_held(ItemIndex item) const {
  if (whole(item)) return chunks_of(item);
  const auto part = in_part_.find(item);
  return part == in_part_.end() ? 0 : static_cast<std::uint32_t>(part->second.count());
}

std::vector<HaveDelivery> HaveFeed::take(Instant now) {
  std::vector<HaveDelivery> deliveries;
  if (has_news() && (!told_at_ || *told_at_ + kHaveInterval <= now)) {
    told_at_ = now;
    deliveries.push_back({{followers_.begin(), followers_.end()}, take_news()});
  }
  if (newcomers_.empty()) return deliveries;
  std::vector<FollowerId> to(newcomers_.begin(), newcomers_.end());
  followers_.merge(newcomers_);
  std::vector<HaveNews> held = state();
  if (held.empty()) return deliveries;
  if (!deliveries.empty() && deliveries.front().news == held) {
    deliveries.front().to.insert(deliveries.front().to.end(), to.begin(), to.end());
    std::ranges::sort(deliveries.front().to);
  } else {
    deliveries.push_back({std::move(to), std::move(held)});
  }
  return deliveries;
}

std::vector<HaveNews> HaveFeed::take_news() {
  std::vector<ItemIndex> items = std::exchange(new_items_, {});
  std::vector<ChunkRef> chunks = std::exchange(new_chunks_, {});
  if (all()) return {HaveNews{.kind = HaveNews::Kind::kAll}};
  std::vector<HaveNews> news;
  if (!items.empty()) {
    std::ranges::sort(items);
    HaveNews& of_items = news.emplace_back(HaveNews{.kind = HaveNews::Kind::kItems});
    for (const ItemIndex item : items) of_items.numbers.push_back(std::to_underlying(item));
  }
  std::erase_if(chunks, [this](const ChunkRef& chunk) { return whole(chunk.item); });
  std::ranges::sort(chunks);
  for (const ChunkRef& chunk : chunks) {
    if (news.empty() || news.back().kind != HaveNews::Kind::kChunks || news.back().item != chunk.item) {
      news.push_back({.kind = HaveNews::Kind::kChunks, .item = chunk.item});
    }
    news.back().numbers.push_back(std::to_underlying(chunk.chunk));
  }
  return news;
}

std::vector<HaveNews> HaveFeed::state() const {
  if (all()) return {HaveNews{.kind = HaveNews::Kind::kAll}};
  std::vector<HaveNews> news;
  if (!whole_.none()) news.push_back({.kind = HaveNews::Kind::kItems, .exact = true, .numbers = positions(whole_)});
  for (const auto& [item, held] : in_part_) {
    news.push_back({.kind = HaveNews::Kind::kChunks, .exact = true, .item = item, .numbers = positions(held)});
  }
  return news;
}

std::optional<Instant> HaveFeed::next_deadline() const {
  const bool holds_some = !whole_.none() || !in_part_.empty();
  if (!newcomers_.empty() && (holds_some || all())) return Instant{};
  if (!has_news()) return std::nullopt;
  return told_at_ ? *told_at_ + kHaveInterval : Instant{};
}

void HaveFeed::check_invariants() const {
  ASSERT(whole_.size() == chunks_of_items_.size());
  for (const auto& [item, held] : in_part_) {
    ASSERT(!whole(item));
    ASSERT(held.size() == chunks_of(item) && !held.none() && !held.all());
  }
  for (const FollowerId newcomer : newcomers_) ASSERT(!followers_.contains(newcomer));
  ASSERT(!followers_.empty() || !has_news());
  for (const ItemIndex item : new_items_) ASSERT(whole(item));
  for (const ChunkRef& chunk : new_chunks_) ASSERT(has(chunk));
}

}  // namespace essaim::swarm
