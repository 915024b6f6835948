// Asks peers of level 0: one connection for an errand, in plain text.
#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "base/endpoint.hpp"
#include "base/ids.hpp"
#include "node/classic_feed.hpp"
#include "node/classic_source.hpp"
#include "node/download_limits.hpp"
#include "node/views.hpp"
#include "storage/part_file.hpp"
#include "transport/byte_stream.hpp"
#include "transport/lane.hpp"
#include "wire/classic_message.hpp"

namespace essaim::node {

// What control and the lane share while a file comes.
struct ClassicProgress {
  std::atomic<std::uint64_t> bytes = 0;
  std::atomic<bool> stop = false;  // whoever sets it stops the limits too
};

// Belongs to the control thread; the errands run on lanes.
class ClassicClient {
 public:
  ClassicClient(boost::asio::any_io_executor control, transport::Lanes& lanes, PeerId self)
      : control_(std::move(control)), lanes_(lanes), self_(std::move(self)) {}

  [[nodiscard]] boost::asio::awaitable<Outcome<std::vector<wire::classic::File>>> list(Endpoint peer);
  struct Fetch {
    ClassicSource source;
    std::shared_ptr<storage::PartFile> part;
    std::shared_ptr<ClassicProgress> progress;
    std::shared_ptr<DownloadLimits> limits;
  };
  // Chunk after chunk into the part file, as fast as the limits allow. Each is compared with the hash that came with
  // it, and the whole with the file's SHA-256: kRefused when that differs, with nothing of it published.
  [[nodiscard]] boost::asio::awaitable<Outcome<void>> fetch(Fetch fetch);
  // For a download that has the leaves of this file from elsewhere.
  [[nodiscard]] std::shared_ptr<ClassicFeed> feed(ClassicSource source, ClassicFeed::Report report);

 private:
  boost::asio::any_io_executor control_;
  transport::Lanes& lanes_;
  PeerId self_;
};

}  // namespace essaim::node
