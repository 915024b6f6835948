// A level-1 peer that says exactly what a test wants to be said. It dials a node, so nobody has to discover it.
#pragma once
#include <algorithm>
#include <cstdint>
#include <functional>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <variant>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <gtest/gtest.h>

#include "content/hash.hpp"
#include "content/link.hpp"
#include "content/manifest.hpp"
#include "transport/certificate.hpp"
#include "transport/frame_stream.hpp"
#include "transport/tls_stream.hpp"
#include "wire/message.hpp"

namespace essaim::test {

// A frame, as the peer sends it.
inline Bytes frame_of(const wire::Envelope& envelope, ByteView payload = {}) {
  Bytes bytes = wire::encode_message(envelope);
  bytes.insert(bytes.end(), payload.begin(), payload.end());
  return bytes;
}

// Bytes with their content id, as an honest peer serves them.
struct ServedContent {
  explicit ServedContent(std::string text) : bytes(std::move(text)), plan(*content::plan_for(bytes.size())) {
    manifest.size = bytes.size();
    for (std::uint32_t i = 0; i < plan.chunks; ++i) manifest.leaves.push_back(content::leaf_of(chunk(i)));
  }
  [[nodiscard]] ByteView chunk(std::uint32_t index) const {
    const content::ChunkIndex at{index};
    return as_bytes(bytes).subspan(plan.offset(at), plan.length(at));
  }
  [[nodiscard]] ContentId id() const { return manifest.id(); }
  [[nodiscard]] std::string link(std::string name) const {
    return content::format_link({.id = id(), .name = std::move(name), .size = bytes.size()});
  }
  // The honest answer; nothing for what is no question about content.
  [[nodiscard]] std::vector<Bytes> answer(const wire::Envelope& asked) const {
    if (std::holds_alternative<wire::Find>(asked.message)) {
      wire::Found found;
      found.entries.push_back({id(), wire::Holding::kComplete, plan.chunks});
      return {frame_of({.id = asked.id, .message = std::move(found)})};
    }
    if (const auto* leaves = std::get_if<wire::ManifestRequest>(&asked.message)) {
      const auto range = content::leaf_range(manifest, content::ChunkIndex{leaves->first}, leaves->count);
      if (!range) return {};
      return {frame_of({.id = asked.id,
                        .payload_bytes = range->size(),
                        .message = wire::ManifestData{id(), leaves->first, leaves->count, manifest.size}},
                       *range)};
    }
    if (const auto* wanted = std::get_if<wire::ChunkRequest>(&asked.message)) {
      return {chunk_frame(*asked.id, wanted->chunk_index, chunk(wanted->chunk_index))};
    }
    return {};
  }
  [[nodiscard]] Bytes chunk_frame(std::uint64_t wire_id, std::uint32_t index, ByteView data) const {
    return frame_of({.id = wire_id, .payload_bytes = data.size(), .message = wire::ChunkData{id(), index}}, data);
  }

  std::string bytes;
  content::ChunkPlan plan;
  content::Manifest manifest;
};

class ScriptedPeer {
 public:
  // Called on the peer's own thread for each message of the node; the frames go out in this order.
  using Script = std::function<std::vector<Bytes>(const wire::Envelope&)>;

  ScriptedPeer(std::uint16_t node_port, Script script)
      : script_(std::move(script)),
        tls_(std::move(transport::TlsContext::make(transport::make_self_signed_identity().value()).value())) {
    boost::asio::ip::tcp::socket socket(io_);
    socket.connect({boost::asio::ip::address_v4::loopback(), node_port});
    boost::asio::co_spawn(io_, talk(std::move(socket)), [this](const std::exception_ptr&) { ended_.set_value(); });
    thread_ = std::thread([this] { io_.run(); });
  }
  ScriptedPeer(const ScriptedPeer&) = delete;
  ScriptedPeer& operator=(const ScriptedPeer&) = delete;
  ~ScriptedPeer() {
    io_.stop();
    thread_.join();
  }

  [[nodiscard]] const PeerId& id() const { return tls_.peer_id(); }
  // True when the node has closed the connection.
  [[nodiscard]] bool closed_within(std::chrono::seconds time) {
    return ended_.get_future().wait_for(time) == std::future_status::ready;
  }
  [[nodiscard]] int messages_of(std::string_view type) const {
    const std::lock_guard lock(mutex_);
    return static_cast<int>(std::ranges::count(heard_, type));
  }

 private:
  boost::asio::awaitable<void> talk(boost::asio::ip::tcp::socket socket) {
    transport::TlsStream stream(std::move(socket), tls_, transport::TlsStream::Role::kClient);
    if (!co_await stream.handshake()) co_return;
    transport::FrameStream frames(stream, wire::Level::kPeer);
    frames.accept_peer();
    const Bytes hello = frame_of({.message = wire::Hello{.name = "scripted", .version = "test", .port = 1}});
    if (!co_await frames.write(hello)) co_return;
    while (true) {
      auto frame = co_await frames.read_frame();
      if (!frame) co_return;
      const auto envelope = wire::parse_message(*frame);
      if (!co_await frames.skip_payload(frame->payload_bytes) || !envelope) co_return;
      {
        const std::lock_guard lock(mutex_);
        heard_.emplace_back(wire::type_of(envelope->message));
      }
      for (const Bytes& bytes : script_(*envelope)) {
        if (!co_await frames.write(bytes)) co_return;
      }
    }
  }

  Script script_;
  transport::TlsContext tls_;
  boost::asio::io_context io_{1};
  std::promise<void> ended_;
  mutable std::mutex mutex_;
  std::vector<std::string> heard_;
  std::thread thread_;
};

}  // namespace essaim::test
