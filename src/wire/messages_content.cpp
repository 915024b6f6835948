#include "wire/messages_content.hpp"

#include "base/text.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {
namespace {

constexpr Range<std::uint32_t> kChunkIndexes{0, kChunksPerContentMax - 1};

}  // namespace

Range<std::uint64_t> payload_range(const ManifestData& message) {
  const std::uint64_t bytes = std::uint64_t{message.count} * kLeafBytes;
  return {bytes, bytes};
}

Range<std::uint64_t> payload_range(const ChunkData& /*message*/) { return {1, kPayloadBytesMax}; }

void read(FieldReader& in, ManifestRequest& message) {
  message.file_id = in.content_id("file_id");
  message.first = in.integer("first", kChunkIndexes);
  message.count = in.integer("count", Range<std::uint32_t>{1, kManifestLeavesPerRequestMax});
}

void read(FieldReader& in, ManifestData& message) {
  message.file_id = in.content_id("file_id");
  message.first = in.integer("first", kChunkIndexes);
  message.count = in.integer("count", Range<std::uint32_t>{0, kManifestLeavesPerRequestMax});
  message.size = in.integer("size", Range<std::uint64_t>{0, kContentBytesMax});
  message.content_id = in.find_content_id("content_id");
}

void read(FieldReader& in, ChunkRequest& message) {
  message.file_id = in.content_id("file_id");
  message.chunk_index = in.integer("chunk_index", kChunkIndexes);
  message.count = in.find_integer("count", Range<std::uint32_t>{1, kChunksPerRequestMax}).value_or(1U);
}

void read(FieldReader& in, ChunkData& message) {
  message.file_id = in.content_id("file_id");
  message.chunk_index = in.integer("chunk_index", kChunkIndexes);
}

void write(const ManifestRequest& message, boost::json::object& out) {
  out["file_id"] = to_base32(message.file_id.view());
  out["first"] = message.first;
  out["count"] = message.count;
}

void write(const ManifestData& message, boost::json::object& out) {
  out["file_id"] = to_base32(message.file_id.view());
  out["first"] = message.first;
  out["count"] = message.count;
  out["size"] = message.size;
  if (message.content_id) out["content_id"] = to_base32(message.content_id->view());
}

void write(const ChunkRequest& message, boost::json::object& out) {
  out["file_id"] = to_base32(message.file_id.view());
  out["chunk_index"] = message.chunk_index;
  if (message.count != 1) out["count"] = message.count;
}

void write(const ChunkData& message, boost::json::object& out) {
  out["file_id"] = to_base32(message.file_id.view());
  out["chunk_index"] = message.chunk_index;
}

}  // namespace essaim::wire
