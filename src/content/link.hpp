// A link: the name of some content with all that is needed to fetch and check it, from any peer, as one line of text.
//
//     essaim:<content id>?name=<text>&size=<bytes>[&kind=tree&doc=<bytes>]
//
// A URI (RFC 3986). The query is optional, its fields come in any order, each at most once; fields that a reader does
// not know are ignored. Values are percent-encoded.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/ids.hpp"
#include "base/result.hpp"

namespace essaim::content {

inline constexpr std::string_view kLinkScheme = "essaim:";
inline constexpr std::size_t kLinkBytesMax = 2048;

enum class ContentKind : std::uint8_t { kFile, kTree };

struct Link {
  ContentId id{};
  std::string name{};                   // one SafePath part; empty when the link gives none
  std::optional<std::uint64_t> size{};  // bytes of the file, or of a tree's files together
  ContentKind kind = ContentKind::kFile;
  std::optional<std::uint64_t> tree_bytes{};  // of the tree document; for trees only

  friend bool operator==(const Link&, const Link&) = default;
};

enum class LinkError {
  kTooLong,    // more than kLinkBytesMax bytes
  kScheme,     // does not begin with "essaim:"
  kContentId,  // no content id, or not the one text of one
  kEncoding,   // a byte that no URI has there, a bad percent escape, or a field without '='
  kRepeated,   // a known field comes twice
  kName,       // not one SafePath part
  kNumber,     // size or doc is not the one decimal form of a number in range
  kKind,       // neither "file" nor "tree", or `doc` on a file
};
[[nodiscard]] std::string_view to_string(LinkError error);

[[nodiscard]] Expected<Link, LinkError> parse_link(std::string_view text);
// The inverse. The name, if any, must be a SafePath part.
[[nodiscard]] std::string format_link(const Link& link);

}  // namespace essaim::content
