#include "api/views_json.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "api/json_text.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

namespace json = boost::json;

node::DoctorLine example_finding() { return {"tcp port", node::Verdict::kHint, "5001 is taken", "nothing to do"}; }

node::EntryPage example_page() {
  node::EntryPage page;
  page.entries = {test::example_entry(), node::EntryView()};
  page.cursor = "next";
  return page;
}

// Through text and back; then every field in turn is taken away, or has a type that no field has.
template <class View>
void expect_round_trip(const View& view) {
  const json::object document = to_json(view);
  const json::value read = json::parse(json_text(document));
  const std::optional<View> again = from_json<View>(read);
  ASSERT_TRUE(again) << json_text(document);
  EXPECT_EQ(json_text(to_json(*again)), json_text(document));
  for (const auto& member : document) {
    json::object without = document;
    without.erase(member.key());
    EXPECT_FALSE(from_json<View>(without)) << "without " << member.key();
    json::object wrong = document;
    wrong[member.key()] = json::object({{"not", "this"}});
    EXPECT_FALSE(from_json<View>(wrong)) << "wrong " << member.key();
  }
  EXPECT_FALSE(from_json<View>(json::array()));
}

TEST(ViewsJson, ReadsBackWhatItWrote) {
  expect_round_trip(test::example_peer());
  node::PeerView posing = test::example_peer();
  posing.not_the = PeerId{"cdefghijklmnopqrstuvwxyz23456723"};
  expect_round_trip(posing);
  expect_round_trip(test::example_entry());
  expect_round_trip(example_page());
  expect_round_trip(test::example_share());
  expect_round_trip(test::example_transfer());
  expect_round_trip(test::example_status());
  expect_round_trip(example_finding());
  expect_round_trip(test::example_pairing());
  expect_round_trip(test::example_offer());
  expect_round_trip(node::Failure{node::FailureCode::kAmbiguous, "Two peers are called bob."});
}

TEST(ViewsJson, WritesNullForWhatIsNotKnown) {
  EXPECT_EQ(
      json_text(to_json(node::EntryView())),
      R"({"peer_id":"","peer":"","path":"","kind":"file","size":0,"mtime":0,"id":null,"files":null,"link":null})");
  expect_round_trip(node::EntryPage());
}

TEST(ViewsJson, ReadsEveryWordOfEveryEnum) {
  for (const auto state : {node::TransferState::kWaiting, node::TransferState::kResolving,
                           node::TransferState::kRunning, node::TransferState::kPaused, node::TransferState::kVerifying,
                           node::TransferState::kDone, node::TransferState::kFailed, node::TransferState::kCancelled}) {
    node::TransferView view = test::example_transfer();
    view.state = state;
    EXPECT_EQ(from_json<node::TransferView>(to_json(view))->state, state);
  }
}

TEST(ViewsJson, RefusesNumbersOutOfRange) {
  json::object status = to_json(test::example_status());
  status["port"] = 65536;
  EXPECT_FALSE(from_json<node::StatusView>(status));
  status["port"] = -1;
  EXPECT_FALSE(from_json<node::StatusView>(status));
  status["port"] = 65535;
  EXPECT_TRUE(from_json<node::StatusView>(status));
}

TEST(JsonText, IsJsonWhateverTheTextsHold) {
  const json::object document{{"path", "caf\xE9\n\"\\"}};
  const json::value read = json::parse(json_text(document));
  EXPECT_EQ(read.at("path").as_string(), "caf\\xe9\\u{a}\"\\");
}

TEST(JsonText, WritesNumbersPlainly) {
  const json::array numbers{0.25, 3.0, 1e12, -0.5, 0.0, 18446744073709551615ULL, -7, std::nan("")};
  EXPECT_EQ(json_text(numbers), "[0.25,3.0,1000000000000.0,-0.5,0.0,18446744073709551615,-7,0.0]");
}

}  // namespace
}  // namespace essaim::api
