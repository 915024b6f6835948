// The HTTP server in front of a node.
#pragma once
#include <cstddef>
#include <memory>
#include <string>

#include "base/log.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// Speaks HTTP/1.1. All of it runs on the node's control thread, and every call is made there, the constructor's and the
// destructor's included. Node and log outlive the server, and what is left of its connections after stop(): destroy
// the node when its event loop has nothing left to do, or together with the loop.
//
// Each way in (so far: a Unix socket that only its owner can open) leads to the same routes. A way in that others can
// reach would check who asks before it hands a request on.
class Server {
 public:
  Server(node::Facade& node, Log& log);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Serves on a Unix socket with mode 0600. A socket file that is already there is replaced: the lock of the home says
  // that its node is dead. Any other file there is kept, and is a failure.
  [[nodiscard]] node::Outcome<void> listen(const std::string& socket_path);

  // Accepts nothing more, ends every connection, and removes the socket file.
  void stop();

  [[nodiscard]] std::size_t connections() const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace essaim::api
