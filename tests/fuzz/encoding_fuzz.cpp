// Every encoding of bytes and numbers has one text: what is taken is written the same way again. What is printable can
// do nothing to a terminal.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "access/audience.hpp"
#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/text.hpp"
#include "content/content_id.hpp"
#include "content/decimal.hpp"
#include "content/percent.hpp"
#include "wire/base64.hpp"
#include "wire/error_code.hpp"

using namespace essaim;

namespace {

void check_bytes(ByteView bytes) {
  ASSERT(from_base32(to_base32(bytes)) == Bytes(bytes.begin(), bytes.end()));
  ASSERT(from_hex(to_hex(bytes)) == Bytes(bytes.begin(), bytes.end()));
  ASSERT(wire::from_base64(wire::to_base64(bytes)) == Bytes(bytes.begin(), bytes.end()));
  ASSERT(content::percent_decode(content::percent_encode(as_text(bytes))) == as_text(bytes));
  ASSERT(access::is_key_peer_id(access::peer_id_of_public_key(bytes).text));
}

void check_text(std::string_view text) {
  if (const auto bytes = from_base32(text)) ASSERT(to_base32(*bytes) == text);
  if (const auto bytes = wire::from_base64(text)) ASSERT(wire::to_base64(*bytes) == text);
  if (const auto number = content::parse_decimal<std::uint64_t>(text)) ASSERT(std::to_string(*number) == text);
  if (const auto number = content::parse_decimal<std::int64_t>(text)) ASSERT(std::to_string(*number) == text);
  if (const auto id = content::parse_content_id(text)) ASSERT(content::content_id_text(*id) == text);
  if (const auto address = IpAddress::parse(text)) ASSERT(IpAddress::parse(address->text()) == address);
  if (const auto endpoint = Endpoint::parse(text)) ASSERT(Endpoint::parse(endpoint->text()) == endpoint);
  if (const auto audience = access::parse_audience(text)) {
    ASSERT(access::parse_audience(access::format_audience(*audience)) == audience);
    const access::Viewer stranger;
    for (const access::Trust trust : {access::Trust::kStranger, access::Trust::kTrusted, access::Trust::kBlocked}) {
      const access::Viewer viewer{.proven = PeerId{std::string(access::kKeyPeerIdChars, 'a')}, .trust = trust};
      ASSERT(!access::may_see(*audience, viewer) || access::may_fetch(*audience, viewer));
      ASSERT(!access::may_fetch(*audience, viewer) || trust != access::Trust::kBlocked);
    }
    ASSERT(!access::may_see(*audience, stranger) || audience->kind == access::Audience::Kind::kEveryone);
  }
  static_cast<void>(from_hex(text));
  static_cast<void>(wire::error_code_from_text(text));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const ByteView bytes(data, size);
  check_bytes(bytes);
  check_text(as_text(bytes));
  const std::string shown = printable(as_text(bytes));
  ASSERT(is_utf8(shown) && printable(shown) == shown);
  ASSERT(std::ranges::none_of(shown, [](char c) { return static_cast<std::uint8_t>(c) < 0x20 || c == 0x7F; }));
  return 0;
}
