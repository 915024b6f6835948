// Who can start a node in this process. The commands know only this, and ask the node through its socket like any
// other.
#pragma once
#include <functional>
#include <memory>

#include "base/log.hpp"
#include "node/config.hpp"

namespace essaim::cli {

// A node on a thread of its own, which serves the socket of its home.
class RunningNode {
 public:
  RunningNode() = default;
  RunningNode(const RunningNode&) = delete;
  RunningNode& operator=(const RunningNode&) = delete;
  // Waits until the node has stopped; asks it to, if nobody has.
  virtual ~RunningNode() = default;

  // Begins a clean stop.
  virtual void request_stop() = 0;
};

class NodeRunner {
 public:
  NodeRunner() = default;
  NodeRunner(const NodeRunner&) = delete;
  NodeRunner& operator=(const NodeRunner&) = delete;
  virtual ~NodeRunner() = default;

  // Answers when the node can be reached by its peers and through its socket. Calls `on_stopped` once, from the node's
  // thread and as the last thing there, whoever asked it to stop. The log outlives the node.
  [[nodiscard]] virtual node::Outcome<std::unique_ptr<RunningNode>> start(node::Config config, Log& log,
                                                                          std::function<void()> on_stopped) = 0;
};

// The real one (cli/node_runner.cpp).
[[nodiscard]] std::unique_ptr<NodeRunner> make_node_runner();

}  // namespace essaim::cli
