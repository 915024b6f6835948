#include "wire/classic_message.hpp"

#include <set>

#include <gtest/gtest.h>

#include "wire/json.hpp"
#include "wire/message_samples.hpp"
#include "wire/message_vectors.hpp"

namespace essaim::wire {
namespace {

Expected<classic::Envelope, FieldFault> receive(const boost::json::object& object) {
  const auto frame = parse_frame_object(wire::serialize(object), Level::kClassic);
  EXPECT_TRUE(frame.has_value()) << wire::serialize(object);
  return classic::parse_message(frame.value());
}

TEST(ClassicMessage, AgreesWithThePublishedVectors) {
  const std::vector<MessageVector> vectors = message_vectors(Level::kClassic);
  ASSERT_FALSE(vectors.empty());
  for (const MessageVector& vector : vectors) {
    SCOPED_TRACE(vector.name);
    const auto message = receive(vector.received);
    if (vector.error) {
      ASSERT_FALSE(message.has_value());
      EXPECT_EQ(std::string(message.error().field) + ": " + std::string(to_string(message.error().error)),
                *vector.error);
    } else {
      ASSERT_TRUE(message.has_value());
      EXPECT_EQ(wire::serialize(classic::to_json(*message)), wire::serialize(vector.meaning));
    }
  }
}

TEST(ClassicMessage, MeansOnTheWireWhatItsFieldsSay) {
  const std::vector<MessageVector> vectors = message_vectors(Level::kClassic);
  for (const Sample<classic::Envelope>& sample : classic_samples()) {
    SCOPED_TRACE(sample.vector);
    const MessageVector* vector = find_vector(vectors, sample.vector);
    ASSERT_NE(vector, nullptr);
    EXPECT_EQ(wire::serialize(classic::to_json(sample.envelope)), wire::serialize(vector->meaning));
    const auto message = receive(vector->received);
    ASSERT_TRUE(message.has_value());
    EXPECT_EQ(*message, sample.envelope);
  }
}

TEST(ClassicMessage, HasASampleOfEveryKind) {
  std::set<std::size_t> kinds;
  for (const Sample<classic::Envelope>& sample : classic_samples()) kinds.insert(sample.envelope.message.index());
  EXPECT_EQ(kinds.size(), std::variant_size_v<classic::Message>);
}

TEST(ClassicMessage, BoundsAChunk) {
  classic::ChunkData chunk{.file_id = "f", .chunk_index = 0, .data = Bytes(kClassicChunkBytesMax, 0x5A)};
  const auto largest = receive(classic::to_json({{"bob"}, chunk}));
  ASSERT_TRUE(largest.has_value());
  EXPECT_EQ(std::get<classic::ChunkData>(largest->message).data, chunk.data);
  for (const std::size_t more : {1U, 2U, 3U}) {
    chunk.data.resize(kClassicChunkBytesMax + more);
    const auto refused = receive(classic::to_json({{"bob"}, chunk}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error(), (FieldFault{FieldError::kTooLong, "chunk_data"}));
  }
}

TEST(ClassicMessage, BoundsAListedFilesTexts) {
  const auto listed = [](std::size_t id_bytes, std::size_t name_bytes) {
    const classic::File file{.file_id = std::string(id_bytes, 'i'), .filename = std::string(name_bytes, 'n')};
    const auto message = receive(classic::to_json({{"bob"}, classic::FileListResponse{{file}}}));
    return std::get<classic::FileListResponse>(message.value().message).files.size();
  };
  EXPECT_EQ(listed(kClassicFileIdBytesMax, kClassicFileNameBytesMax), 1U);
  EXPECT_EQ(listed(kClassicFileIdBytesMax + 1, 1), 0U);
  EXPECT_EQ(listed(1, kClassicFileNameBytesMax + 1), 0U);
}

TEST(ClassicMessage, WritesANameThatIsNotUtf8SoThatTheListStaysReadable) {
  const classic::File file{.file_id = "f", .filename = "caf\xE9.txt"};
  const auto message = receive(classic::to_json({{"bob"}, classic::FileListResponse{{file}}}));
  ASSERT_TRUE(message.has_value());
  EXPECT_EQ(std::get<classic::FileListResponse>(message->message).files.at(0).filename, "caf\\xe9.txt");
}

TEST(FilesThatFit, StopsBeforeTheFrameIsTooLarge) {
  const classic::File file{
      .file_id = std::string(52, 'a'), .filename = std::string(4000, '"'), .hash = sha256_of_abc()};
  const std::vector<classic::File> files(2000, file);
  const std::size_t count = classic::files_that_fit(files);
  EXPECT_GT(count, 900U);
  EXPECT_LT(count, files.size());
  const classic::FileListResponse list{{files.begin(), files.begin() + static_cast<std::ptrdiff_t>(count)}};
  EXPECT_LE(wire::serialize(classic::to_json({{std::string(kPeerIdBytesMax, '"')}, list})).size(),
            kClassicJsonBytesMax);
  EXPECT_EQ(classic::files_that_fit(std::span(files).first(3)), 3U);
}

}  // namespace
}  // namespace essaim::wire
