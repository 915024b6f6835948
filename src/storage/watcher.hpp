// Tells when something changes in the shared folders, by inotify.
#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "storage/file_handle.hpp"
#include "storage/file_record.hpp"
#include "storage/share_root.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

struct WatchReport {
  std::set<ShareId> changed;  // to be scanned again
  bool lost_events = false;   // the kernel dropped some: every share is in `changed`
  // A folder that could not be watched; changes in it go unseen. kWatchLimit names the setting to raise.
  std::optional<StorageError> trouble;
};

// What inotify says, taken out of its buffer.
struct WatchEvent {
  int watch = -1;
  std::uint32_t mask = 0;  // IN_*
  std::string name;        // of the entry in the watched folder; "" for the folder itself
};

// Watches folders recursively, also those that are made later. Reports that a share changed, not what: a scan finds
// out, and costs little (storage/indexer.hpp). How long to wait for more changes first is the caller's decision.
// Used by one thread.
class Watcher {
 public:
  [[nodiscard]] static Result<Watcher> make();
  Watcher(Watcher&&) noexcept = default;
  Watcher& operator=(Watcher&&) noexcept = default;

  // Readable when drain() has something to say.
  [[nodiscard]] int fd() const { return inotify_.fd(); }

  // kWatchLimit and other errors: what could be watched is watched.
  [[nodiscard]] Result<void> add(ShareId share, std::shared_ptr<const ShareRoot> root);
  void remove(ShareId share);

  // Never blocks.
  [[nodiscard]] WatchReport drain();

 private:
  struct Watch {
    ShareId share{};
    std::string path;  // of the folder in the share; "" is its root
  };
  explicit Watcher(FileHandle inotify) : inotify_(std::move(inotify)) {}
  [[nodiscard]] Result<void> add_tree(ShareId share, const std::string& path);
  void rewatch_all(WatchReport& report);
  void on_event(const WatchEvent& event, WatchReport& report);
  [[nodiscard]] bool concerns(const Watch& watch, const std::string& name) const;
  [[nodiscard]] Result<void> add_folder(ShareId share, const Directory& folder, const std::string& path);

  FileHandle inotify_;
  std::map<ShareId, std::shared_ptr<const ShareRoot>> roots_;
  // By watch descriptor. One folder may lie in several shares, for the kernel has one watch for a folder.
  std::unordered_map<int, std::vector<Watch>> watches_;
};

}  // namespace essaim::storage
