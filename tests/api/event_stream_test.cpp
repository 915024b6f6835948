#include "api/event_stream.hpp"

#include <gtest/gtest.h>

#include "api/json_text.hpp"
#include "support/example_views.hpp"

namespace essaim::api {
namespace {

std::vector<StreamEvent> read_all(EventParser& parser) {
  std::vector<StreamEvent> events;
  for (;;) {
    auto event = parser.next();
    if (!event || !*event) return events;
    events.push_back(std::move(**event));
  }
}

TEST(EventStream, WritesNumberNameAndDataOfEachKind) {
  const std::vector<std::pair<node::EventBody, std::string>> cases{
      {node::PeerGone{PeerId{"bob-id"}}, "id: 7\nevent: peer_gone\ndata: {\"peer_id\":\"bob-id\"}\n\n"},
      {node::ShareGone{"Videos\nx"}, "id: 7\nevent: share_gone\ndata: {\"name\":\"Videos\\nx\"}\n\n"},
  };
  for (const auto& [body, text] : cases) EXPECT_EQ(event_text(node::Event{7, body}), text);
  EXPECT_TRUE(event_text({1, node::PeerChanged{test::example_peer()}}).starts_with("id: 1\nevent: peer\ndata: {"));
  EXPECT_TRUE(event_text({2, node::ShareChanged{test::example_share()}}).starts_with("id: 2\nevent: share\ndata: {"));
  EXPECT_TRUE(event_text({3, node::TransferChanged{test::example_transfer()}}).starts_with("id: 3\nevent: transfer\n"));
}

TEST(EventParser, ReadsWhatWasWrittenHoweverItIsCut) {
  const std::string stream = reset_text(5) + std::string(kHeartbeat) +
                             event_text({6, node::TransferChanged{test::example_transfer()}}) +
                             event_text({7, node::PeerGone{PeerId{"x"}}});
  for (std::size_t step = 1; step < 40; ++step) {
    EventParser parser;
    std::vector<StreamEvent> events;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      parser.feed(std::string_view(stream).substr(at, step));
      for (StreamEvent& event : read_all(parser)) events.push_back(std::move(event));
    }
    ASSERT_EQ(events.size(), 3U) << step;
    EXPECT_EQ(events[0].kind, kResetEvent);
    EXPECT_EQ(events[0].number, 5U);
    EXPECT_EQ(events[1].kind, "transfer");
    EXPECT_EQ(events[1].data.at("id").as_string(), "t1");
    EXPECT_EQ(events[2].number, 7U);
  }
}

TEST(EventParser, RefusesWhatIsNotJson) {
  EventParser parser;
  parser.feed("id: 1\nevent: peer\ndata: {\n\n");
  const auto event = parser.next();
  ASSERT_FALSE(event);
  EXPECT_EQ(event.error(), StreamError::kNotJson);
}

TEST(EventParser, LimitsHowLongAnEventIs) {
  const std::string start = "event: x\ndata: \"";
  const std::string fitting(EventParser::kEventBytesMax - start.size() - 1, 'a');
  EventParser parser;
  parser.feed(start + fitting + "\"\n\n");
  EXPECT_TRUE(parser.next());
  parser.feed(start + fitting + "a\"\n\n");
  EXPECT_FALSE(parser.next());
  EventParser endless;
  endless.feed(std::string(EventParser::kEventBytesMax + 1, 'a'));
  EXPECT_FALSE(endless.next());
}

}  // namespace
}  // namespace essaim::api
