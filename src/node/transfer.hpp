// One download, from what was asked for to the result under its final name.
#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "content/link.hpp"
#include "content/tree.hpp"
#include "node/draft_remains.hpp"
#include "node/fetches.hpp"
#include "node/journal.hpp"
#include "node/library.hpp"
#include "node/transfer_parts.hpp"
#include "node/tree_journal.hpp"
#include "storage/download_records.hpp"
#include "storage/part_file.hpp"
#include "storage/tree_target.hpp"

namespace essaim::node {

class FileTarget;
class TreeFilesTarget;
struct TreePlan;

// How often the data is synced and the journal written.
inline constexpr std::chrono::seconds kCheckpointInterval{5};
inline constexpr std::chrono::seconds kTreeCheckpointInterval{15};
inline constexpr std::chrono::milliseconds kProgressInterval{100};
// How often more sources are looked for: while there is none, and while there are some.
inline constexpr std::chrono::milliseconds kNoSourceInterval{500};
inline constexpr std::chrono::seconds kMoreSourcesInterval{10};
// How long there may be nobody to ask before it counts as not busy.
inline constexpr std::chrono::seconds kGiveWayAfter{2};

// How long what is fetched only to be read waits for somebody to begin, and for the next when the last has left: who
// seeks leaves and comes back.
inline constexpr std::chrono::milliseconds kFirstReaderTimeMax{5000};
inline constexpr std::chrono::milliseconds kNextReaderTimeMax{1000};

// Belongs to the control thread.
class Transfer : public std::enable_shared_from_this<Transfer> {
 public:
  Transfer(const TransferParts& parts, Wanted wanted, Destination destination, storage::TransferRecord record);

  // Until it is done, failed, paused or cancelled; may then be called again.
  [[nodiscard]] boost::asio::awaitable<void> run();
  // Ends run() soon, with everything written down: until somebody says otherwise, until its turn comes, until the node
  // runs again, for good.
  void pause();
  void wait_for_turn();
  void stop();
  void cancel();
  // Of this download; nothing: none.
  void set_limit(std::optional<std::uint64_t> bytes_per_second);
  // Its turn among those that wait, remembered over restarts. Somebody asks for it now.
  void set_turn(std::int64_t turn);
  // When it is given up, unless more of it comes or somebody asks for it before; nothing where it never is: over, on
  // its way, waiting for its turn, or kept for ever.
  [[nodiscard]] std::optional<UnixNanos> expires() const;
  // Gives it up if its time has come; answers whether.
  bool expire(UnixNanos now);
  [[nodiscard]] bool running() const { return running_; }
  // Removes what earlier runs have written, on the disk and in the catalogue.
  void forget_remains();
  [[nodiscard]] bool is_to_read() const { return wanted_.purpose == Purpose::kRead; }
  [[nodiscard]] bool is_for(const Wanted& wanted, const Destination& destination) const;
  [[nodiscard]] TransferView view() const;
  [[nodiscard]] TransferMapView map() const;
  [[nodiscard]] const storage::TransferRecord& record() const { return record_; }

 private:
  template <class T>
  using Awaitable = boost::asio::awaitable<T>;
  enum class Wish { kRun, kPause, kWait, kStop, kCancel };

  // Each does its kind of download; answers the final path.
  [[nodiscard]] Answer<std::string> run_file();
  [[nodiscard]] Answer<std::string> run_tree();
  [[nodiscard]] Answer<std::string> run_classic();
  void stop_classic();

  [[nodiscard]] Answer<content::Link> wait_for_link();
  [[nodiscard]] Awaitable<void> rest(std::chrono::milliseconds time);
  // Looks at the list of the peer where it was seen again.
  [[nodiscard]] Answer<EntryView> look_again();
  // Fetches a file that its owner still hashes, until it has got its content id or is known no more by its draft id
  // (transfer_draft.cpp).
  [[nodiscard]] Answer<void> fetch_draft();
  [[nodiscard]] Answer<void> open_draft(const EntryView& entry);
  [[nodiscard]] Outcome<void> end_of_draft(const FetchEnd& end, const Fetch& fetch);
  [[nodiscard]] Outcome<void> compare_with_draft(const EntryView& now);
  void forget_draft();
  static void keep_draft_chunks(FileTarget& target, const DraftRemains& draft, const std::shared_ptr<Fetch>& fetch);
  [[nodiscard]] Answer<std::string> fetch_file(storage::Directory folder, SafePath name);
  // What is only to be read (transfer_reading.cpp).
  [[nodiscard]] Answer<std::string> fetch_to_read(storage::Directory folder, SafePath name);
  [[nodiscard]] Awaitable<void> until_unread();
  [[nodiscard]] Awaitable<void> cancel_when_unread();
  [[nodiscard]] Awaitable<void> keep_file(storage::FinishedFile file, std::vector<Leaf> leaves);
  struct FinishedTree {
    std::string path;
    std::vector<content::TreeEntry> entries;
    Bytes document;
  };
  [[nodiscard]] Awaitable<void> keep_tree(FinishedTree tree, std::shared_ptr<const Fetch> fetch);
  [[nodiscard]] Answer<Bytes> fetch_tree_document();
  [[nodiscard]] Answer<std::string> fetch_tree_files(std::vector<content::TreeEntry> entries, Bytes document);
  [[nodiscard]] Awaitable<bool> tree_is_there(const storage::Directory& folder, const SafePath& name,
                                              const std::vector<content::TreeEntry>& entries);
  struct Staging {
    std::shared_ptr<storage::TreeTarget> target;
    bool resumed = false;
  };
  [[nodiscard]] storage::Result<Staging> open_staging(storage::Directory folder, SafePath name);
  [[nodiscard]] Answer<std::shared_ptr<Fetch>> fill_staging(const Staging& staging, const TreePlan& plan,
                                                            SwarmScope scope,
                                                            const std::vector<content::TreeEntry>& entries);
  // After a fill that has not come to its end.
  [[nodiscard]] Awaitable<void> leave_staging(std::shared_ptr<storage::TreeTarget> target);
  // What this peer has already, under whatever name, is copied and not fetched (transfer_own.cpp).
  [[nodiscard]] Awaitable<std::optional<Journal>> take_own_file(std::shared_ptr<storage::PartFile> part);
  [[nodiscard]] Awaitable<void> take_own_files(const storage::TreeTarget& target, const TreePlan& plan,
                                               TreeJournal& known);
  [[nodiscard]] std::function<void(swarm::ItemIndex, const std::vector<Leaf>&)> own_chunks_taker();
  [[nodiscard]] Awaitable<void> take_own_chunks(std::shared_ptr<Fetch> fetch, swarm::ItemIndex item,
                                                std::vector<Leaf> leaves);
  [[nodiscard]] Outcome<storage::Directory> open_folder() const;
  // For what is still missing of view_.bytes_total.
  [[nodiscard]] Outcome<void> check_room(const storage::Directory& folder) const;
  [[nodiscard]] Answer<std::shared_ptr<storage::PartFile>> open_part(storage::Directory folder, SafePath name,
                                                                     std::uint64_t size);
  // Runs a fetch among those who hold or fetch scope.root. What it has is served until this run of the transfer ends.
  [[nodiscard]] Answer<std::shared_ptr<Fetch>> run_fetch(std::shared_ptr<FetchTarget> target,
                                                         std::vector<swarm::Item> items, SwarmScope scope,
                                                         std::function<void(Fetch&)> prepare);
  // Until it ends; `fetch` is fetch_ meanwhile.
  [[nodiscard]] Awaitable<FetchEnd> run_to_end(std::shared_ptr<Fetch> fetch);
  [[nodiscard]] Awaitable<void> find_sources(std::shared_ptr<Fetch> fetch);
  // Classic peers that have the file too, once its SHA-256 is known.
  [[nodiscard]] std::function<void(const Sha256&)> sha256_taker();
  [[nodiscard]] Awaitable<void> find_classic(std::shared_ptr<Fetch> fetch);
  [[nodiscard]] Awaitable<void> show_progress(std::shared_ptr<Fetch> fetch);
  [[nodiscard]] Awaitable<void> checkpoints(std::shared_ptr<Fetch> fetch, std::shared_ptr<storage::PartFile> part,
                                            std::shared_ptr<FileTarget> target);
  // How far a folder has come (transfer_tree_resume.cpp).
  [[nodiscard]] Awaitable<TreeJournal> recover_tree(const storage::TreeTarget& target, const TreePlan& plan);
  static void mark_known(Fetch& fetch, const TreeJournal& known);
  void recheck_on_leaves(TreeFilesTarget& files, const std::shared_ptr<Fetch>& fetch);
  [[nodiscard]] Awaitable<void> recheck(std::shared_ptr<Fetch> fetch, swarm::ItemIndex item,
                                        std::shared_ptr<const storage::ContentReader> file, std::vector<Leaf> leaves);
  [[nodiscard]] Awaitable<void> tree_checkpoints(std::shared_ptr<Fetch> fetch,
                                                 std::shared_ptr<storage::TreeTarget> target);
  [[nodiscard]] TreeJournal tree_journal_of(const Fetch& fetch) const;
  [[nodiscard]] Journal journal_of(const Fetch& fetch, const FileTarget& target) const;
  [[nodiscard]] Awaitable<std::optional<Journal>> recover(std::shared_ptr<storage::PartFile> part);
  void write_progress(Bytes journal);
  [[nodiscard]] Outcome<void> keep_record();
  void update_record();
  void forget_record();
  [[nodiscard]] static TransferState state_after(Wish wish);
  void settle(Outcome<std::string> outcome);
  void note_progress(const Fetch& fetch);
  void publish();
  void show_activity(Activity activity);
  void end_soon(Wish wish);

  const TransferParts& parts_;
  Wanted wanted_;
  Destination destination_;
  storage::TransferRecord record_;
  TransferView view_;
  Wish wish_ = Wish::kRun;
  bool running_ = false;
  Activity activity_ = Activity::kOver;
  std::shared_ptr<Fetch> fetch_;                     // while one runs
  std::shared_ptr<Fetch> last_fetch_;                // the one that ran last in this run
  std::optional<Sha256> sha256_;                     // of the file, as one of its holders says
  std::optional<DraftRemains> draft_;                // of a download that began as one
  std::vector<SourceView> sources_before_;           // who gave what came as a draft
  std::vector<FetchId> served_;                      // this run's fetches, of which others may fetch
  std::move_only_function<Awaitable<void>()> keep_;  // makes a result available that is under its final name
  std::shared_ptr<ClassicProgress> classic_;         // while a classic one runs
  std::shared_ptr<DownloadLimits> classic_limits_;   // the same
  std::function<storage::Result<void>()> discard_;   // removes what was written of it
  std::chrono::steady_clock::time_point began_;
};

}  // namespace essaim::node
