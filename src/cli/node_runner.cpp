#include "cli/node_runner.hpp"

#include <optional>
#include <string>
#include <thread>
#include <utility>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "api/client.hpp"
#include "api/secret.hpp"
#include "api/server.hpp"
#include "node/node.hpp"
#include "node/web_token.hpp"

namespace essaim::cli {
namespace {

using node::Outcome;

// Destroyed from the bottom up: first the thread has ended, the event loop goes last.
class ThreadedNode final : public RunningNode {
 public:
  static Outcome<std::unique_ptr<RunningNode>> start(node::Config config, Log& log, std::function<void()> on_stopped) {
    const std::string home = config.home;
    const std::string socket_path = api::socket_path_of(home);
    const std::optional<node::PagePlace> page_place = config.page;
    std::unique_ptr<ThreadedNode> self(new ThreadedNode);
    Outcome<std::unique_ptr<node::Node>> node = node::Node::create(self->control_, std::move(config), log);
    if (!node) return fail(node.error());
    self->node_ = std::move(*node);
    self->server_ = std::make_unique<api::Server>(*self->node_, log);
    const Outcome<void> listening = self->server_->listen(socket_path);
    if (!listening) return fail(listening.error());
    const Outcome<void> page = page_place ? self->show_page(home, *page_place) : Outcome<void>();
    if (!page) return fail(page.error());
    self->node_->on_stopped([server = self->server_.get()] { server->stop(); });
    self->thread_ = std::thread([&control = self->control_, then = std::move(on_stopped)] {
      control.run();
      then();
    });
    return self;
  }

  ~ThreadedNode() override {
    if (!thread_.joinable()) return;
    request_stop();
    thread_.join();
  }

  void request_stop() override {
    boost::asio::post(control_, [this] { node_->request_stop(); });
  }

 private:
  ThreadedNode() = default;

  Outcome<void> show_page(const std::string& home, const node::PagePlace& place) {
    Outcome<std::string> token = node::web_token(home, api::make_secret());
    if (!token) return fail(token.error());
    Outcome<std::string> address = server_->listen({place.address, place.or_next, std::move(*token)});
    if (!address) return fail(address.error());
    node_->set_page_address(std::move(*address));
    return {};
  }

  boost::asio::io_context control_{1};
  std::unique_ptr<node::Node> node_;
  std::unique_ptr<api::Server> server_;
  std::thread thread_;
};

class ThreadNodeRunner final : public NodeRunner {
 public:
  Outcome<std::unique_ptr<RunningNode>> start(node::Config config, Log& log,
                                              std::function<void()> on_stopped) override {
    return ThreadedNode::start(std::move(config), log, std::move(on_stopped));
  }
};

}  // namespace

std::unique_ptr<NodeRunner> make_node_runner() { return std::make_unique<ThreadNodeRunner>(); }

}  // namespace essaim::cli
