// Messages as values, each beside the name of the test vector that says what it looks like on the wire.
#pragma once
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "base/safe_path.hpp"
#include "base/text.hpp"
#include "wire/classic_message.hpp"
#include "wire/message.hpp"

namespace essaim::wire {

template <class AnyEnvelope>
struct Sample {
  std::string vector;
  AnyEnvelope envelope;
};

// Bytes 0, 1, 2, … 31.
inline ContentId counting_id() {
  ContentId id;
  std::iota(id.bytes.begin(), id.bytes.end(), std::uint8_t{0});
  return id;
}
// 32 times 0xFF.
inline ContentId full_id() {
  ContentId id;
  id.bytes.fill(0xFF);
  return id;
}

inline std::vector<ListEntry> sample_entries() {
  return {
      {.path = *SafePath::parse("Films"),
       .kind = EntryKind::kTree,
       .size = 9007199254740993,
       .mtime = UnixNanos{1767225600123456789},
       .id = counting_id(),
       .files = 3,
       .tree_bytes = 512},
      {.path = *SafePath::parse("Films/talk.mp4"),
       .kind = EntryKind::kFile,
       .size = 7,
       .mtime = UnixNanos{-1},
       .id = full_id()},
      {.path = *SafePath::parse("Films/sub"), .kind = EntryKind::kDirectory, .size = 12, .files = 2},
      {.path = *SafePath::parse("Films/link"), .kind = EntryKind::kSymlink},
  };
}

inline std::vector<Sample<Envelope>> peer_samples() {
  const std::vector<ListEntry> entries = sample_entries();
  const Hello hello{
      .name = "Zoé’s desk", .version = "essaim 0.1.0", .features = {"swarm", "push"}, .rev = 42, .port = 5001};
  const Swarm swarm{.file_id = counting_id(),
                    .peers = {{.peer_id = {"aaaqeayeaudaocajbifqydiob4ibceqt"},
                               .addresses = {*Endpoint::parse("10.0.0.7:5001"), *Endpoint::parse("[fe80::1%3]:5002")}},
                              {.peer_id = {std::string(32, 'a')}, .addresses = {}}}};
  const Found found{.entries = {{.file_id = counting_id(), .kind = Holding::kComplete, .chunks = 12},
                                {.file_id = full_id(), .kind = Holding::kPartial, .chunks = 0}}};
  return {
      {"a type from a later version, with a payload", {.id = 3, .payload_bytes = 5, .message = Unknown{"DANCE"}}},
      {"hello", {.message = hello}},
      {"the peer's shares", {.id = 1, .message = FileListRequest{}}},
      {"a page of a folder",
       {.id = 1, .message = FileListRequest{.path = *SafePath::parse("Films/été"), .cursor = "c-17", .limit = 50}}},
      {"a list", {.id = 1, .message = FileListResponse{.entries = entries, .cursor = "c-18"}}},
      {"a search", {.id = 2, .message = Search{.words = "talk mp4", .limit = 100}}},
      {"results of a search", {.id = 2, .message = SearchResult{.entries = {entries[1]}, .truncated = true}}},
      {"a request for leaves", {.id = 3, .message = ManifestRequest{counting_id(), 2097151, 131072}}},
      {"leaves", {.id = 3, .payload_bytes = 96, .message = ManifestData{counting_id(), 4, 3, 1835008}}},
      {"a request for a chunk", {.id = 4, .message = ChunkRequest{.file_id = full_id(), .chunk_index = 0}}},
      {"a request for 64 chunks", {.id = 4, .message = ChunkRequest{full_id(), 0, 64}}},
      {"a chunk", {.id = 4, .payload_bytes = 262144, .message = ChunkData{full_id(), 9}}},
      {"all chunks", {.message = Have{counting_id(), HaveKind::kComplete, {}}}},
      {"some chunks", {.message = Have{counting_id(), HaveKind::kChunks, {0, 7, 2097151}}}},
      {"a bitfield", {.payload_bytes = 2, .message = Have{counting_id(), HaveKind::kBitfield, {}}}},
      {"all files of a folder", {.message = Have{counting_id(), HaveKind::kAllFiles, {}}}},
      {"some files of a folder", {.message = Have{counting_id(), HaveKind::kFiles, {0, 9999}}}},
      {"a bitfield of files", {.payload_bytes = 1250, .message = Have{counting_id(), HaveKind::kFilesBitfield, {}}}},
      {"who holds these", {.id = 5, .message = Find{{counting_id(), full_id()}, true}}},
      {"I hold these", {.id = 5, .message = found}},
      {"other holders", {.message = swarm}},
      {"an offer",
       {.id = 8, .message = Offer{"mfrggzdf", {entries[0], {.path = *SafePath::parse("talk.mp4"), .size = 7}}}}},
      {"an offer is accepted", {.message = Answer{"mfrggzdf", OfferAnswer::kAccepted}}},
      {"a pairing is asked for", {.message = Pair{Pair::Step::kCommit, counting_id().bytes, {}}}},
      {"a pairing's nonce", {.message = Pair{Pair::Step::kReveal, full_id().bytes, {}}}},
      {"a pairing is confirmed", {.message = Pair{Pair::Step::kConfirm, {}, {}}}},
      {"a pairing is refused", {.message = Pair{Pair::Step::kRefuse, {}, "busy"}}},
      {"error changed", {.id = 6, .message = Error{ErrorCode::kChanged, "why"}}},
      {"ping", {.id = 7, .message = Ping{}}},
      {"pong", {.id = 7, .message = Pong{}}},
      {"goodbye", {.message = Goodbye{}}},
  };
}

// SHA-256 of "abc" (FIPS 180-2, appendix B.1).
inline Sha256 sha256_of_abc() {
  return *Sha256::from(*from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
}

inline std::vector<Sample<classic::Envelope>> classic_samples() {
  const PeerId bob{"bob"};
  const std::vector<classic::File> files{
      {.file_id = "f1", .filename = "été.txt", .size = 262145, .hash = sha256_of_abc(), .chunks_total = 2},
      {.file_id = "f2", .filename = "empty", .size = 0, .hash = sha256_of_abc(), .chunks_total = 0},
  };
  const classic::ChunkData chunk{.file_id = "f1", .chunk_index = 1, .data = {'a', 'b', 'c'}, .hash = sha256_of_abc()};
  return {
      {"classic message of another type", {bob, classic::Unknown{"DANCE"}}},
      {"classic announce", {bob, classic::Announce{}}},
      {"classic list request", {bob, classic::FileListRequest{}}},
      {"classic list", {bob, classic::FileListResponse{files}}},
      {"classic chunk request", {bob, classic::ChunkRequest{"f1", 0}}},
      {"classic chunk", {bob, chunk}},
      {"classic error", {bob, classic::Error{ErrorCode::kNotFound, "no such file"}}},
      {"classic goodbye", {bob, classic::Goodbye{}}},
  };
}

}  // namespace essaim::wire
