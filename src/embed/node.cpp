#include "essaim/node.hpp"

#include <algorithm>
#include <filesystem>
#include <future>
#include <mutex>
#include <system_error>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>

#include "base/log.hpp"
#include "embed/call.hpp"
#include "node/node.hpp"
#include "node/places.hpp"
#include "transport/lane.hpp"

namespace essaim {
namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using asio::awaitable;
using node::TransferState;
using node::TransferView;

const Error kStopped{"The node was stopped."};

// Against the current folder, with a '/' at the end where there was one.
std::string absolute(const std::string& path) {
  std::error_code error;
  const fs::path whole = fs::absolute(path, error);
  return error ? path : whole.lexically_normal().string();
}

std::string without_slash_at_end(std::string path) {
  while (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

node::Config config_of(const NodeOptions& options) {
  node::Config config;
  config.home = without_slash_at_end(absolute(options.home));
  config.dest = options.dest.empty() ? node::download_folder(node::process_environment()) : absolute(options.dest);
  config.name = options.name;
  config.port = options.port;
  config.discovery_port = options.discovery_port;
  config.interfaces = options.interfaces;
  return config;
}

bool is_over(const TransferView& transfer) {
  return transfer.state == TransferState::kDone || transfer.state == TransferState::kFailed ||
         transfer.state == TransferState::kCancelled || transfer.state == TransferState::kPaused;
}

Result<std::string> end_of(const TransferView& transfer) {
  if (transfer.state == TransferState::kDone) return transfer.path;
  if (transfer.failure) return Error{transfer.failure->message};
  return Error{fmt::format("{} was not fetched: it is {}.", transfer.name, to_string(transfer.state))};
}

awaitable<Result<std::string>> get(node::Node& node, node::GetRequest request, GetOptions options) {
  const auto begun = co_await node.get(std::move(request));
  if (!begun) co_return Error{begun.error().message};
  for (;;) {
    const std::uint64_t seen = node.events().newest();
    const auto transfer = node.transfer(begun->id);
    if (!transfer || is_over(*transfer)) co_return end_of(transfer.value_or(*begun));
    if (node.events().closed()) co_return kStopped;
    if (options.on_progress) options.on_progress({transfer->bytes_done, transfer->bytes_total});
    co_await node.events().wait_after(seen);
  }
}

awaitable<Result<std::string>> share(node::Node& node, std::string path) {
  const auto begun = co_await node.share({.path = std::move(path), .name = std::nullopt});
  if (!begun) co_return Error{begun.error().message};
  for (;;) {
    const std::uint64_t seen = node.events().newest();
    const std::vector<node::ShareView> shares = node.shares();
    const auto share = std::ranges::find(shares, begun->name, &node::ShareView::name);
    if (share == shares.end() || share->state == node::ShareState::kMissing) {
      co_return Error{fmt::format("{} is not there any more.", begun->path)};
    }
    if (share->link) co_return *share->link;
    if (node.events().closed()) co_return kStopped;
    co_await node.events().wait_after(seen);
  }
}

awaitable<Result<std::vector<Peer>>> peers(node::Node& node) {
  std::vector<Peer> peers;
  for (node::PeerView& peer : node.peers()) {
    peers.push_back({.peer_id = std::move(peer.peer_id.text),
                     .name = std::move(peer.name),
                     .addresses = std::move(peer.addresses),
                     .online = peer.online});
  }
  co_return peers;
}

awaitable<Result<node::StatusView>> status(node::Node& node) { co_return node.status(); }

// A node with its control thread, from one start to the next stop.
class Running {
 public:
  ~Running() {
    if (!node_) return;
    lane_.post([this] { node_->request_stop(); });
    lane_.drain();
  }

  [[nodiscard]] node::Outcome<void> start(node::Config config) {
    auto made = embed::call(lane_, [&] { return node::Node::create(lane_.context(), std::move(config), log_); });
    if (!made) return fail(made.error());
    node_ = std::move(*made);
    return {};
  }

  [[nodiscard]] transport::Lane& lane() { return lane_; }
  [[nodiscard]] node::Node& node() { return *node_; }

 private:
  NullLog log_;
  transport::Lane lane_{0};
  std::unique_ptr<node::Node> node_;
};

}  // namespace

class Node::Impl {
 public:
  explicit Impl(NodeOptions options) : options_(std::move(options)) {}

  Result<> start() {
    if (options_.home.empty()) return Error{"A node needs a home."};
    const std::scoped_lock lock(mutex_);
    if (running_) return Error{"The node runs already."};
    auto running = std::make_unique<Running>();
    if (const auto started = running->start(config_of(options_)); !started) return Error{started.error().message};
    running_ = std::move(running);
    return {};
  }

  void stop() {
    std::unique_ptr<Running> running;
    const std::scoped_lock lock(mutex_);
    running = std::exchange(running_, nullptr);
  }

  // What the coroutine that `make` makes of the node answers.
  template <class Make>
  auto ask(Make make) -> typename decltype(make(std::declval<node::Node&>()))::value_type {
    std::future<typename decltype(make(std::declval<node::Node&>()))::value_type> answer;
    {
      const std::scoped_lock lock(mutex_);
      if (!running_) return Error{"The node does not run."};
      if (running_->lane().is_this_thread()) return Error{"A callback must not wait for its own node."};
      answer = asio::co_spawn(running_->lane().executor(), make(running_->node()), asio::use_future);
    }
    try {
      return answer.get();
    } catch (const std::future_error&) {  // the node ended with the question unanswered
      return kStopped;
    }
  }

 private:
  NodeOptions options_;
  std::mutex mutex_;
  std::unique_ptr<Running> running_;
};

Node::Node(NodeOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Node::~Node() = default;

Result<> Node::start() { return impl_->start(); }
void Node::stop() { impl_->stop(); }

Result<std::string> Node::share(const std::string& path) {
  return impl_->ask([&](node::Node& node) { return essaim::share(node, without_slash_at_end(absolute(path))); });
}

Result<std::string> Node::get(const std::string& target, const GetOptions& options) {
  node::GetRequest request;
  request.target = target;
  if (!options.dest.empty()) request.dest = absolute(options.dest);
  return impl_->ask([&](node::Node& node) { return essaim::get(node, std::move(request), options); });
}

std::vector<Peer> Node::peers() const {
  auto answer = impl_->ask([](node::Node& node) { return essaim::peers(node); });
  return answer ? std::move(*answer) : std::vector<Peer>();
}

std::string Node::peer_id() const {
  const auto answer = impl_->ask([](node::Node& node) { return status(node); });
  return answer ? answer->peer_id.text : std::string();
}

std::uint16_t Node::port() const {
  const auto answer = impl_->ask([](node::Node& node) { return status(node); });
  return answer ? answer->port : std::uint16_t{0};
}

}  // namespace essaim
