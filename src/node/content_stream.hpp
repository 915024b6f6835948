// A content that is read in order, while it comes or from where it is kept.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>

#include <boost/asio/awaitable.hpp>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "node/views.hpp"

namespace essaim::node {

// Every byte that it gives is verified. Used on the control thread, by one reader at a time; as long as it exists,
// somebody reads.
class ContentStream {
 public:
  ContentStream() = default;
  ContentStream(const ContentStream&) = delete;
  ContentStream& operator=(const ContentStream&) = delete;
  virtual ~ContentStream() = default;

  [[nodiscard]] virtual const ContentId& id() const = 0;
  [[nodiscard]] virtual std::uint64_t size() const = 0;  // bytes
  // The name of its file, where one is known; else empty.
  [[nodiscard]] virtual const std::string& name() const = 0;

  // Waits until the byte at `offset`, which is below size(), can be read. From then on it and what follows is fetched
  // before all else. Any offset will do, a smaller one too. Fails when nobody fetches it any more. May be cancelled.
  [[nodiscard]] virtual boost::asio::awaitable<Outcome<void>> wait_for(std::uint64_t offset) = 0;
  // After that: fills `into`, which is not empty, with what can be read at once from `offset` on; answers how many
  // bytes, at least one.
  [[nodiscard]] virtual boost::asio::awaitable<Outcome<std::size_t>> read(std::uint64_t offset,
                                                                          MutableByteView into) = 0;
};

}  // namespace essaim::node
