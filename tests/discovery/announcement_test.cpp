#include "discovery/announcement.hpp"

#include <cstddef>
#include <cstdint>
#include <string>

#include <gtest/gtest.h>

#include "discovery/limits.hpp"
#include "support/vector_file.hpp"
#include "wire/limits.hpp"

namespace essaim::discovery {
namespace {

using boost::json::value;

std::string datagram_of(const value& vector) {
  std::string text = test::text_at(vector, "text");
  if (const value* const size = vector.as_object().if_contains("pad_to")) {
    text.resize(boost::json::value_to<std::size_t>(*size), ' ');
  }
  return text;
}

template <class T>
T field_or(const value& object, std::string_view name, T otherwise) {
  const value* const field = object.as_object().if_contains(name);
  return field == nullptr ? otherwise : boost::json::value_to<T>(*field);
}

Announcement announcement_of(const value& vector) {
  const value& fields = vector.at("announcement");
  Announcement announcement;
  announcement.kind =
      test::text_at(fields, "kind") == "GOODBYE" ? AnnouncementKind::kGoodbye : AnnouncementKind::kAnnounce;
  announcement.peer_id.text = test::text_at(fields, "peer_id");
  announcement.port = field_or<std::uint16_t>(fields, "port", 0);
  announcement.level = field_or(fields, "level", 0) == 1 ? wire::Level::kPeer : wire::Level::kClassic;
  announcement.name = field_or<std::string>(fields, "name", "");
  announcement.rev = field_or<std::uint64_t>(fields, "rev", 0);
  announcement.ask = field_or(fields, "ask", false);
  return announcement;
}

Announcement example() {
  return {.kind = AnnouncementKind::kAnnounce,
          .peer_id = {"uhurkycu4bh2zcm25hzhkezm3qd2lw6e"},
          .port = 65535,
          .level = wire::Level::kPeer,
          .name = std::string(wire::kNameBytesMax, 'n'),
          .rev = UINT64_MAX,
          .ask = true};
}

TEST(Announcement, IsWrittenAsThePublishedVectors) {
  for (const value& vector : test::read_vectors("announcements.json").at("encoded").as_array()) {
    const Announcement announcement = announcement_of(vector);
    const Bytes bytes = encode_announcement(announcement);
    EXPECT_EQ(as_text(bytes), datagram_of(vector));
    EXPECT_EQ(parse_announcement(bytes), announcement) << datagram_of(vector);
  }
}

TEST(Announcement, IsReadInEveryFormThatPeersMayUse) {
  for (const value& vector : test::read_vectors("announcements.json").at("accepted").as_array()) {
    const auto parsed = parse_announcement(as_bytes(datagram_of(vector)));
    ASSERT_TRUE(parsed) << vector.at("why") << ": " << to_string(parsed.error());
    EXPECT_EQ(*parsed, announcement_of(vector)) << vector.at("why");
  }
}

TEST(Announcement, IsRefusedWithItsReason) {
  for (const value& vector : test::read_vectors("announcements.json").at("refused").as_array()) {
    const auto parsed = parse_announcement(as_bytes(datagram_of(vector)));
    ASSERT_FALSE(parsed) << vector.at("why");
    EXPECT_EQ(to_string(parsed.error()), test::text_at(vector, "error")) << vector.at("why");
  }
}

TEST(Announcement, TakesAnIdOfAtMostItsLimit) {
  const auto with_id_of = [](std::size_t bytes) {
    return parse_announcement(
        as_bytes(R"({"type":"ANNOUNCE","port":1,"peer_id":")" + std::string(bytes, 'i') + R"("})"));
  };
  EXPECT_TRUE(with_id_of(kPeerIdBytesMax - 1));
  EXPECT_TRUE(with_id_of(kPeerIdBytesMax));
  EXPECT_EQ(with_id_of(kPeerIdBytesMax + 1).error(), AnnouncementError::kBadPeerId);
}

TEST(Announcement, IsNoUtf8AndSoNoJson) {
  const auto parsed = parse_announcement(as_bytes("{\"type\":\"ANNOUNCE\",\"peer_id\":\"\xFF\",\"port\":1}"));
  EXPECT_EQ(parsed.error(), AnnouncementError::kNotJson);
}

TEST(Announcement, HasANameOfAtMostItsLimitAndOfWholeCharacters) {
  for (const std::size_t bytes : {wire::kNameBytesMax - 1, wire::kNameBytesMax, wire::kNameBytesMax + 1}) {
    Announcement announcement = example();
    announcement.name = std::string(bytes - 2, 'n') + "é";
    const auto parsed = parse_announcement(encode_announcement(announcement));
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->name, bytes <= wire::kNameBytesMax ? announcement.name : std::string(bytes - 2, 'n'));
  }
}

TEST(Announcement, FitsADatagramWhateverItsTexts) {
  Announcement announcement = example();
  announcement.name = std::string(wire::kNameBytesMax, '\x01');  // each of them takes six bytes of JSON
  EXPECT_EQ(parse_announcement(encode_announcement(announcement))->name, announcement.name);
  announcement.peer_id.text = std::string(kPeerIdBytesMax, '\x01');
  const Bytes bytes = encode_announcement(announcement);
  EXPECT_LE(bytes.size(), wire::kDatagramBytesMax);
  EXPECT_EQ(as_text(bytes).find("name"), std::string_view::npos);
}

TEST(Answer, HasRoomForEveryFieldInWhatAsks) {
  Announcement short_one = example();
  short_one.name = "";
  short_one.rev = 0;
  const Bytes asked = encode_announcement(short_one);
  EXPECT_EQ(asked.size(), kAskBytesMin);
  const auto answer = encode_answer(example(), asked.size());
  ASSERT_TRUE(answer);
  Announcement expected = example();
  expected.ask = false;
  EXPECT_EQ(parse_announcement(*answer), expected);
}

TEST(Answer, IsNeverLargerThanWhatAsked) {
  Announcement nameless = example();
  nameless.ask = false;
  nameless.name = "";
  const std::size_t without_name = encode_announcement(nameless).size();
  nameless.name = example().name;
  const std::size_t whole = encode_announcement(nameless).size();
  for (std::size_t asked = 0; asked <= whole + 1; ++asked) {
    const auto answer = encode_answer(example(), asked);
    EXPECT_EQ(answer.has_value(), asked >= without_name) << asked;
    if (!answer) continue;
    EXPECT_LE(answer->size(), asked);
    EXPECT_EQ(parse_announcement(*answer)->name.empty(), asked < whole) << asked;
  }
}

}  // namespace
}  // namespace essaim::discovery
