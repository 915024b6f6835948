#include "embed/message_codec.hpp"

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::embed {
namespace {

using namespace std::string_view_literals;

Message message_of(const std::string& json) {
  return to_message({.object = wire::parse_object(json).value()}).value_or(Message{.type = "NONE"});
}

std::string json_of(const Message& message) {
  const Result<Bytes> frame = to_frame(message);
  return frame ? std::string(as_text(*frame).substr(wire::kFrameLengthBytes)) : frame.error();
}

Message message_of_json_bytes(std::size_t bytes) {
  Message message{.type = "T", .peer_id = "p"};
  message.data_json = R"({"x":")" + std::string(bytes - json_of(message).size() - R"("x":"")"sv.size(), 'x') + R"("})";
  return message;
}

TEST(MessageCodec, WritesTheThreeFieldsOfLevelZero) {
  EXPECT_EQ(json_of({"HELLO", "bob", R"( {"a" : [1, 2]} )"}), R"({"type":"HELLO","peer_id":"bob","data":{"a":[1,2]}})");
}

TEST(MessageCodec, ReadsWhatOthersLeaveOut) {
  const Message bare = message_of(R"({"type": "HELLO"})");
  EXPECT_EQ(bare.type, "HELLO");
  EXPECT_EQ(bare.peer_id, "");
  EXPECT_EQ(bare.data_json, "{}");
  const Message odd = message_of(R"({"type": "HELLO", "peer_id": 7, "data": [1], "port": 5001})");
  EXPECT_EQ(odd.peer_id, "");
  EXPECT_EQ(odd.data_json, "{}");
}

TEST(MessageCodec, TakesNoObjectWithoutAType) {
  for (const char* json : {R"({"peer_id": "bob"})", R"({"type": ""})", R"({"type": 3})"}) {
    EXPECT_FALSE(to_message({.object = wire::parse_object(json).value()})) << json;
  }
}

TEST(MessageCodec, SendsNothingThatAPeerCouldNotRead) {
  EXPECT_TRUE(to_frame({.type = std::string(64, 't'), .peer_id = std::string(128, 'p')}));
  EXPECT_FALSE(to_frame({.type = std::string(65, 't'), .peer_id = "bob"}));
  EXPECT_FALSE(to_frame({.type = "HELLO", .peer_id = std::string(129, 'p')}));
  EXPECT_FALSE(to_frame({.type = "", .peer_id = "bob"}));
  EXPECT_FALSE(to_frame({.type = "HELLO", .peer_id = ""}));
  for (const char* data : {"", "[]", "{", "{} {}", R"({"a":1,"a":2})"}) {
    EXPECT_FALSE(to_frame({.type = "HELLO", .peer_id = "bob", .data_json = data})) << data;
  }
}

TEST(MessageCodec, AMessageHasAtMostEightMebibytes) {
  EXPECT_EQ(json_of(message_of_json_bytes(wire::kClassicJsonBytesMax)).size(), wire::kClassicJsonBytesMax);
  EXPECT_FALSE(to_frame(message_of_json_bytes(wire::kClassicJsonBytesMax + 1)));
}

}  // namespace
}  // namespace essaim::embed
