// What a download is of, where it goes, and what all downloads share.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/log.hpp"
#include "content/link.hpp"
#include "node/browser.hpp"
#include "node/classic_client.hpp"
#include "node/fetches.hpp"
#include "node/library.hpp"
#include "node/own_chunk.hpp"
#include "node/sessions.hpp"
#include "storage/catalogue.hpp"
#include "storage/served_file.hpp"
#include "swarm/fair_limit.hpp"

namespace essaim::node {

// What is to be fetched.
struct Wanted {
  std::optional<content::Link> link;  // nothing: not hashed yet at `entry`, or classic
  std::optional<EntryView> entry;     // where it was seen
  std::string subfolder;              // of the tree: only what is below it
  std::optional<ClassicSource> classic;
  Purpose purpose = Purpose::kKeep;
};

struct Destination {
  std::string folder;  // absolute
  std::string name;    // one SafePath part
};

enum class Activity {
  kBusy,
  kIdle,  // it runs, but there is nobody to ask
  kOver,  // for whatever reason but that others had their turn
};

// What all downloads share.
struct TransferParts {
  boost::asio::any_io_executor control;
  Sessions& sessions;
  Fetches& fetches;
  Browser& browser;
  ClassicClient& classic;
  storage::Catalogue& catalogue;
  Log& log;
  boost::asio::thread_pool& disk;  // for work that waits for the disk; joined before anything here goes away
  std::size_t lanes = 1;
  std::shared_ptr<swarm::FairLimit> limit;              // of all together
  std::optional<std::chrono::seconds> keep_unfinished;  // nothing: for ever
  std::function<std::uint64_t()> new_seed;
  std::function<void(const TransferView&)> changed;
  std::function<void(storage::TransferId, Activity)> activity;
  std::function<boost::asio::awaitable<void>(FinishedDownload)> keep;  // null: what is done is not served on
  std::function<std::shared_ptr<const storage::ServedFile>(const ContentId&)> own;  // null where this peer has it not
  std::function<std::vector<OwnChunk>(std::span<const Leaf>)> own_chunks;
  std::function<bool()> owns_something;
  std::function<std::size_t(const ContentId&)> readers_of;  // how many read it now
};

[[nodiscard]] content::Link link_of(const storage::TransferRecord& record);

}  // namespace essaim::node
