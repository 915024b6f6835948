#include "content/link.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "content/chunk_plan.hpp"
#include "content/content_id.hpp"
#include "content/tree_entry.hpp"
#include "support/vector_file.hpp"

namespace essaim::content {
namespace {

std::optional<std::uint64_t> number_at(const boost::json::value& vector, std::string_view field) {
  const boost::json::value& number = vector.at(field);
  if (number.is_null()) return std::nullopt;
  return number.is_string() ? test::decimal_at<std::uint64_t>(vector, field) : number.to_number<std::uint64_t>();
}

Link link_at(const boost::json::value& vector) {
  return Link{.id = *parse_content_id(test::text_at(vector, "id")),
              .name = test::text_at(vector, "name"),
              .size = number_at(vector, "size"),
              .kind = test::text_at(vector, "kind") == "tree" ? ContentKind::kTree : ContentKind::kFile,
              .tree_bytes = number_at(vector, "doc")};
}

TEST(Link, AgreesWithThePublishedLinksBothWays) {
  for (const auto& vector : test::read_vectors("content_links.json").at("valid").as_array()) {
    const std::string text = test::text_at(vector, "link");
    const Link link = link_at(vector);
    EXPECT_EQ(parse_link(text), link) << text;
    EXPECT_EQ(format_link(link), test::text_at(vector, "formatted"));
    EXPECT_EQ(parse_link(format_link(link)), link) << text;
  }
}

TEST(Link, RefusesThePublishedBadLinksForTheirReasons) {
  const std::map<std::string, LinkError> reasons{
      {"too_long", LinkError::kTooLong},  {"scheme", LinkError::kScheme},     {"content_id", LinkError::kContentId},
      {"encoding", LinkError::kEncoding}, {"repeated", LinkError::kRepeated}, {"name", LinkError::kName},
      {"number", LinkError::kNumber},     {"kind", LinkError::kKind}};
  for (const auto& vector : test::read_vectors("content_links.json").at("invalid").as_array()) {
    EXPECT_EQ(parse_link(test::text_at(vector, "link")), fail(reasons.at(test::text_at(vector, "problem"))))
        << test::text_at(vector, "why");
  }
}

TEST(Link, RoundTripsEveryByteThatANameCanHold) {
  for (char32_t c = 0x20; c < 0x800; ++c) {
    if (c == '/' || (c >= 0x7F && c < 0xA0)) continue;
    std::string name = "n";
    if (c < 0x80) {
      name += static_cast<char>(c);
    } else {
      name += static_cast<char>(0xC0U | (c >> 6U));
      name += static_cast<char>(0x80U | (c & 0x3FU));
    }
    const Link link{.name = name};
    ASSERT_EQ(parse_link(format_link(link)), link) << static_cast<std::uint32_t>(c);
  }
}

TEST(Link, HoldsItsLimitsExactly) {
  const std::string plain = format_link(Link{}) + "?x=";
  EXPECT_TRUE(parse_link(plain + std::string(kLinkBytesMax - 1 - plain.size(), 'a')));
  EXPECT_TRUE(parse_link(plain + std::string(kLinkBytesMax - plain.size(), 'a')));
  EXPECT_EQ(parse_link(plain + std::string(kLinkBytesMax + 1 - plain.size(), 'a')), fail(LinkError::kTooLong));

  for (const std::uint64_t below : {0U, 1U}) {
    const Link link{.size = kContentBytesMax - below, .kind = ContentKind::kTree, .tree_bytes = kTreeBytesMax - below};
    EXPECT_EQ(parse_link(format_link(link)), link);
  }
  EXPECT_EQ(parse_link(format_link(Link{.size = kContentBytesMax + 1})), fail(LinkError::kNumber));
  EXPECT_EQ(parse_link(format_link(Link{.kind = ContentKind::kTree, .tree_bytes = kTreeBytesMax + 1})),
            fail(LinkError::kNumber));
}

TEST(Link, OfTheLongestNameIsShortEnoughToBeRead) {
  std::string name;
  while (name.size() + 3 <= kPathPartBytesMax) name += "\u20ac";
  const Link link{
      .name = name, .size = kContentBytesMax, .kind = ContentKind::kTree, .tree_bytes = std::uint64_t{kTreeBytesMax}};
  EXPECT_EQ(parse_link(format_link(link)), link);
}

}  // namespace
}  // namespace essaim::content
