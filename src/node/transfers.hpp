// All downloads of the node.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/transfer.hpp"
#include "swarm/download_queue.hpp"
#include "swarm/fair_limit.hpp"

namespace essaim::node {

inline constexpr std::size_t kTransfersRememberedMax = 1000;
// How often is looked for downloads whose time is over.
inline constexpr std::chrono::hours kExpiryInterval{24};

// Belongs to the control thread.
class Transfers {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    Sessions& sessions;
    Fetches& fetches;
    Browser& browser;
    ClassicClient& classic;
    storage::Catalogue& catalogue;
    Log& log;
    std::size_t lanes = 1;
    std::string dest;                                     // where downloads go unless told otherwise
    std::optional<std::uint64_t> bytes_per_second;        // all together
    std::optional<std::chrono::seconds> keep_unfinished;  // of which nothing comes; nothing: for ever
    std::size_t at_once = 1;                              // swarm/download_queue.hpp
    std::uint64_t seed = 0;
    std::function<void(const TransferView&)> changed;
    std::function<boost::asio::awaitable<void>(FinishedDownload)> keep;  // null: what is done is not served on
    std::function<std::shared_ptr<const storage::ServedFile>(const ContentId&)> own;
    std::function<std::vector<OwnChunk>(std::span<const Leaf>)> own_chunks;
    std::function<bool()> owns_something;
    std::string reading_folder;  // absolute: where is kept what is only to be read
    std::function<std::size_t(const ContentId&)> readers_of;
  };
  explicit Transfers(Parts parts);

  // Those that an earlier run of the node has not finished are known again; with kGoOn they also go on.
  enum class Restart { kRemember, kGoOn };
  [[nodiscard]] Outcome<void> start(Restart restart);
  // Stops all with what they have written down; answers when none runs any more.
  [[nodiscard]] boost::asio::awaitable<void> stop();

  [[nodiscard]] Answer<TransferView> get(GetRequest request);
  [[nodiscard]] Outcome<TransferView> pause(const std::string& id);
  [[nodiscard]] Outcome<TransferView> resume(const std::string& id);
  [[nodiscard]] Outcome<TransferView> put_first(const std::string& id);
  [[nodiscard]] Outcome<TransferView> cancel(const std::string& id);
  [[nodiscard]] Outcome<TransferView> set_limit(const std::string& id, std::optional<std::uint64_t> bytes_per_second);
  [[nodiscard]] std::vector<TransferView> views() const;
  [[nodiscard]] std::optional<TransferView> view(const std::string& id) const;
  [[nodiscard]] std::optional<TransferMapView> map(const std::string& id) const;
  [[nodiscard]] std::size_t running() const;
  // What the file is called that is fetched, or will be in a moment, with this content; nothing where none is.
  [[nodiscard]] std::optional<std::string> name_of_coming(const ContentId& id) const;

 private:
  // For a purpose of Purpose::kRead (transfers_reading.cpp).
  [[nodiscard]] Answer<TransferView> get_to_read(Wanted wanted, std::string name, std::optional<std::uint64_t> limit);
  [[nodiscard]] std::shared_ptr<Transfer> find_coming(const ContentId& id) const;
  [[nodiscard]] Answer<Wanted> resolve(std::string target, std::chrono::milliseconds wait);
  [[nodiscard]] Answer<Wanted> resolve_path(std::string target, std::chrono::milliseconds wait);
  [[nodiscard]] Answer<Wanted> resolve_name(std::string name, std::chrono::milliseconds wait);
  [[nodiscard]] Answer<Wanted> wanted_of(EntryView entry);
  [[nodiscard]] Outcome<Destination> destination_of(const std::optional<std::string>& dest, std::string name) const;
  void launch(const std::shared_ptr<Transfer>& transfer);
  void enqueue(Transfer& transfer, GetRequest::Turn turn);
  // An earlier version's records do not say when something came last: then that is now.
  void date(storage::TransferRecord& record);
  // Those of which nothing has come for too long go with what they wrote, now and every kExpiryInterval.
  void expire_old();
  void on_activity(storage::TransferId id, Activity activity);
  // Starts and holds as the queue says.
  void follow_queue();
  [[nodiscard]] Expected<std::shared_ptr<Transfer>, Failure> find(const std::string& id) const;

  Parts parts_;
  TransferParts shared_;
  std::map<storage::TransferId, std::shared_ptr<Transfer>> transfers_;
  swarm::DownloadQueue queue_;
  std::uint64_t seeds_given_ = 0;
  std::size_t running_ = 0;
  bool stopping_ = false;
  boost::asio::steady_timer all_ended_;
  boost::asio::steady_timer expiry_timer_;
  boost::asio::thread_pool disk_{2};
};

}  // namespace essaim::node
