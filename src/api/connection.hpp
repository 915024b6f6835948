// One connection to the API, whatever way it came in.
#pragma once
#include <cstddef>
#include <set>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include "api/reception.hpp"

namespace essaim::api {

using Socket = boost::asio::generic::stream_protocol::socket;

// The sockets of all connections that are served, so that they can be ended from outside.
class ConnectionSet {
 public:
  void add(Socket& socket) { sockets_.insert(&socket); }
  void remove(Socket& socket) { sockets_.erase(&socket); }
  // Their coroutines notice, and end.
  void close_all();
  [[nodiscard]] std::size_t size() const { return sockets_.size(); }

 private:
  std::set<Socket*> sockets_;
};

// Answers requests until one side has had enough or a deadline of api/limits.hpp is over.
[[nodiscard]] boost::asio::awaitable<void> serve(Socket socket, Reception reception);

}  // namespace essaim::api
