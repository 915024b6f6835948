#include "base/safe_path.hpp"

#include <map>
#include <string>
#include <string_view>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/vector_file.hpp"

namespace essaim {
namespace {

using ::testing::ElementsAre;

std::string repeated(std::string_view text, std::size_t times) {
  std::string all;
  for (std::size_t i = 0; i < times; ++i) all += text;
  return all;
}

Expected<void, PathError> result_of(const Expected<SafePath, PathError>& path) {
  if (!path) return fail(path.error());
  return {};
}
const Expected<void, PathError> kAllowed{};

TEST(SafePath, TakesThePublishedPathsAndKeepsTheirBytes) {
  for (const auto& vector : test::read_vectors("content_paths.json").at("valid").as_array()) {
    const std::string text = test::unhex_at(vector, "path_hex");
    const auto path = SafePath::parse(text);
    ASSERT_TRUE(path) << text << ": " << to_string(path.error());
    EXPECT_EQ(path->text(), text);
  }
}

TEST(SafePath, RefusesThePublishedPathsForTheirReasons) {
  const std::map<std::string, PathError> reasons{
      {"empty", PathError::kEmpty},       {"too_long", PathError::kTooLong},
      {"too_deep", PathError::kTooDeep},  {"part_too_long", PathError::kPartTooLong},
      {"absolute", PathError::kAbsolute}, {"empty_part", PathError::kEmptyPart},
      {"dot_part", PathError::kDotPart},  {"not_utf8", PathError::kNotUtf8},
      {"control", PathError::kControl}};
  for (const auto& vector : test::read_vectors("content_paths.json").at("invalid").as_array()) {
    const auto path = SafePath::parse(test::unhex_at(vector, "path_hex"));
    EXPECT_EQ(result_of(path), fail(reasons.at(test::text_at(vector, "problem")))) << test::text_at(vector, "path_hex");
  }
}

TEST(SafePath, HoldsItsLimitsExactly) {
  const auto of_bytes = [](std::size_t bytes) {
    std::string text;
    while (bytes - text.size() > kPathPartBytesMax) text += std::string(kPathPartBytesMax - 1, 'a') + "/";
    return text + std::string(bytes - text.size(), 'b');
  };
  EXPECT_EQ(result_of(SafePath::parse(of_bytes(kPathBytesMax - 1))), kAllowed);
  EXPECT_EQ(result_of(SafePath::parse(of_bytes(kPathBytesMax))), kAllowed);
  EXPECT_EQ(result_of(SafePath::parse(of_bytes(kPathBytesMax + 1))), fail(PathError::kTooLong));

  EXPECT_EQ(result_of(SafePath::parse(std::string(kPathPartBytesMax - 1, 'a'))), kAllowed);
  EXPECT_EQ(result_of(SafePath::parse(std::string(kPathPartBytesMax, 'a'))), kAllowed);
  EXPECT_EQ(result_of(SafePath::parse(std::string(kPathPartBytesMax + 1, 'a'))), fail(PathError::kPartTooLong));

  EXPECT_EQ(result_of(SafePath::parse(repeated("a/", kPathDepthMax - 2) + "a")), kAllowed);
  EXPECT_EQ(result_of(SafePath::parse(repeated("a/", kPathDepthMax - 1) + "a")), kAllowed);
  EXPECT_EQ(result_of(SafePath::parse(repeated("a/", kPathDepthMax) + "a")), fail(PathError::kTooDeep));
}

TEST(SafePath, KnowsItsPartsItsNameAndItsParent) {
  const auto deep = *SafePath::parse("a/b c/d");
  EXPECT_THAT(deep.parts(), ElementsAre("a", "b c", "d"));
  EXPECT_EQ(deep.name(), "d");
  EXPECT_EQ(deep.parent_text(), "a/b c");
  const auto flat = *SafePath::parse("a");
  EXPECT_THAT(flat.parts(), ElementsAre("a"));
  EXPECT_EQ(flat.name(), "a");
  EXPECT_EQ(flat.parent_text(), "");
}

TEST(SafePath, AChildIsOnePartFurtherDown) {
  const auto path = *SafePath::parse("a");
  EXPECT_EQ(path.child("b")->text(), "a/b");
  EXPECT_EQ(result_of(path.child("")), fail(PathError::kEmptyPart));
  EXPECT_EQ(result_of(path.child("..")), fail(PathError::kDotPart));
  EXPECT_EQ(result_of(path.child("b/c")), fail(PathError::kSlashInPart));
  EXPECT_EQ(result_of(path.child("/b")), fail(PathError::kSlashInPart));
  EXPECT_EQ(result_of(path.child("\n")), fail(PathError::kControl));
}

TEST(SafePath, AChildOfADeepestPathIsTooDeep) {
  const auto deepest = *SafePath::parse(repeated("a/", kPathDepthMax - 1) + "a");
  EXPECT_EQ(result_of(deepest.child("b")), fail(PathError::kTooDeep));
}

TEST(SafePath, DoesNotJoinALeadByteWithTheNextPart) {
  EXPECT_EQ(result_of(SafePath::parse("a\xc2/\x9b")), fail(PathError::kNotUtf8));
}

}  // namespace
}  // namespace essaim
