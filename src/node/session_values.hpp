// The small values that travel between the control thread and the lanes, and the two interfaces at their ends.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "content/chunk_plan.hpp"
#include "storage/content_reader.hpp"
#include "storage/storage_error.hpp"
#include "swarm/download.hpp"
#include "transport/net_error.hpp"
#include "wire/classic_message.hpp"
#include "wire/message.hpp"

namespace essaim::node {

// Names a connection for as long as the node lives.
enum class SessionId : std::uint64_t {};
// Names a running swarm::Download.
enum class FetchId : std::uint64_t {};

// Where a verified chunk belongs.
struct ChunkPlace {
  std::size_t lane = 0;  // the number of the lane that stores it
  swarm::ItemIndex item{};
  std::uint64_t offset = 0;  // in its item
};

// Where the verified chunks of an item go. Called on lanes, for different chunks at the same time.
class ChunkSink {
 public:
  ChunkSink() = default;
  ChunkSink(const ChunkSink&) = delete;
  ChunkSink& operator=(const ChunkSink&) = delete;
  virtual ~ChunkSink() = default;

  [[nodiscard]] virtual Expected<void, storage::StorageError> store(const ChunkPlace& place, ByteView verified) = 0;
};

// To a lane: ask for this chunk, check it, and store it.
struct ChunkOrder {
  std::uint64_t wire_id = 0;  // the `id` of the CHUNK_REQUEST; unique in its session
  FetchId fetch{};
  swarm::RequestId request{};
  swarm::ChunkRef chunk;
  ContentId content;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::optional<Leaf> leaf;  // nothing: content of one chunk, which is checked against the content id itself
  std::shared_ptr<ChunkSink> sink;
};

// To control: what became of a ChunkOrder.
struct ChunkOutcome {
  FetchId fetch{};
  swarm::RequestId request{};
  swarm::ChunkRef chunk;
  std::uint32_t bytes = 0;
  std::optional<swarm::FailReason> failure;
  std::optional<storage::StorageError> disk;  // with FailReason::kDisk
};

// To a lane: read this chunk and send it.
struct ServeOrder {
  std::uint64_t wire_id = 0;
  std::uint64_t ticket = 0;  // the upload queue's name for it
  ContentId content;
  std::uint32_t chunk = 0;
  std::uint64_t offset = 0;
  std::uint32_t length = 0;
  std::shared_ptr<const storage::ContentReader> reader;
};

// To control: what became of a ServeOrder. A file that changed is named, so that its share is looked at again.
struct ServeOutcome {
  std::uint64_t ticket = 0;
  std::uint32_t bytes = 0;
  std::optional<storage::StorageError> failure;
  ContentId content;
};

class PeerSession;

// What a session tells the control thread.
struct SessionOpened {
  std::weak_ptr<PeerSession> session;  // gone: SessionClosed follows
  PeerId peer;
  Endpoint remote;
  wire::Hello hello;
};
struct MessageArrived {
  wire::Envelope envelope;
  Bytes payload;  // of messages other than CHUNK_DATA
};
struct ChunksArrived {
  std::vector<ChunkOutcome> outcomes;
};
struct ChunksServed {
  std::vector<ServeOutcome> outcomes;
};
struct SessionClosed {
  transport::NetError reason;
};

using SessionEvent = std::variant<SessionOpened, MessageArrived, ChunksArrived, ChunksServed, SessionClosed>;

}  // namespace essaim::node
