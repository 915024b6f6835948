// Numbers, columns, tables and labels.
#include <gtest/gtest.h>

#include "cli/columns.hpp"
#include "cli/human.hpp"
#include "cli/labels.hpp"
#include "cli/table.hpp"
#include "support/example_views.hpp"

namespace essaim::cli {
namespace {

TEST(Human, BytesHaveTwoOrThreeDigits) {
  const std::vector<std::pair<std::uint64_t, std::string>> cases{
      {0, "0 B"},
      {999, "999 B"},
      {1000, "1.0 KiB"},
      {1024, "1.0 KiB"},
      {1536, "1.5 KiB"},
      {102'399, "100 KiB"},
      {1'023'999, "1.0 MiB"},
      {1'048'576, "1.0 MiB"},
      {1ULL << 30U, "1.0 GiB"},
      {UINT64_MAX, "16.0 EiB"},
  };
  for (const auto& [bytes, text] : cases) EXPECT_EQ(human_bytes(bytes), text) << bytes;
  EXPECT_EQ(human_rate(-1), "0 B/s");
  EXPECT_EQ(human_rate(117'440'512), "112 MiB/s");
}

TEST(Human, DurationsLookLikeAClock) {
  const std::vector<std::pair<double, std::string>> cases{
      {-5, "0:00"},      {0.4, "0:00"},       {7, "0:07"},           {754, "12:34"},
      {3723, "1:02:03"}, {200'000, "2 days"}, {1e300, "11574 days"},
  };
  for (const auto& [seconds, text] : cases) EXPECT_EQ(human_duration(seconds), text) << seconds;
}

TEST(Human, WhatTookSecondsIsTheirTenths) {
  EXPECT_EQ(human_seconds(0.84), "0.8 s");
  EXPECT_EQ(human_seconds(59.94), "59.9 s");
  EXPECT_EQ(human_seconds(59.95), "1:00");
}

TEST(Human, CountsHaveTheirPlural) {
  EXPECT_EQ(counted(1, "file"), "1 file");
  EXPECT_EQ(counted(0, "file"), "0 files");
}

TEST(Columns, AreThoseOfATerminal) {
  EXPECT_EQ(columns_of("abc"), 3U);
  EXPECT_EQ(columns_of("é"), 1U);
  EXPECT_EQ(columns_of("e\xCC\x81"), 1U);  // e and a combining accent
  EXPECT_EQ(columns_of("日本"), 4U);
  EXPECT_EQ(columns_of("🎬"), 2U);
}

TEST(Columns, TextIsCutBetweenCharacters) {
  EXPECT_EQ(fit("abcdef", 6), "abcdef");
  EXPECT_EQ(fit("abcdef", 5), "abcd…");
  EXPECT_EQ(fit("日本語", 5), "日本…");
  EXPECT_EQ(fit("日本語", 4), "日…");
  EXPECT_EQ(fit("日本語", 1), "…");
  EXPECT_EQ(fit("日本語", 0), "");
}

TEST(Table, AlignsItsColumns) {
  Table table({{"NAME", Align::kLeft, 6}, {"SIZE", Align::kRight}, {"PATH"}});
  table.add({"日本", "1.0 KiB", "/a"});
  table.add({"a long name", "12 B", ""});
  EXPECT_EQ(table.text(),
            "NAME       SIZE  PATH\n"
            "日本    1.0 KiB  /a\n"
            "a lon…     12 B\n");
}

TEST(Table, ShowsNothingOfItsColumnsWithoutRows) { EXPECT_EQ(Table({{"NAME"}}).text(), ""); }

TEST(Table, LetsNoPeerWriteToTheTerminal) {
  Table table({{"NAME"}});
  table.add({"\x1b[2Jevil\n"});
  EXPECT_EQ(table.text(), "NAME\n\\u{1b}[2Jevil\\u{a}\n");
}

TEST(Labels, AreWhatGetTakes) {
  node::EntryView file = test::example_entry();
  node::EntryView folder = file;
  folder.path = "Videos";
  folder.kind = node::EntryKind::kTree;
  node::EntryView other = file;
  other.peer_id = PeerId{"other-id"};
  EXPECT_EQ(entry_labels({file, folder}), (std::vector<std::string>{"bob/Videos/talk.mp4", "bob/Videos/"}));
  EXPECT_EQ(entry_labels({file, other}),
            (std::vector<std::string>{file.peer_id.text + "/Videos/talk.mp4", "other-id/Videos/talk.mp4"}));
  other.peer.clear();
  EXPECT_EQ(entry_labels({other}), std::vector<std::string>{"other-id/Videos/talk.mp4"});
}

TEST(Labels, ShortenOnlyIdsThatAreKeys) {
  node::PeerView peer = test::example_peer();
  EXPECT_EQ(short_id(peer), "abcdefghijkl");
  peer.level = 0;
  EXPECT_EQ(short_id(peer), peer.peer_id.text);
}

}  // namespace
}  // namespace essaim::cli
