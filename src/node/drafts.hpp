// The files of our shares that can be fetched before they are hashed.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/ids.hpp"
#include "storage/file_record.hpp"
#include "storage/index_job.hpp"

namespace essaim::node {

// Drafts that have come to their end and are still known by their id.
inline constexpr std::size_t kEndedDraftsKeptMax = 4096;

// A file as it was when its hashing began.
struct Draft {
  enum class State {
    kBeingRead,
    kHashed,   // `content_id` is there
    kChanged,  // the file is no longer that one
  };
  storage::SharedFile file;  // its path and fingerprint
  State state = State::kBeingRead;
  bool told = false;                        // somebody may know its id
  std::vector<std::optional<Leaf>> leaves;  // while it is being read; empty before the first
  std::uint32_t known = 0;                  // of these, from the first on
  std::optional<ContentId> content_id;
};

// Pure; belongs to the control thread. A draft that nobody was told of is forgotten with its hashing; of those that
// somebody was told of the last kEndedDraftsKeptMax are kept, so that who fetches one learns what became of it.
class Drafts {
 public:
  // `new_id` gives 32 bytes that nobody can guess.
  explicit Drafts(std::function<ContentId()> new_id) : new_id_(std::move(new_id)) {}

  // The draft id to tell others of a file that has no content id.
  [[nodiscard]] ContentId tell(storage::ShareId share, const storage::FileRecord& record);
  // Nothing for an id that is none of ours.
  [[nodiscard]] const Draft* find(const ContentId& id) const;
  // Bytes of the file that are hashed, from its beginning; 0 when that is not known.
  [[nodiscard]] std::uint64_t bytes_hashed(storage::ShareId share, const std::string& path) const;

  void on_leaves(const storage::ShareLeavesFound& leaves);
  // What the index says of a file now.
  void on_record(storage::ShareId share, const storage::FileRecord& record);
  void on_removed(storage::ShareId share, const std::string& path);
  // The file was not what it was when its hashing began.
  void on_changed(const ContentId& id);
  // The share's job is over, or the share is gone: what is not hashed now will begin anew, if at all.
  void on_job_ended(storage::ShareId share);

 private:
  using Place = std::pair<storage::ShareId, std::string>;
  [[nodiscard]] Draft& make(const Place& place, const storage::Fingerprint& of);
  void end(const Place& place, Draft::State how);

  std::function<ContentId()> new_id_;
  std::map<Place, ContentId> being_read_;
  std::unordered_map<ContentId, Draft> drafts_;
  std::deque<ContentId> ended_;  // the oldest first
};

}  // namespace essaim::node
