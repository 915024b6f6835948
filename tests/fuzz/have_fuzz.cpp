// Of what a HAVE tells nothing is beyond the content. The first two bytes are how many numbers there are, the rest is
// the bitfield, and as text the message.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "node/have_frames.hpp"

using namespace essaim;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::uint32_t count = data[0] * 256U + data[1];
  const ByteView rest(data + 2, size - 2);
  wire::Have have{.kind = wire::HaveKind::kBitfield};
  const auto of_bits = node::numbers_told(have, rest, count);
  have.kind = wire::HaveKind::kChunks;
  for (std::size_t i = 0; i + 1 < rest.size(); i += 2) have.numbers.push_back(rest[i] * 256U + rest[i + 1]);
  const auto of_list = node::numbers_told(have, {}, count);
  for (const auto* numbers : {&of_bits, &of_list}) {
    ASSERT(std::ranges::all_of(*numbers, [count](std::uint32_t number) { return number < count; }));
  }
  ASSERT(std::ranges::is_sorted(of_bits));
  node::SwarmScope scope{.kind = node::SwarmScope::Kind::kFiles, .numbers = of_bits, .numbers_total = count};
  for (const std::uint32_t number : of_list) {
    const auto item = node::item_of_number(scope, number);
    ASSERT(item.has_value() == std::ranges::binary_search(of_bits, number));
  }
  return 0;
}
