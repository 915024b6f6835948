#include "cli/progress.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "cli/columns.hpp"
#include "support/example_views.hpp"

namespace essaim::cli {
namespace {

node::TransferView running() {
  node::TransferView view = test::example_transfer();
  view.failure.reset();
  return view;
}

node::TransferView running_folder() {
  node::TransferView view = running();
  view.name = "Photos of the summer holiday in Brittany";
  view.kind = node::EntryKind::kTree;
  view.files_done = 120;
  view.files_total = 400;
  return view;
}

Progress progress_of(const node::TransferView& view) { return summarise({&view, 1}); }

TEST(Progress, ShowsWhatFitsTheWidth) {
  const std::vector<std::pair<std::size_t, std::string>> golden{
      {120, "talk.mp4  [============>               ]  45%  1.2/2.6 GiB  112 MiB/s  2 sources  0:13 left"},
      {80, "talk.mp4  [=======>        ]  45%  1.2/2.6 GiB  112 MiB/s  2 sources  0:13 left"},
      {70, "talk.mp4  [=======>         ]  45%  1.2/2.6 GiB  112 MiB/s  0:13 left"},
      {50, "talk.mp4  [====>     ]  45%  112 MiB/s  0:13 left"},
      {40, "talk.mp4  [====>      ]  45%  112 MiB/s"},
      {30, "talk.mp4  [=====>      ]  45%"},
      {20, " 45% talk.mp4"},
      {10, " 45% tal…"},
      {1, ""},
  };
  for (const auto& [columns, line] : golden) EXPECT_EQ(bar_line(progress_of(running()), columns), line) << columns;
}

TEST(Progress, NeverFillsTheLastColumn) {
  node::TransferView wide = running_folder();
  wide.name = "日本語の名前がとても長いファイル🎬";
  for (const node::TransferView& view : {running(), running_folder(), wide}) {
    for (std::size_t columns = 1; columns < 200; ++columns) {
      EXPECT_LT(columns_of(bar_line(progress_of(view), columns)), columns);
    }
  }
}

TEST(Progress, ShowsTheFilesOfAFolder) {
  const std::string line = bar_line(progress_of(running_folder()), 120);
  EXPECT_NE(line.find("120/400 files"), std::string::npos) << line;
  EXPECT_NE(line.find("Photos of the"), std::string::npos) << line;
}

TEST(Progress, SaysWhyItDoesNotGoOn) {
  node::TransferView view = running();
  view.failure = node::Failure{node::FailureCode::kFailed, "no source\nis near"};
  EXPECT_NE(bar_line(progress_of(view), 100).find("no source\\u{a}is near"), std::string::npos);
  view.failure.reset();
  view.state = node::TransferState::kPaused;
  EXPECT_EQ(plain_line(progress_of(view)), "talk.mp4: 45%, 1.2 of 2.6 GiB, paused");
}

TEST(Progress, IsPlainInALog) {
  EXPECT_EQ(plain_line(progress_of(running())), "talk.mp4: 45%, 1.2 of 2.6 GiB, 112 MiB/s, 2 sources, 0:13 left");
}

TEST(Progress, AddsSeveralDownloadsUp) {
  node::TransferView small = running();
  small.bytes_total = 1000;
  small.bytes_done = 500;
  small.bytes_per_second = 10;
  small.seconds_left = 50;
  small.sources = {{PeerId{"carol-id"}, "carol", 1}, {PeerId{"dave-id"}, "dave", 1}};
  const std::vector<node::TransferView> both{running(), small};
  const Progress progress = summarise(both);
  EXPECT_EQ(progress.label, "2 downloads");
  EXPECT_EQ(progress.bytes_total, running().bytes_total + 1000);
  EXPECT_EQ(progress.sources, 3U);
  EXPECT_EQ(progress.seconds_left, 50);
}

TEST(Progress, CopesWithNothingAndWithNonsense) {
  node::TransferView empty;
  EXPECT_EQ(bar_line(progress_of(empty), 80).find('>'), std::string::npos);
  node::TransferView over = running();
  over.bytes_done = over.bytes_total * 2;
  EXPECT_NE(bar_line(progress_of(over), 80).find("100%"), std::string::npos);
}

}  // namespace
}  // namespace essaim::cli
