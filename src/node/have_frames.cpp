#include "node/have_frames.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "wire/limits.hpp"
#include "wire/message.hpp"

namespace essaim::node {
namespace {

using swarm::HaveNews;
using wire::HaveKind;

Bytes frame_of(wire::Have have, ByteView bitfield = {}) {
  Bytes frame = wire::encode_message({.payload_bytes = bitfield.size(), .message = std::move(have)});
  frame.insert(frame.end(), bitfield.begin(), bitfield.end());
  return frame;
}

// `numbers`: ascending, not empty.
Bytes bitfield_of(std::span<const std::uint32_t> numbers) {
  Bytes bits(numbers.back() / 8 + 1);
  for (const std::uint32_t number : numbers) bits[number / 8] |= static_cast<std::uint8_t>(0x80U >> (number % 8));
  return bits;
}

struct Told {
  ContentId id;
  HaveKind as_list;
  HaveKind as_bitfield;
  std::span<const std::uint32_t> numbers;
  bool exact = false;
};

// A list longer than this is shorter as a bitfield. But a bitfield tells everything, so only what is exact may be one.
constexpr std::size_t kListedExactlyMax = 64;

std::vector<Bytes> frames_of(const Told& told) {
  std::vector<Bytes> frames;
  if (told.exact && told.numbers.size() > kListedExactlyMax) {
    const Bytes bits = bitfield_of(told.numbers);
    if (bits.size() > wire::kHaveBitfieldBytesMax) return frames;
    frames.push_back(frame_of({.file_id = told.id, .kind = told.as_bitfield, .numbers = {}}, bits));
    return frames;
  }
  for (auto left = told.numbers; !left.empty();) {
    const auto part = left.first(std::min(left.size(), wire::kHaveNumbersMax));
    frames.push_back(frame_of({.file_id = told.id, .kind = told.as_list, .numbers = {part.begin(), part.end()}}));
    left = left.subspan(part.size());
  }
  return frames;
}

}  // namespace

std::vector<Bytes> have_frames(const SwarmScope& scope, const HaveNews& news,
                               const std::function<ContentId(swarm::ItemIndex)>& id_of) {
  if (news.kind == HaveNews::Kind::kChunks) {
    return frames_of({.id = id_of(news.item),
                      .as_list = HaveKind::kChunks,
                      .as_bitfield = HaveKind::kBitfield,
                      .numbers = news.numbers,
                      .exact = news.exact});
  }
  std::vector<Bytes> frames;
  if (scope.kind == SwarmScope::Kind::kContent) {
    // Its one item is whole, in whatever words.
    frames.push_back(frame_of({.file_id = scope.root, .kind = HaveKind::kComplete, .numbers = {}}));
    return frames;
  }
  const bool all = news.kind == HaveNews::Kind::kAll;
  if (all && scope.numbers.size() == scope.numbers_total) {
    frames.push_back(frame_of({.file_id = scope.root, .kind = HaveKind::kAllFiles, .numbers = {}}));
    return frames;
  }
  std::vector<std::uint32_t> numbers;
  if (all) {
    numbers = scope.numbers;
  } else {
    for (const std::uint32_t item : news.numbers) numbers.push_back(scope.numbers.at(item));
  }
  return frames_of({.id = scope.root,
                    .as_list = HaveKind::kFiles,
                    .as_bitfield = HaveKind::kFilesBitfield,
                    .numbers = numbers,
                    .exact = all || news.exact});
}

std::vector<std::uint32_t> numbers_told(const wire::Have& have, ByteView payload, std::uint32_t count) {
  std::vector<std::uint32_t> numbers;
  if (wire::has_list(have.kind)) {
    std::ranges::copy_if(have.numbers, std::back_inserter(numbers), [&](std::uint32_t each) { return each < count; });
    return numbers;
  }
  const auto bits = static_cast<std::uint32_t>(std::min<std::uint64_t>(count, payload.size() * std::uint64_t{8}));
  for (std::uint32_t number = 0; number < bits; ++number) {
    if ((payload[number / 8] & (0x80U >> (number % 8))) != 0) numbers.push_back(number);
  }
  return numbers;
}

std::optional<swarm::ItemIndex> item_of_number(const SwarmScope& scope, std::uint32_t number) {
  const auto at = std::ranges::lower_bound(scope.numbers, number);
  if (at == scope.numbers.end() || *at != number) return std::nullopt;
  return swarm::ItemIndex{static_cast<std::uint32_t>(at - scope.numbers.begin())};
}

}  // namespace essaim::node
