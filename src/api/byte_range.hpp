// Which bytes of a content a request is about (RFC 9110, section 14).
#pragma once
#include <cstdint>
#include <string_view>

namespace essaim::api {

struct ByteRange {
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

struct RangeAnswer {
  enum class Kind {
    kWhole,          // no range, or one that this server may leave aside: several, another unit, malformed
    kPart,           // `range`, which is not empty
    kUnsatisfiable,  // nothing of it is there
  } kind = Kind::kWhole;
  ByteRange range;  // of kWhole: all
};

// `header`: the value of the field Range, empty where there is none. `size`: bytes of the content.
[[nodiscard]] RangeAnswer resolve_range(std::string_view header, std::uint64_t size);

}  // namespace essaim::api
