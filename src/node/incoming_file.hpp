// A file whose bytes somebody hands in, in order.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "base/bytes.hpp"
#include "node/views.hpp"

namespace essaim::node {

// Used on the control thread, by one writer at a time. What is let go of before finish() is removed.
class IncomingFile {
 public:
  IncomingFile() = default;
  IncomingFile(const IncomingFile&) = delete;
  IncomingFile& operator=(const IncomingFile&) = delete;
  virtual ~IncomingFile() = default;

  // What follows. `bytes` stay until it answers. After a failure the file is let go of.
  [[nodiscard]] virtual boost::asio::awaitable<Outcome<void>> write(ByteView bytes) = 0;
  // That was all.
  [[nodiscard]] virtual boost::asio::awaitable<Outcome<void>> finish() = 0;
};

}  // namespace essaim::node
