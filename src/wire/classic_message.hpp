// Messages of level 0: {"type", "peer_id", "data": {…}}, as the programs out there speak it: liberal in what is taken
// (a missing peer_id or data, 3.0 for 3, unknown fields, a garbled hash), exact in what is sent.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/json/object.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/result.hpp"
#include "wire/error_code.hpp"
#include "wire/fields.hpp"
#include "wire/frame.hpp"
#include "wire/limits.hpp"

namespace essaim::wire::classic {

struct Announce {
  static constexpr std::string_view kType = "ANNOUNCE";
  friend bool operator==(const Announce&, const Announce&) = default;
};

struct FileListRequest {
  static constexpr std::string_view kType = "FILE_LIST_REQUEST";
  friend bool operator==(const FileListRequest&, const FileListRequest&) = default;
};

struct File {
  std::string file_id;                        // any text, 1 to kClassicFileIdBytesMax bytes
  std::string filename;                       // untrusted: a path only once SafePath has taken it
  std::uint64_t size = 0;                     // bytes
  std::optional<Sha256> hash = std::nullopt;  // of the whole file; nothing where it is absent or no SHA-256
  std::uint32_t chunks_total = 0;  // as the peer says; where it does not, size / kClassicChunkBytes, rounded up
  friend bool operator==(const File&, const File&) = default;
};

struct FileListResponse {
  static constexpr std::string_view kType = "FILE_LIST_RESPONSE";
  std::vector<File> files;  // one that breaks a limit is left out; the others count
  friend bool operator==(const FileListResponse&, const FileListResponse&) = default;
};

struct ChunkRequest {
  static constexpr std::string_view kType = "CHUNK_REQUEST";
  std::string file_id;
  std::uint32_t chunk_index = 0;
  friend bool operator==(const ChunkRequest&, const ChunkRequest&) = default;
};

struct ChunkData {
  static constexpr std::string_view kType = "CHUNK_DATA";
  std::string file_id;
  std::uint32_t chunk_index = 0;
  Bytes data;                                 // at most kClassicChunkBytesMax
  std::optional<Sha256> hash = std::nullopt;  // of the chunk, as its sender claims
  friend bool operator==(const ChunkData&, const ChunkData&) = default;
};

struct Error {
  static constexpr std::string_view kType = "ERROR";
  ErrorCode code = ErrorCode::kInternal;
  std::string message{};  // for people; cut at kErrorMessageBytesMax
  friend bool operator==(const Error&, const Error&) = default;
};

struct Goodbye {
  static constexpr std::string_view kType = "GOODBYE";
  friend bool operator==(const Goodbye&, const Goodbye&) = default;
};

// A type that level 0 does not have: answer ERROR unsupported.
struct Unknown {
  std::string type;
  friend bool operator==(const Unknown&, const Unknown&) = default;
};

// This list is also the table of types that parse_message() knows.
using Message =
    std::variant<Unknown, Announce, FileListRequest, FileListResponse, ChunkRequest, ChunkData, Error, Goodbye>;

struct Envelope {
  PeerId peer_id;  // what the sender calls itself, which proves nothing; empty where it says nothing
  Message message;
  friend bool operator==(const Envelope&, const Envelope&) = default;
};

[[nodiscard]] std::string_view type_of(const Message& message);

[[nodiscard]] Expected<Envelope, FieldFault> parse_message(const Frame& frame);
[[nodiscard]] boost::json::object to_json(const Envelope& envelope);
[[nodiscard]] Bytes encode_message(const Envelope& envelope);

// How many of the first files one FILE_LIST_RESPONSE can carry: no more than kClassicListFilesMax and than fit a frame
// of kClassicJsonBytesMax. Level 0 has no pages, so the rest cannot be shown there.
[[nodiscard]] std::size_t files_that_fit(std::span<const File> files);

}  // namespace essaim::wire::classic
