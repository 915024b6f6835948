// A peer of level 0 as one of the sources of a download.
#pragma once
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/classic_source.hpp"
#include "node/session_values.hpp"
#include "transport/lane.hpp"

namespace essaim::node {

class ClassicErrand;

// Fetches the chunks of a content as the smaller ones that level 0 knows, one after the other. What comes is checked
// against the leaf like any peer's, so nothing need be believed but that it is worth a try.
//
// Lives on one lane; the public calls only pass their values on, so the control thread may make them.
class ClassicFeed : public std::enable_shared_from_this<ClassicFeed> {
 public:
  // Called on the lane.
  using Report = std::function<void(ChunkOutcome)>;
  ClassicFeed(transport::Lane& lane, PeerId self, ClassicSource source, Report report);
  ClassicFeed(const ClassicFeed&) = delete;
  ClassicFeed& operator=(const ClassicFeed&) = delete;
  ~ClassicFeed();

  // Are the chunks of this file where chunks of a content begin? Only of such a file can a feed be made.
  [[nodiscard]] static bool fits(const wire::classic::File& file);

  void order(std::vector<ChunkOrder> orders);
  void forget(std::vector<std::uint64_t> wire_ids);

 private:
  [[nodiscard]] boost::asio::awaitable<void> run();
  // All of the chunk, over as many connections as the peer needs for it.
  [[nodiscard]] boost::asio::awaitable<std::optional<Bytes>> fetch(const ChunkOrder& order);
  // The next piece of it; nothing when the connection gave none.
  [[nodiscard]] boost::asio::awaitable<std::optional<Bytes>> fetch_piece(std::uint32_t index);

  transport::Lane& lane_;
  PeerId self_;
  ClassicSource source_;
  Report report_;
  std::unique_ptr<ClassicErrand> errand_;  // while there is a connection
  std::deque<ChunkOrder> orders_;
  bool running_ = false;
};

}  // namespace essaim::node
