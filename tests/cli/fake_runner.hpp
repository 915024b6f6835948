// Starts fake nodes, each on a thread of its own behind a real server, for commands that start one or find one.
#pragma once
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "api/client.hpp"
#include "api/server.hpp"
#include "cli/node_runner.hpp"
#include "support/fake_facade.hpp"

namespace essaim::test {

using Prepare = std::function<void(FakeFacade&)>;

class FakeNode final : public cli::RunningNode {
 public:
  FakeNode(const std::string& socket_path, const Prepare& prepare, std::function<void()> on_stopped) {
    prepare(facade_);
    facade_.on_stop = [this] { server_.stop(); };
    listening_ = server_.listen(socket_path).has_value();
    thread_ = std::thread([this, then = std::move(on_stopped)] {
      io_.run();
      if (then) then();
    });
  }
  ~FakeNode() override {
    on_its_thread([](FakeFacade& node) {
      node.record = nullptr;
      node.request_stop();
    });
    thread_.join();
  }
  // Nothing is done any more where the node has stopped.
  void on_its_thread(std::function<void(FakeFacade&)> act) {
    boost::asio::post(io_, [this, act = std::move(act)] { act(facade_); });
  }
  void request_stop() override {
    on_its_thread([](FakeFacade& node) { node.request_stop(); });
  }
  [[nodiscard]] bool listening() const { return listening_; }

 private:
  boost::asio::io_context io_;
  FakeFacade facade_{io_};  // belongs to the node's thread
  bool listening_ = false;
  NullLog log_;
  api::Server server_{facade_, log_};
  std::thread thread_;
};

class FakeRunner final : public cli::NodeRunner {
 public:
  node::Outcome<std::unique_ptr<cli::RunningNode>> start(node::Config config, Log&,
                                                         std::function<void()> on_stopped) override {
    ++started;
    if (failure) return fail(*failure);
    std::filesystem::create_directories(config.home);
    std::unique_ptr<cli::RunningNode> node =
        std::make_unique<FakeNode>(api::socket_path_of(config.home), prepare, std::move(on_stopped));
    used = std::move(config);
    return node;
  }

  Prepare prepare = [](FakeFacade&) {};
  std::optional<node::Failure> failure;
  int started = 0;
  std::optional<node::Config> used;
};

}  // namespace essaim::test
