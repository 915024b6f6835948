#include "content/tree.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "content/chunk_plan.hpp"
#include "content/content_id.hpp"
#include "content/manifest.hpp"
#include "support/vector_file.hpp"

namespace essaim::content {
namespace {

using ::testing::ElementsAre;

SafePath path(std::string_view text) { return *SafePath::parse(text); }
TreeEntry file(std::string_view at, std::uint64_t size) { return {.path = path(at), .size = size}; }
TreeEntry folder(std::string_view at) { return {.path = path(at), .kind = EntryKind::kFolder}; }
TreeEntry symlink(std::string_view at, std::string target) {
  return {.path = path(at), .kind = EntryKind::kSymlink, .target = std::move(target)};
}

TreeEntry entry_at(const boost::json::value& vector) {
  TreeEntry entry{.path = path(test::text_at(vector, "path"))};
  const std::string kind = test::text_at(vector, "kind");
  if (kind == "symlink") {
    entry.kind = EntryKind::kSymlink;
    entry.target = test::text_at(vector, "target");
    return entry;
  }
  entry.mtime = UnixNanos{test::decimal_at<std::int64_t>(vector, "mtime")};
  if (kind == "folder") {
    entry.kind = EntryKind::kFolder;
    return entry;
  }
  entry.size = test::decimal_at<std::uint64_t>(vector, "size");
  entry.executable = vector.at("executable").as_bool();
  entry.id = *parse_content_id(test::text_at(vector, "id"));
  return entry;
}

Expected<std::string, TreeProblem> encode(const std::vector<TreeEntry>& entries) {
  TreeBuilder builder;
  for (const TreeEntry& entry : entries) {
    if (const auto added = builder.add(entry); !added) return fail(added.error());
  }
  return std::move(builder).take();
}

TEST(Tree, AgreesWithThePublishedTreesBothWays) {
  for (const auto& vector : test::read_vectors("content_trees.json").at("valid").as_array()) {
    std::vector<TreeEntry> entries;
    for (const auto& entry : vector.at("entries").as_array()) entries.push_back(entry_at(entry));
    const std::string document = test::text_at(vector, "document");
    EXPECT_EQ(parse_tree(as_bytes(document)), entries) << test::text_at(vector, "name");
    EXPECT_EQ(encode(entries), document);

    EXPECT_EQ(document.size(), vector.at("doc").to_number<std::size_t>());
    EXPECT_TRUE(single_chunk_is(*parse_content_id(test::text_at(vector, "content_id")), as_bytes(document)));
    TreeBuilder builder;
    for (const TreeEntry& entry : entries) ASSERT_TRUE(builder.add(entry));
    EXPECT_EQ(builder.content_bytes(), test::decimal_at<std::uint64_t>(vector, "size"));
    EXPECT_EQ(builder.entries(), entries.size());
  }
}

TEST(Tree, RefusesThePublishedBadTreesForTheirReasonsAndNamesTheLine) {
  const std::map<std::string, TreeProblem> reasons{{"header", TreeProblem::kHeader},
                                                   {"unfinished_line", TreeProblem::kUnfinishedLine},
                                                   {"unknown_kind", TreeProblem::kUnknownKind},
                                                   {"field_count", TreeProblem::kFieldCount},
                                                   {"number", TreeProblem::kNumber},
                                                   {"content_id", TreeProblem::kContentId},
                                                   {"path", TreeProblem::kPath},
                                                   {"target", TreeProblem::kTarget},
                                                   {"order", TreeProblem::kOrder},
                                                   {"no_folder", TreeProblem::kNoFolder},
                                                   {"total_too_large", TreeProblem::kTotalTooLarge}};
  for (const auto& vector : test::read_vectors("content_trees.json").at("invalid").as_array()) {
    const std::string document = test::unhex_at(vector, "document_hex");
    const TreeError wanted{.problem = reasons.at(test::text_at(vector, "problem")),
                           .line = vector.at("line").to_number<std::size_t>()};
    const auto parsed = parse_tree(as_bytes(document));
    ASSERT_FALSE(parsed) << test::text_at(vector, "why");
    EXPECT_EQ(to_string(parsed.error()), to_string(wanted)) << test::text_at(vector, "why");
  }
}

TEST(TreeOrder, IsByPartsSoThatAFoldersContentStandsTogether) {
  std::vector<TreeEntry> entries;
  for (const std::string_view at : {"ab", "a/z", "a-b", "a/b/c", "a!", "B", "a", "a/b", "\u00e9", "a/b!"}) {
    entries.push_back(folder(at));
  }
  sort_in_tree_order(entries);
  std::vector<std::string> order;
  for (const TreeEntry& entry : entries) order.push_back(entry.path.text());
  EXPECT_THAT(order, ElementsAre("B", "a", "a/b", "a/b/c", "a/b!", "a/z", "a!", "a-b", "ab", "\u00e9"));
  EXPECT_TRUE(encode(entries));
}

TEST(TreeOrder, AgreesWithComparingListsOfParts) {
  const std::vector<std::string> names{"a", "b", "a!", "a-b", "ab", "\u00e9"};
  std::vector<SafePath> paths;
  for (const std::string& first : names) {
    paths.push_back(path(first));
    for (const std::string& second : names) paths.push_back(path(first + "/" + second));
  }
  for (const SafePath& left : paths) {
    for (const SafePath& right : paths) {
      EXPECT_EQ(tree_order(left, right), left.parts() <=> right.parts()) << left.text() << " " << right.text();
    }
  }
}

TEST(TargetStaysInside, AgreesWithThePublishedSymlinks) {
  for (const auto& vector : test::read_vectors("content_paths.json").at("symlinks").as_array()) {
    const std::string target = test::text_at(vector, "target");
    EXPECT_EQ(target_stays_inside(path(test::text_at(vector, "link")), target), vector.at("allowed").as_bool())
        << test::text_at(vector, "link") << " -> " << target;
  }
}

TEST(TreeBuilder, RefusesWhatAReaderWouldRefuse) {
  const std::uint64_t most = kContentBytesMax;
  EXPECT_EQ(encode({folder("b"), folder("a")}), fail(TreeProblem::kOrder));
  EXPECT_EQ(encode({folder("a"), folder("a")}), fail(TreeProblem::kOrder));
  EXPECT_EQ(encode({file("a/b", 1)}), fail(TreeProblem::kNoFolder));
  EXPECT_EQ(encode({file("a", 1), file("a/b", 1)}), fail(TreeProblem::kNoFolder));
  EXPECT_EQ(encode({symlink("a", "../b")}), fail(TreeProblem::kTarget));
  EXPECT_EQ(encode({file("a", most + 1)}), fail(TreeProblem::kTotalTooLarge));
  EXPECT_EQ(encode({file("a", most), file("b", 1)}), fail(TreeProblem::kTotalTooLarge));
}

TEST(TreeBuilder, IsAsItWasAfterAnEntryThatItRefused) {
  TreeBuilder builder;
  ASSERT_TRUE(builder.add(file("b", 5)));
  EXPECT_FALSE(builder.add(file("a", 7)));
  EXPECT_FALSE(builder.add(file("c", kContentBytesMax)));
  ASSERT_TRUE(builder.add(file("c", 6)));
  EXPECT_EQ(builder.content_bytes(), 11U);
  EXPECT_EQ(std::move(builder).take(), *encode({file("b", 5), file("c", 6)}));
}

TEST(TreeBuilder, IgnoresFieldsThatTheKindDoesNotUse) {
  TreeEntry odd = folder("a");
  odd.size = kContentBytesMax + 1;
  odd.executable = true;
  odd.target = "../../..";
  EXPECT_EQ(encode({odd}), encode({folder("a")}));
}

TEST(TreeReader, GivesTheSameErrorForEver) {
  const std::string document = "essaim tree 1\nd\t0\tb\nd\t0\ta\nd\t0\tc\n";
  TreeReader reader(as_bytes(document));
  ASSERT_TRUE(reader.next());
  const TreeError wanted{.problem = TreeProblem::kOrder, .line = 3};
  EXPECT_EQ(reader.next(), fail(wanted));
  EXPECT_EQ(reader.next(), fail(wanted));
  EXPECT_EQ(to_string(wanted), "line 3: the entry is out of order or there twice");
}

TEST(TreeReader, SaysTheEndAgainAndAgain) {
  const std::string document = "essaim tree 1\n";
  TreeReader reader(as_bytes(document));
  EXPECT_EQ(reader.next(), std::nullopt);
  EXPECT_EQ(reader.next(), std::nullopt);
}

// The second line is wrong and ends at once, so of all these bytes only the first page is ever touched.
TEST(TreeReader, RefusesADocumentAboveItsLimit) {
  const std::unique_ptr<void, decltype(&std::free)> zeros(std::calloc(kTreeBytesMax + 1, 1), &std::free);
  ASSERT_TRUE(zeros);
  auto* const bytes = static_cast<std::uint8_t*>(zeros.get());
  std::ranges::copy(std::string("essaim tree 1\n\n"), bytes);
  const TreeError taken{.problem = TreeProblem::kUnknownKind, .line = 2};
  EXPECT_EQ(parse_tree(ByteView(bytes, kTreeBytesMax - 1)), fail(taken));
  EXPECT_EQ(parse_tree(ByteView(bytes, kTreeBytesMax)), fail(taken));
  EXPECT_EQ(parse_tree(ByteView(bytes, kTreeBytesMax + 1)),
            fail(TreeError{.problem = TreeProblem::kTooLong, .line = 1}));
}

// Entries by the million are only counted here; the rules that both sides share hold the limit.
TEST(TreeRules, AdmitAsManyEntriesAsTheirLimitSays) {
  TreeRules rules;
  const auto nth = [](std::uint32_t i) { return folder(std::to_string(10'000'000 + i)); };
  for (std::uint32_t i = 0; i < kTreeEntriesMax; ++i) ASSERT_FALSE(rules.admit(nth(i))) << i;
  EXPECT_EQ(rules.entries(), kTreeEntriesMax);
  EXPECT_EQ(rules.admit(nth(kTreeEntriesMax)), TreeProblem::kTooManyEntries);
  EXPECT_EQ(rules.entries(), kTreeEntriesMax);
}

}  // namespace
}  // namespace essaim::content
