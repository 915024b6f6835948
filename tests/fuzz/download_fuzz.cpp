// Sources that come, lie, refuse, stay silent and go in any order: the machine of a download keeps its invariants, asks
// nobody for what it has said it does not have, and drops who has lied kLiesMax times.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "fuzz/choices.hpp"
#include "swarm/download.hpp"

using namespace essaim;
using namespace essaim::swarm;

namespace {

constexpr std::uint32_t kSources = 6;

std::vector<Item> items_of(fuzz::Choices& choices) {
  std::vector<Item> items(1 + choices.below(4));
  for (std::size_t i = 0; i < items.size(); ++i) {
    items[i].id.bytes[0] = static_cast<std::uint8_t>(i + 1);
    items[i].size = choices.byte() * std::uint64_t{100'000};
    if (choices.below(4) == 0) items[i].naming = Naming::kDraft;
  }
  return items;
}

DownloadOptions options_of(fuzz::Choices& choices) {
  DownloadOptions options;
  if (choices.below(3) == 0) options.order = Order::kSequential;
  if (choices.below(3) == 0) options.bytes_per_second = 1 + choices.number();
  return options;
}

class Driver {
 public:
  explicit Driver(fuzz::Choices choices)
      : choices_(choices), items_(items_of(choices_)), download_(items_, options_of(choices_), 1) {
    // What an earlier run left.
    for (std::uint32_t i = 0; i < items_.size(); ++i) {
      const ItemIndex item{i};
      switch (choices_.below(5)) {
        case 0: download_.mark_item_done(item); break;
        case 1: download_.mark_manifest_known(item); break;
        case 2:
          if (items_[i].naming == Naming::kDraft) download_.mark_draft_leaves(item, choices_.byte());
          break;
        case 3: download_.mark_have({item, content::ChunkIndex{choices_.below(3)}}); break;
        default: break;
      }
    }
  }

  void run() {
    while (choices_.left()) {
      for (int i = 0; i < 8 && choices_.left(); ++i) {
        step();
        obey();
      }
      download_.check_invariants();  // slow
    }
  }

 private:
  void step() {
    const SourceId source{choices_.below(kSources)};
    const ItemIndex item{choices_.below(static_cast<std::uint32_t>(items_.size()))};
    const ChunkRef chunk{item, content::ChunkIndex{choices_.byte()}};
    switch (choices_.below(13)) {
      case 0:
      case 1:
        download_.on_source_added(source,
                                  {.claim = choices_.below(2) == 0 ? Claim::kAll : Claim::kNone,
                                   .manifests = choices_.below(4) == 0 ? Manifests::kNone : Manifests::kGives,
                                   .requests_max = choices_.below(5)},
                                  now_);
        break;
      case 2: download_.on_source_lost(source, now_); break;
      case 3: tell(source, item); break;
      case 4:
      case 5:
      case 6: answer(true); break;
      case 7: answer(false); break;
      case 8: now_ += std::chrono::milliseconds(choices_.byte() * 40); break;
      case 9: choices_.below(2) == 0 ? download_.pause() : download_.resume(); break;
      case 10: (void)download_.set_reading(ReaderId{choices_.below(3)}, chunk); break;
      case 11: download_.end_reading(ReaderId{choices_.below(3)}); break;
      case 12: download_.mark_item_lost(item); break;
    }
  }

  void tell(SourceId source, ItemIndex item) {
    std::vector<content::ChunkIndex> chunks;
    for (std::uint32_t i = choices_.below(8); i > 0; --i) chunks.push_back(content::ChunkIndex{choices_.byte()});
    download_.on_have(source, item, chunks, now_);
    if (chunks.empty()) download_.on_have_whole(source, item, now_);
  }

  // Any request that was ever made: most are in flight, some were cancelled or answered before.
  void answer(bool well) {
    if (asked_.empty()) return;
    const auto latest = std::prev(
        asked_.end(), 1 + choices_.below(static_cast<std::uint32_t>(std::min<std::size_t>(asked_.size(), 200))));
    const auto [request, work] = *latest;
    const auto reason = static_cast<FailReason>(choices_.below(7));
    if (!work.count) {
      well ? download_.on_chunk_verified(request, now_) : download_.on_chunk_failed(request, reason, now_);
    } else if (!well) {
      download_.on_manifest_failed(request, reason, now_);
    } else if (items_[std::to_underlying(work.item)].naming == Naming::kDraft) {
      download_.on_draft_leaves(request, choices_.byte() % (*work.count + 1), now_);
    } else {
      download_.on_manifest(request, now_);
    }
  }

  void obey() {
    if (const auto deadline = download_.next_deadline(); deadline && *deadline <= now_) download_.on_time(now_);
    for (const Action& action : download_.take_actions(now_)) {
      if (const auto* chunk = std::get_if<AskChunk>(&action)) {
        ASSERT(!download_.has(chunk->chunk));
        ASSERT(asked_.emplace(chunk->request, Asked{chunk->chunk.item, std::nullopt}).second);
      } else if (const auto* manifest = std::get_if<AskManifest>(&action)) {
        ASSERT(manifest->count <= kLeavesPerAskMax);
        ASSERT(asked_.emplace(manifest->request, Asked{manifest->item, manifest->count}).second);
      }
    }
    if (const auto deadline = download_.next_deadline()) ASSERT(*deadline > now_);
    static_cast<void>(download_.progress(now_));
  }

  fuzz::Choices choices_;
  std::vector<Item> items_;
  Download download_;
  struct Asked {
    ItemIndex item{};
    std::optional<std::uint32_t> count;  // of leaves; nothing: it is for a chunk
  };
  std::map<RequestId, Asked> asked_;  // every request ever made
  Instant now_{std::chrono::seconds(1000)};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Driver(fuzz::Choices(data, size)).run();
  return 0;
}
