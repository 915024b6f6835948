// What this peer shares: the shares, their index, and the files behind content ids.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "access/audience.hpp"
#include "base/log.hpp"
#include "node/drafts.hpp"
#include "node/facade.hpp"
#include "node/holding.hpp"
#include "node/own_chunk.hpp"
#include "storage/catalogue.hpp"
#include "storage/home.hpp"
#include "storage/indexer.hpp"
#include "storage/served_file.hpp"
#include "storage/share_root.hpp"
#include "storage/tree_store.hpp"
#include "storage/watcher.hpp"

namespace essaim::node {

// Finished downloads that are kept available by their ids; the oldest is let go of for a new one.
inline constexpr std::size_t kDownloadsKeptMax = 256;
// Contents whose places are remembered.
inline constexpr std::size_t kPlacesRememberedMax = 4096;
// How long the disk must be quiet before a changed share is scanned again.
inline constexpr std::chrono::milliseconds kRescanDelay{300};
// How long a scan result that could not be final (a file changed while it was read) waits for its repetition.
inline constexpr std::chrono::seconds kRetryDelay{2};

// A finished download, with what its files were when they got their final names.
struct FinishedDownload {
  std::string path;  // absolute
  storage::ShareKind kind = storage::ShareKind::kFile;
  std::optional<ContentId> id;  // nothing for a part of a folder: only its files have ids
  Bytes document;               // of a folder
  std::vector<storage::IndexedFile> files;
};

// Belongs to the control thread. Scanning and hashing run on the indexer's threads, tree documents are written on one
// of its own; both hand in values.
class Library {
 public:
  struct Hooks {
    std::function<void(const ShareView&)> changed;
    std::function<void(const std::string& name)> gone;
    std::function<void()> rev_changed;  // what others see of our shares is not what it was
  };
  struct Parts {
    boost::asio::any_io_executor control;
    const storage::Home& home;
    storage::Catalogue& catalogue;
    Log& log;
    bool classic = true;  // also make the SHA-256 that level 0 needs
    storage::IndexPoolOptions hashing = {};
  };
  Library(Parts parts, Hooks hooks);
  Library(const Library&) = delete;
  Library& operator=(const Library&) = delete;
  ~Library();

  // Opens the shares of the catalogue and begins to bring the index up to date.
  [[nodiscard]] Outcome<void> start();
  void stop();

  [[nodiscard]] Outcome<ShareView> share(const ShareRequest& request);
  [[nodiscard]] Outcome<ShareView> unshare(const std::string& name_or_path);
  [[nodiscard]] std::vector<ShareView> views() const;
  [[nodiscard]] std::uint64_t rev() const { return rev_; }
  [[nodiscard]] std::size_t count() const;

  // What was downloaded stays available by its id, to whoever knows that, until it changes or goes away.
  [[nodiscard]] boost::asio::awaitable<void> keep(FinishedDownload download);

  // The shares that a viewer may see, by name.
  [[nodiscard]] std::vector<const storage::ShareRecord*> visible_to(const access::Viewer& viewer) const;
  [[nodiscard]] const storage::ShareRecord* find_visible(const std::string& name, const access::Viewer& viewer) const;
  [[nodiscard]] storage::FileTable& files() { return parts_.catalogue.files(); }

  // The size of content that the viewer may fetch, as the index knows it.
  [[nodiscard]] std::optional<std::uint64_t> size_of(const ContentId& id, const access::Viewer& viewer);
  // Where level 0 of the wire needed it.
  [[nodiscard]] std::optional<Sha256> sha256_of(const ContentId& id);
  // Such content, opened; nothing where it can no longer be opened unchanged.
  [[nodiscard]] std::optional<Holding> open(const ContentId& id, const access::Viewer& viewer);
  // A file of ours with this content, whoever may have it; for copies of our own.
  [[nodiscard]] std::shared_ptr<const storage::ServedFile> open_own(const ContentId& id);
  // Those of the chunks wanted that lie in files much like theirs. What is read there is to be checked.
  [[nodiscard]] std::vector<OwnChunk> own_chunks(std::span<const Leaf> wanted);
  // What such a file is called; empty where there is none.
  [[nodiscard]] std::string own_name_of(const ContentId& id);
  [[nodiscard]] bool owns_something() const { return !shares_.empty(); }
  // The leaves of such content, tree documents included.
  [[nodiscard]] std::optional<content::Manifest> manifest(const ContentId& id, const access::Viewer& viewer);
  // How others can fetch a file that is not hashed yet, and how much of it is hashed.
  struct Unhashed {
    std::optional<ContentId> draft;  // nothing while there is no file to fetch
    std::uint64_t bytes_hashed = 0;
  };
  [[nodiscard]] Unhashed unhashed(storage::ShareId share, const storage::FileRecord& record);
  // How much of a share is hashed that is being indexed; 0 of another.
  [[nodiscard]] std::uint64_t bytes_hashed(storage::ShareId share) const;
  // A draft of ours that the viewer may fetch.
  [[nodiscard]] const Draft* find_draft(const ContentId& id, const access::Viewer& viewer) const;
  // Somebody waits for this draft.
  void hash_next(const Draft& draft);
  // A file was not what the index says: its shares are looked at again.
  void on_changed(const ContentId& id);

 private:
  struct Share {
    storage::ShareRecord record;
    std::shared_ptr<const storage::ShareRoot> root;  // null while its path is not there
    std::uint64_t bytes_hashed = 0;
    std::vector<std::string> left_out;
    bool indexing = false;
    bool rescan_wanted = false;
  };

  [[nodiscard]] Outcome<storage::ShareRecord> record_for(const ShareRequest& request, storage::ShareKind kind) const;
  ShareView begin(Share& share);
  [[nodiscard]] Outcome<ShareView> add(const ShareRequest& request, std::shared_ptr<const storage::ShareRoot> root);
  [[nodiscard]] std::string free_name(const std::string& wanted) const;
  [[nodiscard]] Outcome<ShareView> share_kept(Share& kept, const ShareRequest& request);
  [[nodiscard]] Outcome<ShareView> set_audience(Share& share, const std::string& text);
  void drop(storage::ShareId id);
  void make_room_for_download(const std::string& path);
  [[nodiscard]] ShareView view(const Share& share) const;
  void open_root(Share& share);
  void index(Share& share);
  void on_batch(const storage::IndexBatch& batch);
  void on_leaves(const storage::ShareLeavesFound& leaves);
  void on_done(const storage::IndexSummary& summary);
  void on_indexed(storage::ShareId id, const storage::IndexSummary& summary);
  [[nodiscard]] boost::asio::awaitable<void> finish_indexing(storage::ShareId id);
  void settle(Share& share, std::optional<ContentId> id, std::uint64_t tree_bytes);
  void start_sha256(const Share& share);
  void bump_rev();
  void announce(const Share& share);
  [[nodiscard]] boost::asio::awaitable<void> watch_loop();
  void rescan_later(storage::ShareId id, std::chrono::milliseconds delay);
  [[nodiscard]] boost::asio::awaitable<void> rescan_loop();
  void forget_served();
  [[nodiscard]] bool may_fetch(storage::ShareId share, const access::Viewer& viewer) const;
  [[nodiscard]] const std::vector<storage::SharedFile>& places_of(const ContentId& id);
  [[nodiscard]] const storage::ShareRecord* tree_share(const ContentId& id, const access::Viewer& viewer) const;
  [[nodiscard]] std::shared_ptr<const storage::ServedFile> open_tree(const ContentId& id,
                                                                     const access::Viewer& viewer) const;
  [[nodiscard]] std::shared_ptr<const storage::ServedFile> open_file(const ContentId& id, const access::Viewer& viewer);

  Parts parts_;
  Hooks hooks_;
  storage::TreeStore trees_;
  storage::ServedFiles served_;
  Drafts drafts_;
  // Where the contents asked for last are: whoever fetches one asks for it again and again.
  std::unordered_map<ContentId, std::vector<storage::SharedFile>> places_;
  std::map<storage::ShareId, Share> shares_;
  std::uint64_t rev_ = 0;
  bool stopping_ = false;
  std::optional<storage::Watcher> watcher_;
  std::optional<boost::asio::posix::stream_descriptor> watch_ready_;
  std::map<storage::ShareId, std::chrono::steady_clock::time_point> rescans_;  // when each is due
  boost::asio::steady_timer rescan_timer_;
  // Outlives its posts: whatever a thread of the indexer or the tree builder posts to control looks here first.
  std::shared_ptr<Library*> self_;
  boost::asio::thread_pool tree_builder_{1};
  std::optional<storage::Indexer> indexer_;
};

}  // namespace essaim::node
