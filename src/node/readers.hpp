// Everybody who reads a content of this node: what is kept here, or what is being fetched.
#pragma once
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>

#include "node/content_stream.hpp"
#include "node/facade.hpp"
#include "node/fetches.hpp"
#include "node/library.hpp"

namespace essaim::node {

// How often a fetch that is about to begin is looked for.
inline constexpr std::chrono::milliseconds kReaderLooksEvery{5};

// Belongs to the control thread. Bytes are read on threads of its own, from the disk only: nothing is kept in memory
// for a reader that is slow, who takes what there is when it asks again.
class Readers {
 public:
  struct Parts {
    boost::asio::any_io_executor control;
    Library& shared;
    Fetches& fetches;
    // The name of a content that a transfer fetches, or is about to; nothing where none does.
    std::function<std::optional<std::string>(const ContentId&)> coming;
  };
  explicit Readers(Parts parts);
  Readers(const Readers&) = delete;
  Readers& operator=(const Readers&) = delete;
  ~Readers() { stop(); }

  // Answers as soon as its size is known. kNotFound where it is neither here nor on its way.
  [[nodiscard]] Answer<std::shared_ptr<ContentStream>> open(ContentId id);
  // How many read it now.
  [[nodiscard]] std::size_t count(const ContentId& id) const;
  // No reader gets anything any more, and no thread writes to what a reader gave it.
  void stop();

 private:
  // Kept by each reader too: it may be let go of later than the node.
  struct State {
    explicit State(Parts given) : parts(std::move(given)) {}
    Parts parts;
    boost::asio::thread_pool disk{2};
    std::map<ContentId, std::size_t> counts;
    std::uint64_t last_reader = 0;
    bool stopping = false;
  };
  class Reader;

  std::shared_ptr<State> state_;
};

}  // namespace essaim::node
