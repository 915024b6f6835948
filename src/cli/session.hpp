// The node that a command talks to: the one that runs on the home, or one of the command's own.
#pragma once
#include <chrono>
#include <memory>
#include <optional>

#include <boost/asio/io_context.hpp>

#include "api/client.hpp"
#include "api/remote_node.hpp"
#include "base/log.hpp"
#include "cli/answer_line.hpp"
#include "cli/interrupt.hpp"
#include "cli/node_runner.hpp"
#include "cli/options.hpp"
#include "cli/output.hpp"
#include "node/places.hpp"

namespace essaim::cli {

// How long a node of the command's own listens before its list of peers is worth showing.
inline constexpr std::chrono::milliseconds kDiscoveryWait{1000};
// How long a node may take to stop cleanly.
inline constexpr std::chrono::seconds kStopPatience{5};

// What every command has at hand. All of it outlives the command.
struct Context {
  CommonOptions common;
  Output& output;
  boost::asio::io_context& io;
  Interrupt& interrupt;
  NodeRunner& runner;
  Log& log;
  node::Environment environment;
  std::string working_folder;  // absolute
  Input input;
};

// The home that a command is about, absolute.
[[nodiscard]] node::Outcome<std::string> home_of(const Context& context);

class Session {
 public:
  // The node that runs. Where none does, the failure says how to start one.
  [[nodiscard]] static node::Outcome<std::unique_ptr<Session>> find(Context& context);
  // Else one of its own, which ends with the session.
  [[nodiscard]] static node::Outcome<std::unique_ptr<Session>> find_or_start(Context& context,
                                                                             const node::Settings& settings);
  // One of its own; a failure where one runs already.
  [[nodiscard]] static node::Outcome<std::unique_ptr<Session>> start(Context& context, const node::Settings& settings);

  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] bool is_own() const { return own_ != nullptr; }
  [[nodiscard]] api::Client& client() { return client_; }
  [[nodiscard]] api::RemoteNode& node() { return node_; }

  // Lets a node of its own meet its peers; returns at once for one that runs already, and when interrupted.
  void let_it_discover();
  // Until Ctrl-C, or until a node of its own has stopped.
  void serve();
  // Stops a node of its own. Where that takes longer than kStopPatience, the process ends here.
  void stop();

 private:
  Session(Context& context, std::string socket_path);
  [[nodiscard]] node::Outcome<void> start_own(const std::string& home, const node::Settings& settings);

  Context& context_;
  api::Client client_;
  api::RemoteNode node_{client_};
  std::unique_ptr<RunningNode> own_;
  bool stopped_ = false;
};

}  // namespace essaim::cli
