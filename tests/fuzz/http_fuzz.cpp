// A request's target is taken apart into UTF-8 without empty parts, and a range of bytes lies in its content. The first
// line is the target, the second the range, the rest the body.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "api/byte_range.hpp"
#include "api/request_body.hpp"
#include "api/target.hpp"
#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"

using namespace essaim;
using namespace essaim::api;

namespace {

std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return line;
}

void check_target(std::string_view text) {
  const auto target = parse_target(text);
  if (!target) {
    ASSERT(!to_string(target.error()).empty());
    return;
  }
  for (const std::string& part : target->parts) ASSERT(is_utf8(part) && parse_target("/" + percent_encode(part)));
  for (const auto& [field, value] : target->query) ASSERT(is_utf8(field) && is_utf8(value));
}

void check_range(std::string_view header) {
  for (const std::uint64_t size : {0ULL, 1ULL, 100ULL, 1ULL << 43U, ~0ULL}) {
    const RangeAnswer answer = resolve_range(header, size);
    ASSERT(answer.range.first <= size && answer.range.count <= size - answer.range.first);
    ASSERT(answer.kind != RangeAnswer::Kind::kPart || answer.range.count > 0);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = as_text({data, size});
  check_target(take_line(rest));
  check_range(take_line(rest));
  if (const auto body = parse_body(rest); !body) ASSERT(!body.error().message.empty());
  return 0;
}
