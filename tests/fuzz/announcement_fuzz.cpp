// A datagram that is taken is within its limits, survives being written and read again, and is answered within its
// own size.
#include <cstddef>
#include <cstdint>

#include "access/peer_id.hpp"
#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "base/text.hpp"
#include "discovery/announcement.hpp"
#include "discovery/limits.hpp"
#include "wire/limits.hpp"

using namespace essaim;
using namespace essaim::discovery;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto announcement = parse_announcement({data, size});
  if (!announcement) {
    ASSERT(!to_string(announcement.error()).empty());
    return 0;
  }
  ASSERT(size <= wire::kDatagramBytesMax);
  ASSERT(!announcement->peer_id.text.empty() && announcement->peer_id.text.size() <= kPeerIdBytesMax);
  ASSERT(announcement->name.size() <= wire::kNameBytesMax && is_utf8(announcement->name));
  ASSERT(announcement->port != 0 || announcement->kind == AnnouncementKind::kGoodbye);
  ASSERT(announcement->level == wire::Level::kClassic || access::is_key_peer_id(announcement->peer_id.text));

  const Bytes written = encode_announcement(*announcement);
  ASSERT(written.size() <= wire::kDatagramBytesMax);
  ASSERT(!announcement->ask || written.size() >= kAskBytesMin);
  ASSERT(parse_announcement(written) == *announcement);
  if (const auto answer = encode_answer(*announcement, size)) ASSERT(answer->size() <= size);
  return 0;
}
