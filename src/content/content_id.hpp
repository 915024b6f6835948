// A content id as people, links and tree documents write it: 52 characters of lower-case base32.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"

namespace essaim::content {

inline constexpr std::size_t kContentIdChars = 52;

[[nodiscard]] std::string content_id_text(const ContentId& id);
// The inverse; nothing for any other text, so that an id has one text only.
[[nodiscard]] std::optional<ContentId> parse_content_id(std::string_view text);

}  // namespace essaim::content
