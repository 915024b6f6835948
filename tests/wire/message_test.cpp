#include "wire/message.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "wire/json.hpp"
#include "wire/message_samples.hpp"
#include "wire/message_vectors.hpp"

namespace essaim::wire {
namespace {

// A message as it arrives: through text, so that every test covers the JSON layer too.
Expected<Envelope, MessageError> receive(const boost::json::object& object) {
  const auto frame = parse_frame_object(wire::serialize(object), Level::kPeer);
  EXPECT_TRUE(frame.has_value()) << wire::serialize(object);
  return parse_message(frame.value());
}

MessageError refusal(const boost::json::object& object) {
  const auto message = receive(object);
  return message ? MessageError{} : message.error();
}

TEST(Message, AgreesWithThePublishedVectors) {
  const std::vector<MessageVector> vectors = message_vectors(Level::kPeer);
  ASSERT_FALSE(vectors.empty());
  for (const MessageVector& vector : vectors) {
    SCOPED_TRACE(vector.name);
    const auto message = receive(vector.received);
    if (vector.error) {
      ASSERT_FALSE(message.has_value());
      EXPECT_EQ(to_string(message.error()), *vector.error);
    } else {
      ASSERT_TRUE(message.has_value()) << to_string(message.error());
      EXPECT_EQ(wire::serialize(to_json(*message)), wire::serialize(vector.meaning));
    }
  }
}

TEST(Message, MeansOnTheWireWhatItsFieldsSay) {
  const std::vector<MessageVector> vectors = message_vectors(Level::kPeer);
  for (const Sample<Envelope>& sample : peer_samples()) {
    SCOPED_TRACE(sample.vector);
    const MessageVector* vector = find_vector(vectors, sample.vector);
    ASSERT_NE(vector, nullptr);
    EXPECT_EQ(wire::serialize(to_json(sample.envelope)), wire::serialize(vector->meaning));
    const auto message = receive(vector->received);
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(*message, sample.envelope);
  }
}

TEST(Message, HasASampleOfEveryKind) {
  std::set<std::size_t> kinds;
  for (const Sample<Envelope>& sample : peer_samples()) kinds.insert(sample.envelope.message.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<Message>);
}

TEST(Message, QuotesTheRequestIdOfAMessageThatItRefuses) {
  const MessageError error = refusal({{"type", "CHUNK_REQUEST"}, {"id", 77}, {"file_id", "?"}});
  EXPECT_EQ(error.id, 77U);
  EXPECT_EQ(to_string(error), "file_id: bad value");
}

TEST(Message, FitsALongErrorMessageIntoItsLimitAtACharacterBoundary) {
  std::string message(kErrorMessageBytesMax - 1, 'm');
  message += "é";
  const auto back = receive(to_json({.message = Error{ErrorCode::kBusy, message}}));
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(std::get<Error>(back->message).message, std::string(kErrorMessageBytesMax - 1, 'm'));
}

TEST(Message, NeverCarriesInvalidUtf8) {
  const boost::json::object object = to_json({.message = Error{ErrorCode::kInternal, "bad \xFF name"}});
  const auto back = receive(object);
  ASSERT_TRUE(back.has_value());
  EXPECT_EQ(std::get<Error>(back->message).message, "bad \\xff name");
}

boost::json::array repeated(std::size_t count, const boost::json::value& element) {
  return boost::json::array(count, element);
}

TEST(Message, BoundsEveryArray) {
  const std::string id = wire::serialize(to_json({.message = Find{{counting_id()}, false}}));
  const boost::json::value file_id = boost::json::parse(id).at("file_ids").at(0);
  const boost::json::object entry{{"path", "a"}, {"kind", "file"}};
  const boost::json::object held{{"file_id", file_id}, {"kind", "partial"}, {"chunks", 1}};
  const boost::json::object peer{{"peer_id", std::string(32, 'a')}};
  struct Case {
    boost::json::object message;
    std::string array;
    boost::json::value element;
    std::size_t count_max;
  };
  const std::vector<Case> cases{
      {{{"type", "FILE_LIST_RESPONSE"}}, "entries", entry, kListPageEntriesMax},
      {{{"type", "SEARCH_RESULT"}}, "entries", entry, kSearchResultsMax},
      {{{"type", "OFFER"}, {"offer", "o"}}, "entries", entry, kOfferEntriesMax},
      {{{"type", "FIND"}}, "file_ids", file_id, kFindIdsMax},
      {{{"type", "FOUND"}}, "entries", held, kFindIdsMax},
      {{{"type", "SWARM"}, {"file_id", file_id}}, "peers", peer, kSwarmPeersMax},
      {{{"type", "HAVE"}, {"file_id", file_id}, {"kind", "chunks"}}, "chunks", 1, kHaveNumbersMax},
      {{{"type", "HAVE"}, {"file_id", file_id}, {"kind", "files"}}, "files", 1, kHaveNumbersMax},
      {{{"type", "HELLO"}, {"name", ""}, {"v", 1}}, "features", "f", kFeaturesMax},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.array + " of " + std::string(c.message.at("type").as_string()));
    boost::json::object message = c.message;
    for (const std::size_t count : {c.count_max - 1, c.count_max}) {
      message[c.array] = repeated(count, c.element);
      EXPECT_TRUE(receive(message).has_value());
    }
    message[c.array] = repeated(c.count_max + 1, c.element);
    EXPECT_EQ(refusal(message).fault, (FieldFault{FieldError::kTooMany, c.array}));
  }
}

TEST(Message, BoundsEveryText) {
  struct Case {
    boost::json::object message;
    std::string text;
    std::size_t bytes_max;
  };
  const std::vector<Case> cases{
      {{{"type", "HELLO"}, {"v", 1}}, "name", kNameBytesMax},
      {{{"type", "HELLO"}, {"name", ""}, {"v", 1}}, "version", kVersionBytesMax},
      {{{"type", "FILE_LIST_REQUEST"}}, "cursor", kCursorBytesMax},
      {{{"type", "SEARCH"}}, "words", kSearchWordsBytesMax},
      {{{"type", "ERROR"}, {"code", "busy"}}, "message", kErrorMessageBytesMax},
      {{}, "type", kTypeBytesMax},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    boost::json::object message = c.message;
    for (const std::size_t bytes : {c.bytes_max - 1, c.bytes_max}) {
      message[c.text] = std::string(bytes, 'x');
      EXPECT_TRUE(receive(message).has_value());
    }
    message[c.text] = std::string(c.bytes_max + 1, 'x');
    EXPECT_EQ(refusal(message).fault, (FieldFault{FieldError::kTooLong, c.text}));
  }
}

ListEntry entry_with_path_of(std::size_t bytes) {
  std::string path(bytes, '"');  // two bytes each in JSON
  for (std::size_t i = 200; i < bytes; i += 200) path[i] = '/';
  return {.path = *SafePath::parse(path), .id = full_id()};
}

TEST(EntriesThatFit, IsAWholePageOfShortOnes) {
  EXPECT_EQ(entries_that_fit({}), 0U);
  const std::vector<ListEntry> entries(kListPageEntriesMax + 1, sample_entries()[0]);
  EXPECT_EQ(entries_that_fit(std::span(entries).first(kListPageEntriesMax - 1)), kListPageEntriesMax - 1);
  EXPECT_EQ(entries_that_fit(entries), kListPageEntriesMax);
}

TEST(EntriesThatFit, StopsBeforeTheFrameIsTooLarge) {
  const std::vector<ListEntry> entries(kListPageEntriesMax, entry_with_path_of(kPathBytesMax));
  const std::size_t count = entries_that_fit(entries);
  EXPECT_GT(count, 100U);
  FileListResponse page{.entries = {entries.begin(), entries.begin() + static_cast<std::ptrdiff_t>(count)},
                        .cursor = std::string(kCursorBytesMax, '\x01')};
  EXPECT_LE(wire::serialize(to_json({.id = 1, .message = page})).size(), kPeerJsonBytesMax);
}

TEST(EntryKind, HasOneTextEach) {
  for (const EntryKind kind : {EntryKind::kFile, EntryKind::kDirectory, EntryKind::kSymlink, EntryKind::kTree}) {
    EXPECT_EQ(entry_kind_from_text(to_text(kind)), kind);
  }
  EXPECT_EQ(entry_kind_from_text("File"), std::nullopt);
}

}  // namespace
}  // namespace essaim::wire
