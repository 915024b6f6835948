// Whoever asks for how much, the queue keeps its invariants, holds no more than its limits, and gives every request
// once.
#include <array>
#include <cstddef>
#include <cstdint>
#include <set>

#include "base/assert.hpp"
#include "fuzz/choices.hpp"
#include "swarm/upload_queue.hpp"

using namespace essaim;
using namespace essaim::swarm;

namespace {

constexpr std::uint32_t kAskers = 24;

std::optional<std::uint64_t> rate_of(std::uint8_t choice) {
  return choice % 4 == 0 ? std::optional<std::uint64_t>(choice * kMiB) : std::nullopt;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Choices choices(data, size);
  UploadQueue queue({.bytes_per_second = rate_of(choices.byte()), .bytes_per_second_each = rate_of(choices.byte())});
  std::set<UploadTicket> in_service;
  Instant now{std::chrono::seconds(1000)};
  std::uint64_t request = 0;
  std::array<std::uint64_t, kAskers> gone{};  // how often: an id that is gone is not used again
  while (choices.left()) {
    const std::uint32_t who = choices.below(kAskers);
    const AskerId asker{who + kAskers * gone[who]};
    switch (choices.below(8)) {
      case 0:
      case 1:
      case 2: {
        ContentId content;
        content.bytes[0] = static_cast<std::uint8_t>(choices.below(3));
        const std::uint32_t bytes = 1 + choices.number() % content::kChunkBytesMax;
        for (std::uint32_t i = 0; i < choices.byte(); ++i) {
          (void)queue.enqueue({.asker = asker,
                               .request = ++request,
                               .content = content,
                               .chunk = content::ChunkIndex{i},
                               .bytes = bytes},
                              now);
        }
        break;
      }
      case 3:
        while (const auto order = queue.take_next(now)) ASSERT(in_service.insert(order->ticket).second);
        if (const auto deadline = queue.next_deadline()) ASSERT(*deadline > now);
        break;
      case 4:
        if (in_service.empty()) break;
        queue.on_served(*in_service.begin());
        in_service.erase(in_service.begin());
        break;
      case 5:
        queue.on_asker_gone(asker);
        ++gone[who];
        break;
      case 6: queue.cancel(asker, request - choices.byte()); break;
      default: now += std::chrono::milliseconds(choices.byte()); break;
    }
    ASSERT(queue.bytes_in_service() <= kUploadBytesInServiceMax + content::kChunkBytesMax);
    queue.check_invariants();
  }
  return 0;
}
