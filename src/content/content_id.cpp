#include "content/content_id.hpp"

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace essaim::content {

std::string content_id_text(const ContentId& id) { return to_base32(id.view()); }

std::optional<ContentId> parse_content_id(std::string_view text) {
  if (text.size() != kContentIdChars) return std::nullopt;
  const std::optional<Bytes> bytes = from_base32(text);
  if (!bytes) return std::nullopt;
  return ContentId::from(*bytes);
}

}  // namespace essaim::content
