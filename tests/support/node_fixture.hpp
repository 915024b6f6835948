// Whole nodes on the loopback interface, each with a home, a download folder and a control thread of its own.
#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "base/log.hpp"
#include "node/node.hpp"
#include "support/temp_dir.hpp"

namespace essaim::test {

// How long a test waits for what must come before it fails.
inline constexpr std::chrono::seconds kPatience{30};

// A port of Protocol that nobody had a moment ago.
template <class Protocol>
std::uint16_t free_port() {
  boost::asio::io_context io;
  typename Protocol::socket socket(io, typename Protocol::endpoint(boost::asio::ip::address_v4::any(), 0));
  return socket.local_endpoint().port();
}

// Keeps all lines, so that a test can look for what a person was told.
class KeptLog final : public Log {
 public:
  void write(LogLevel /*level*/, std::string_view line) override {
    const std::lock_guard lock(mutex_);
    text_.append(line).append("\n");
  }
  [[nodiscard]] bool wants(LogLevel /*level*/) const override { return true; }
  [[nodiscard]] std::string text() const {
    const std::lock_guard lock(mutex_);
    return text_;
  }

 private:
  mutable std::mutex mutex_;
  std::string text_;
};

// A node and the thread that runs its control loop. Destroying it without stop() is as unclean an end as a process can
// give its node without dying itself.
class RunningNode {
 public:
  explicit RunningNode(node::Config config, storage::IndexPoolOptions hashing = {}) {
    auto made = node::Node::create(control_, std::move(config), log_, std::move(hashing));
    if (!made) throw std::runtime_error("the node did not start: " + made.error().message);
    node_ = std::move(*made);
    thread_ = std::thread([this] { control_.run(); });
  }
  RunningNode(const RunningNode&) = delete;
  RunningNode& operator=(const RunningNode&) = delete;
  ~RunningNode() {
    control_.stop();
    if (thread_.joinable()) thread_.join();
  }

  // A clean stop; false if it does not end in time.
  [[nodiscard]] bool stop() {
    auto ended = std::make_shared<std::promise<void>>();
    boost::asio::post(control_, [this, ended] {
      node_->on_stopped([ended] { ended->set_value(); });
      node_->request_stop();
    });
    return ended->get_future().wait_for(kPatience) == std::future_status::ready;
  }

  // What `ask(node)`, a coroutine, answers.
  template <class Ask>
  auto ask(Ask ask) {
    return run(ask(static_cast<node::Facade&>(*node_)));
  }
  // What `look(node)` returns on the control thread.
  template <class Look>
  auto look(Look look) {
    return run(looking(*node_, std::move(look)));
  }
  // Waits until condition(node) holds, looking again and again on the control thread; false when it never does.
  template <class Condition>
  [[nodiscard]] bool until(Condition condition) {
    return run(waiting(*node_, std::move(condition)));
  }

  // Shares the path and waits until it is hashed.
  node::ShareView share(const std::filesystem::path& path, std::optional<std::string> name = std::nullopt) {
    const auto view = ask([&](node::Facade& node) { return node.share({.path = path.string(), .name = name}); });
    EXPECT_TRUE(view) << view.error().message;
    if (!view) return {};
    EXPECT_TRUE(until([&](node::Node& node) { return find(node, view->name).state == node::ShareState::kReady; }));
    return look([&](node::Node& node) { return find(node, view->name); });
  }
  node::Outcome<node::TransferView> get(const std::string& target, std::optional<std::string> dest = std::nullopt) {
    return ask([&](node::Facade& node) { return node.get({.target = target, .dest = dest}); });
  }
  // Gets it, and waits for the end.
  node::TransferView fetch(const std::string& target, std::optional<std::string> dest = std::nullopt) {
    const auto begun = get(target, std::move(dest));
    EXPECT_TRUE(begun) << begun.error().message;
    return begun ? end_of(begun->id) : node::TransferView{};
  }
  // The transfer when it has ended: done, failed, cancelled or paused.
  node::TransferView end_of(const std::string& id) {
    EXPECT_TRUE(until_transfer(id, [](const node::TransferView& view) {
      return view.state == node::TransferState::kDone || view.state == node::TransferState::kFailed ||
             view.state == node::TransferState::kCancelled || view.state == node::TransferState::kPaused;
    })) << "the transfer has not ended";
    return transfer(id);
  }
  template <class Condition>
  [[nodiscard]] bool until_transfer(const std::string& id, Condition condition) {
    return until([&](node::Node& node) {
      const auto view = node.transfer(id);
      return view && condition(*view);
    });
  }
  node::TransferView transfer(const std::string& id) {
    return look([&](node::Node& node) { return node.transfer(id).value_or(node::TransferView{}); });
  }
  node::StatusView status() {
    return look([](node::Node& node) { return node.status(); });
  }
  // Waits until this node sees so many others.
  [[nodiscard]] bool sees(std::size_t peers) {
    return until([peers](node::Node& node) {
      return static_cast<std::size_t>(std::ranges::count(node.peers(), true, &node::PeerView::online)) >= peers;
    });
  }

  [[nodiscard]] std::string log() const { return log_.text(); }

 private:
  static node::ShareView find(node::Node& node, const std::string& name) {
    for (const node::ShareView& share : node.shares()) {
      if (share.name == name) return share;
    }
    return {};
  }
  template <class Look, class Value = std::invoke_result_t<Look&, node::Node&>>
  static boost::asio::awaitable<Value> looking(node::Node& node, Look look) {
    co_return look(node);
  }
  template <class Condition>
  static boost::asio::awaitable<bool> waiting(node::Node& node, Condition condition) {
    boost::asio::steady_timer timer(node.executor());
    const auto give_up = std::chrono::steady_clock::now() + kPatience / 2;
    while (!condition(node)) {
      if (std::chrono::steady_clock::now() >= give_up) co_return false;
      timer.expires_after(std::chrono::milliseconds(2));
      co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    co_return true;
  }
  template <class Value>
  Value run(boost::asio::awaitable<Value> task) {
    auto answer = boost::asio::co_spawn(control_, std::move(task), boost::asio::use_future);
    if (answer.wait_for(kPatience) != std::future_status::ready) throw std::runtime_error("the node does not answer");
    return answer.get();
  }

  KeptLog log_;
  boost::asio::io_context control_{1};
  std::unique_ptr<node::Node> node_;
  std::thread thread_;
};

// A folder for the nodes of one test, and a discovery port that only they use.
class NodeTest : public ::testing::Test {
 protected:
  [[nodiscard]] node::Config config(const std::string& name) const {
    return {.home = (dir / name).string(),
            .dest = (dir / (name + "-in")).string(),
            .name = name,
            .port = free_port<boost::asio::ip::tcp>(),
            .discovery_port = discovery_port,
            .interfaces = {"lo"},
            .lanes = 2};
  }
  [[nodiscard]] std::unique_ptr<RunningNode> start(const std::string& name) const {
    return std::make_unique<RunningNode>(config(name));
  }
  [[nodiscard]] std::filesystem::path in(const std::string& name) const { return dir / (name + "-in"); }
  // Everything below the folder, hidden things and folders included; sorted.
  [[nodiscard]] static std::vector<std::string> names_in(const std::filesystem::path& folder) {
    std::vector<std::string> names;
    std::error_code ignored;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder, ignored)) {
      names.push_back(entry.path().lexically_relative(folder).string());
    }
    std::ranges::sort(names);
    return names;
  }

  TempDir dir;
  std::uint16_t discovery_port = free_port<boost::asio::ip::udp>();
};

}  // namespace essaim::test
