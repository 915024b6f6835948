#include "cli/download_report.hpp"

#include <sstream>

#include <gtest/gtest.h>

#include "support/example_views.hpp"

namespace essaim::cli {
namespace {

using namespace std::chrono_literals;

class DownloadReports : public ::testing::Test {
 protected:
  Output output(bool terminal, Form form = Form::kText, Verbosity verbosity = Verbosity::kNormal) {
    return Output({out, err, false, terminal, false, [] { return std::size_t{80}; }}, form, verbosity);
  }
  static Instant at(std::chrono::milliseconds time) { return Instant(time); }
  static node::TransferView running() {
    node::TransferView view = test::example_transfer();
    view.failure.reset();
    return view;
  }
  static node::TransferView done() {
    node::TransferView view = running();
    view.state = node::TransferState::kDone;
    return view;
  }
  static std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
  }

  std::ostringstream out;
  std::ostringstream err;
};

TEST_F(DownloadReports, DrawABarAtMostTenTimesASecond) {
  Output terminal = output(true);
  DownloadReport report(terminal);
  report.begun(running());
  for (auto time = 0ms; time < 1s; time += 10ms) report.progressed({running()}, at(time));
  EXPECT_EQ(count(err.str(), "\r"), 10U);
  EXPECT_EQ(count(err.str(), "\n"), 0U);
  EXPECT_EQ(report.ended(done()), ExitCode::kDone);
  EXPECT_TRUE(err.str().ends_with("\r\x1b[K")) << err.str();
  EXPECT_EQ(out.str(), "/home/bob/talk.mp4 (2.6 GiB in 10.2 s, 117 MiB/s from 2 peers)\n");
}

TEST_F(DownloadReports, WriteALineEveryFiveSecondsElsewhere) {
  Output log = output(false);
  DownloadReport report(log);
  report.begun(running());
  for (auto time = 0ms; time <= 12s; time += 100ms) report.progressed({running()}, at(time));
  EXPECT_EQ(err.str(),
            "talk.mp4: 2.6 GiB, into /home/bob/talk.mp4\n"
            "talk.mp4: 45%, 1.2 of 2.6 GiB, 112 MiB/s, 2 sources, 0:13 left\n"
            "talk.mp4: 45%, 1.2 of 2.6 GiB, 112 MiB/s, 2 sources, 0:13 left\n");
}

TEST_F(DownloadReports, EndWithTheDocumentedObject) {
  Output json = output(true, Form::kJson);
  DownloadReport report(json);
  report.begun(running());
  report.progressed({running()}, at(0s));
  report.progressed({running()}, at(1s));
  EXPECT_EQ(report.ended(done()), ExitCode::kDone);
  EXPECT_EQ(count(out.str(), "\n"), 3U);
  EXPECT_TRUE(out.str().starts_with(R"({"event":"started","id":"t1",)"));
  EXPECT_NE(out.str().find("\n{\"event\":\"progress\",\"id\":\"t1\","), std::string::npos);
  EXPECT_TRUE(out.str().ends_with(
      "\n{\"event\":\"done\",\"id\":\"t1\",\"path\":\"/home/bob/talk.mp4\",\"bytes\":2791728742,\"seconds\":10.25,"
      "\"sources\":[{\"peer_id\":\"alice-id\",\"bytes\":1000000000},{\"peer_id\":\"carol-id\",\"bytes\":256277934}]}"
      "\n"))
      << out.str();
  EXPECT_EQ(err.str(), "");
}

TEST_F(DownloadReports, AreSilentWhenQuiet) {
  Output quiet = output(true, Form::kText, Verbosity::kQuiet);
  DownloadReport report(quiet);
  report.begun(running());
  report.progressed({running()}, at(0s));
  report.progressed({running()}, at(10s));
  EXPECT_EQ(report.ended(done()), ExitCode::kDone);
  EXPECT_EQ(out.str() + err.str(), "");
}

TEST_F(DownloadReports, TellWhatWentWrong) {
  Output text = output(false);
  DownloadReport report(text);
  node::TransferView view = test::example_transfer();
  view.state = node::TransferState::kFailed;
  EXPECT_EQ(report.ended(view), ExitCode::kFailed);
  view.state = node::TransferState::kPaused;
  EXPECT_EQ(report.ended(view), ExitCode::kInterrupted);
  view.state = node::TransferState::kCancelled;
  EXPECT_EQ(report.ended(view), ExitCode::kRefused);
  EXPECT_EQ(report.refused("x", {node::FailureCode::kNotFound, "Nobody has x."}), ExitCode::kNotFound);
  EXPECT_EQ(err.str(),
            "essaim: The disk is full.\n"
            "essaim: talk.mp4 was paused. `essaim resume t1` goes on.\n"
            "essaim: talk.mp4 was cancelled.\n"
            "essaim: Nobody has x.\n");
}

TEST_F(DownloadReports, SayThatTheRightContentWasThere) {
  Output text = output(false);
  DownloadReport report(text);
  node::TransferView view = done();
  view.already_there = true;
  EXPECT_EQ(report.ended(view), ExitCode::kDone);
  EXPECT_EQ(out.str(), "/home/bob/talk.mp4 (it was there already)\n");
}

}  // namespace
}  // namespace essaim::cli
