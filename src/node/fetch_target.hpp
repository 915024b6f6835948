// Where a fetch puts what it gets, and how it can end.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "base/ids.hpp"
#include "base/result.hpp"
#include "node/session_values.hpp"
#include "storage/content_reader.hpp"
#include "storage/storage_error.hpp"
#include "swarm/types.hpp"

namespace essaim::node {

// What a fetch puts its content into. Used on the control thread; the sinks it hands out are used on the lanes.
class FetchTarget {
 public:
  FetchTarget() = default;
  FetchTarget(const FetchTarget&) = delete;
  FetchTarget& operator=(const FetchTarget&) = delete;
  virtual ~FetchTarget() = default;

  using Result = Expected<void, storage::StorageError>;
  // Where the chunks of this item go.
  [[nodiscard]] virtual Expected<std::shared_ptr<ChunkSink>, storage::StorageError> sink_of(swarm::ItemIndex item) = 0;
  // The item's leaves are known and checked.
  virtual void on_leaves(swarm::ItemIndex item, const std::vector<Leaf>& leaves) = 0;
  // Every chunk of the item is stored.
  [[nodiscard]] virtual Result finish_item(swarm::ItemIndex item) = 0;
  // Where the chunks of the item that are stored can be read again.
  using Reader = Expected<std::shared_ptr<const storage::ContentReader>, storage::StorageError>;
  [[nodiscard]] virtual Reader reader_of(swarm::ItemIndex item) = 0;
};

struct FetchEnd {
  enum class Kind {
    kDone,
    kStopped,
    kDisk,
    // Of a draft only:
    kNamed,    // it is content now, see Fetch::content_id(); not all of it need be here
    kUnknown,  // its owner knows it no more
    kChanged,  // the file is no longer what it was
    kFalse,    // its leaves are not those of the content id that its owner named
  } kind = Kind::kDone;
  std::optional<storage::StorageError> disk;
};

}  // namespace essaim::node
