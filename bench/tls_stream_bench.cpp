// How fast one TLS connection is, and what it costs: a sender and a receiver, a process and one thread each, move
// frames of 256 KiB over the loopback interface.
//
//   tls_stream_bench [GIBIBYTES=3] [CONNECTIONS=1] [plain]
#include <chrono>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include "transport/certificate.hpp"
#include "transport/frame_stream.hpp"
#include "transport/plain_stream.hpp"
#include "transport/tls_context.hpp"
#include "transport/tls_stream.hpp"
#include "wire/frame.hpp"

namespace {

using namespace essaim;
using namespace essaim::transport;

constexpr std::size_t kPayloadBytes = 256 * kKiB;

struct Plan {
  std::uint64_t frames_per_connection = 0;
  std::size_t connections = 1;
  bool is_plain = false;
};

enum class Direction { kSend, kReceive };

void demand(bool condition, std::string_view what) {
  if (condition) return;
  fmt::print(stderr, "{} failed\n", what);
  std::exit(1);
}

awaitable<void> send_frames(ByteStream& stream, std::uint64_t count) {
  FrameStream frames(stream, wire::Level::kPeer);
  const Bytes header =
      wire::encode_frame({{"type", "CHUNK_DATA"}, {"id", 1}, {"chunk_index", 7}, {"payload", kPayloadBytes}});
  const Bytes payload(kPayloadBytes, 0x5A);
  for (std::uint64_t i = 0; i < count; ++i) demand((co_await frames.write(header, payload)).has_value(), "sending");
}

awaitable<void> receive_frames(ByteStream& stream, std::uint64_t count) {
  FrameStream frames(stream, wire::Level::kPeer);
  Bytes payload(kPayloadBytes);
  for (std::uint64_t i = 0; i < count; ++i) {
    demand((co_await frames.read_frame()).has_value(), "receiving a frame");
    demand((co_await frames.read_payload(payload)).has_value(), "receiving a payload");
  }
}

awaitable<void> run_connection(tcp::socket socket, const TlsContext& context, Plan plan, Direction direction) {
  std::unique_ptr<ByteStream> stream;
  if (plan.is_plain) {
    stream = std::make_unique<PlainStream>(std::move(socket));
  } else {
    const auto role = direction == Direction::kSend ? TlsStream::Role::kServer : TlsStream::Role::kClient;
    auto tls = std::make_unique<TlsStream>(std::move(socket), context, role);
    demand((co_await tls->handshake()).has_value(), "the handshake");
    stream = std::move(tls);
  }
  if (direction == Direction::kSend) {
    co_await send_frames(*stream, plan.frames_per_connection);
  } else {
    co_await receive_frames(*stream, plan.frames_per_connection);
  }
}

void run_side(asio::io_context& io, std::vector<tcp::socket> sockets, Plan plan, Direction direction) {
  const auto identity = make_self_signed_identity();
  demand(identity.has_value(), "making a key");
  const auto context = TlsContext::make(*identity);
  demand(context.has_value(), "setting up TLS");
  for (tcp::socket& socket : sockets) {
    asio::co_spawn(io, run_connection(std::move(socket), *context, plan, direction),
                   [](const std::exception_ptr& failure) { demand(!failure, "a connection"); });
  }
  io.run();
}

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) { return double(time.tv_sec) + double(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

// In a process of its own, which ends with it.
[[noreturn]] void send_from_child(std::uint16_t port, Plan plan) {
  asio::io_context io(1);
  std::vector<tcp::socket> sockets;
  for (std::size_t i = 0; i < plan.connections; ++i) {
    sockets.emplace_back(io).connect({asio::ip::address_v4::loopback(), port});
  }
  run_side(io, std::move(sockets), plan, Direction::kSend);
  std::exit(0);
}

void receive_in_parent(asio::io_context& io, tcp::acceptor& acceptor, Plan plan) {
  std::vector<tcp::socket> sockets;
  for (std::size_t i = 0; i < plan.connections; ++i) sockets.push_back(acceptor.accept());
  run_side(io, std::move(sockets), plan, Direction::kReceive);
}

}  // namespace

int main(int argc, char** argv) {
  const double gibibytes = argc > 1 ? std::atof(argv[1]) : 3.0;
  Plan plan{.connections = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1,
            .is_plain = argc > 3 && std::string_view(argv[3]) == "plain"};
  demand(gibibytes > 0 && plan.connections > 0, "reading the arguments");
  plan.frames_per_connection =
      static_cast<std::uint64_t>(gibibytes * double(kGiB) / kPayloadBytes) / plan.connections + 1;

  asio::io_context io(1);
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  const std::uint16_t port = acceptor.local_endpoint().port();
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  demand(child >= 0, "fork");
  if (child == 0) send_from_child(port, plan);
  receive_in_parent(io, acceptor, plan);
  int status = 0;
  demand(waitpid(child, &status, 0) == child && status == 0, "the sender");

  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double gigabytes = double(plan.frames_per_connection * plan.connections * kPayloadBytes) / 1e9;
  const double sender = cpu_seconds(RUSAGE_CHILDREN) / gigabytes;
  const double receiver = cpu_seconds(RUSAGE_SELF) / gigabytes;
  fmt::print("{} {} connection(s), {:.2f} GB: {:.2f} GB/s, CPU s/GB: sender {:.2f} + receiver {:.2f} = {:.2f}\n",
             plan.is_plain ? "plain" : "TLS", plan.connections, gigabytes, gigabytes / seconds, sender, receiver,
             sender + receiver);
  return 0;
}
