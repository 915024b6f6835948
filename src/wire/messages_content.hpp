// Fetching the bytes that a content id names: first the hashes of the chunks, then the chunks.
#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "wire/fields.hpp"

namespace essaim::wire {

// Leaves [first, first + count). 1 <= count <= kManifestLeavesPerRequestMax.
struct ManifestRequest {
  static constexpr std::string_view kType = "MANIFEST_REQUEST";
  ContentId file_id;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  friend bool operator==(const ManifestRequest&, const ManifestRequest&) = default;
};

// Payload: exactly `count` leaves of kLeafBytes each; never more than asked for, fewer only where the manifest ends, or
// ends as yet, of a draft.
struct ManifestData {
  static constexpr std::string_view kType = "MANIFEST_DATA";
  ContentId file_id;
  std::uint32_t first = 0;
  std::uint32_t count = 0;
  std::uint64_t size = 0;                              // bytes of the content
  std::optional<ContentId> content_id = std::nullopt;  // of a draft, with its last leaf: what it turned out to be
  friend bool operator==(const ManifestData&, const ManifestData&) = default;
};

// Chunks [chunk_index, chunk_index + count). 1 <= count <= kChunksPerRequestMax.
struct ChunkRequest {
  static constexpr std::string_view kType = "CHUNK_REQUEST";
  ContentId file_id;
  std::uint32_t chunk_index = 0;
  std::uint32_t count = 1;
  friend bool operator==(const ChunkRequest&, const ChunkRequest&) = default;
};

// Payload: the chunk, 1 to kPayloadBytesMax bytes. A request for several chunks is answered by one frame a chunk, in
// any order, each with the request's id. An ERROR with that id refuses all of them that have not come; who asked may
// drop those that come nevertheless.
struct ChunkData {
  static constexpr std::string_view kType = "CHUNK_DATA";
  ContentId file_id;
  std::uint32_t chunk_index = 0;
  friend bool operator==(const ChunkData&, const ChunkData&) = default;
};

// How many payload bytes may follow the message.
[[nodiscard]] Range<std::uint64_t> payload_range(const ManifestData& message);
[[nodiscard]] Range<std::uint64_t> payload_range(const ChunkData& message);

void read(FieldReader& in, ManifestRequest& message);
void read(FieldReader& in, ManifestData& message);
void read(FieldReader& in, ChunkRequest& message);
void read(FieldReader& in, ChunkData& message);
void write(const ManifestRequest& message, boost::json::object& out);
void write(const ManifestData& message, boost::json::object& out);
void write(const ChunkRequest& message, boost::json::object& out);
void write(const ChunkData& message, boost::json::object& out);

}  // namespace essaim::wire
