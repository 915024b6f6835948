#include "content/link.hpp"

#include <iterator>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/defence.hpp"
#include "base/safe_path.hpp"
#include "content/chunk_plan.hpp"
#include "content/content_id.hpp"
#include "content/decimal.hpp"
#include "content/percent.hpp"
#include "content/tree_entry.hpp"

namespace essaim::content {
namespace {

constexpr std::string_view kFileKind = "file";
constexpr std::string_view kTreeKind = "tree";

bool is_name(std::string_view text) {
  return text.find('/') == std::string_view::npos && SafePath::parse(text).has_value();
}

// The known fields of a query, decoded; nothing for one that is absent.
struct Query {
  std::optional<std::string> name;
  std::optional<std::string> size;
  std::optional<std::string> kind;
  std::optional<std::string> doc;

  [[nodiscard]] std::optional<std::string>* find(std::string_view field) {
    if (field == "name") return &name;
    if (field == "size") return &size;
    if (field == "kind") return &kind;
    if (field == "doc") return &doc;
    return nullptr;
  }
};

Expected<Query, LinkError> parse_query(std::string_view text) {
  Query query;
  while (true) {
    const std::size_t end = text.find('&');
    const std::string_view field = text.substr(0, end);
    const std::size_t equals = field.find('=');
    if (equals == std::string_view::npos) return fail(LinkError::kEncoding);
    const auto key = percent_decode(field.substr(0, equals));
    auto value = percent_decode(field.substr(equals + 1));
    if (!key || !value) return fail(LinkError::kEncoding);
    if (std::optional<std::string>* const known = query.find(*key)) {
      if (known->has_value()) return fail(LinkError::kRepeated);
      *known = std::move(value);
    }
    if (end == std::string_view::npos) return query;
    text.remove_prefix(end + 1);
  }
}

// Nothing on a bad number; an absent field stays absent.
Expected<std::optional<std::uint64_t>, LinkError> parse_size(const std::optional<std::string>& field,
                                                             std::uint64_t largest) {
  if (!field) return std::nullopt;
  const auto value = parse_decimal<std::uint64_t>(*field);
  if (!value || *value > largest) return fail(LinkError::kNumber);
  return value;
}

Expected<Link, LinkError> apply(const Query& query, const ContentId& id) {
  Link link{.id = id};
  if (query.kind && *query.kind != kFileKind && *query.kind != kTreeKind) return fail(LinkError::kKind);
  if (query.kind == kTreeKind) link.kind = ContentKind::kTree;
  if (query.doc && link.kind != ContentKind::kTree) return fail(LinkError::kKind);
  if (query.name) {
    if (defended(Defence::kLinkName) && !is_name(*query.name)) return fail(LinkError::kName);
    link.name = *query.name;
  }
  const auto size = parse_size(query.size, kContentBytesMax);
  const auto tree_bytes = parse_size(query.doc, kTreeBytesMax);
  if (!size || !tree_bytes) return fail(LinkError::kNumber);
  link.size = *size;
  link.tree_bytes = *tree_bytes;
  return link;
}

}  // namespace

std::string_view to_string(LinkError error) {
  switch (error) {
    case LinkError::kTooLong: return "the link is longer than 2048 bytes";
    case LinkError::kScheme: return "the link does not begin with 'essaim:'";
    case LinkError::kContentId: return "the link's content id is malformed";
    case LinkError::kEncoding: return "the link is not correctly encoded";
    case LinkError::kRepeated: return "a field of the link is there twice";
    case LinkError::kName: return "the name in the link is not allowed as a file name";
    case LinkError::kNumber: return "a size in the link is not a number in range";
    case LinkError::kKind: return "the link is neither to a file nor to a folder";
  }
  return "unknown";
}

Expected<Link, LinkError> parse_link(std::string_view text) {
  if (text.size() > kLinkBytesMax) return fail(LinkError::kTooLong);
  if (!text.starts_with(kLinkScheme)) return fail(LinkError::kScheme);
  text.remove_prefix(kLinkScheme.size());
  const std::size_t question = text.find('?');
  const auto id = parse_content_id(text.substr(0, question));
  if (!id) return fail(LinkError::kContentId);
  if (question == std::string_view::npos) return Link{.id = *id};
  const auto query = parse_query(text.substr(question + 1));
  if (!query) return fail(query.error());
  return apply(*query, *id);
}

std::string format_link(const Link& link) {
  ASSERT(link.name.empty() || is_name(link.name));
  std::string text = fmt::format("{}{}", kLinkScheme, content_id_text(link.id));
  char separator = '?';
  const auto append = [&](std::string_view field, std::string_view value) {
    fmt::format_to(std::back_inserter(text), "{}{}={}", separator, field, value);
    separator = '&';
  };
  if (!link.name.empty()) append("name", percent_encode(link.name));
  if (link.size) append("size", fmt::to_string(*link.size));
  if (link.kind == ContentKind::kTree) append("kind", kTreeKind);
  if (link.kind == ContentKind::kTree && link.tree_bytes) append("doc", fmt::to_string(*link.tree_bytes));
  return text;
}

}  // namespace essaim::content
