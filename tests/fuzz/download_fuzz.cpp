// Sources that come, lie, refuse, stay silent and go in any order: the machine of a download keeps its invariants, asks
// nobody for what it has said it does not have, and drops who has lied kLiesMax times.
#include <cstddef>
#include <cstdint>
#include <map>
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
  }
  return items;
}

class Driver {
 public:
  explicit Driver(fuzz::Choices choices) : choices_(choices), items_(items_of(choices_)), download_(items_, {}, 1) {}

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
    switch (choices_.below(9)) {
      case 0:
        download_.on_source_added(source, {.claim = choices_.below(2) == 0 ? Claim::kAll : Claim::kNone}, now_);
        break;
      case 1: download_.on_source_lost(source, now_); break;
      case 2: tell(source, item); break;
      case 3:
      case 4: answer(true); break;
      case 5: answer(false); break;
      case 6: now_ += std::chrono::milliseconds(choices_.byte() * 40); break;
      case 7: choices_.below(2) == 0 ? download_.pause() : download_.resume(); break;
      case 8:
        (void)download_.set_reading(ReaderId{choices_.below(3)}, {item, content::ChunkIndex{choices_.byte()}});
        break;
    }
  }

  void tell(SourceId source, ItemIndex item) {
    std::vector<content::ChunkIndex> chunks;
    for (std::uint32_t i = choices_.below(8); i > 0; --i) chunks.push_back(content::ChunkIndex{choices_.byte()});
    download_.on_have(source, item, chunks, now_);
    if (chunks.empty()) download_.on_have_whole(source, item, now_);
  }

  // Any request: one in flight, one that was cancelled, one that never was.
  void answer(bool well) {
    const RequestId request{choices_.byte()};
    const auto found = asked_.find(request);
    const bool is_manifest = found != asked_.end() && found->second;
    const auto reason = static_cast<FailReason>(choices_.below(7));
    if (is_manifest) {
      well ? download_.on_manifest(request, now_) : download_.on_manifest_failed(request, reason, now_);
    } else {
      well ? download_.on_chunk_verified(request, now_) : download_.on_chunk_failed(request, reason, now_);
    }
  }

  void obey() {
    if (const auto deadline = download_.next_deadline(); deadline && *deadline <= now_) download_.on_time(now_);
    for (const Action& action : download_.take_actions(now_)) {
      if (const auto* chunk = std::get_if<AskChunk>(&action)) {
        ASSERT(!download_.has(chunk->chunk));
        ASSERT(asked_.emplace(chunk->request, false).second);
      } else if (const auto* manifest = std::get_if<AskManifest>(&action)) {
        ASSERT(manifest->count <= kLeavesPerAskMax);
        ASSERT(asked_.emplace(manifest->request, true).second);
      }
    }
    if (const auto deadline = download_.next_deadline()) ASSERT(*deadline > now_);
    static_cast<void>(download_.progress(now_));
  }

  fuzz::Choices choices_;
  std::vector<Item> items_;
  Download download_;
  std::map<RequestId, bool> asked_;  // every request ever made: whether it is for a manifest
  Instant now_{std::chrono::seconds(1000)};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Driver(fuzz::Choices(data, size)).run();
  return 0;
}
