// What the tests of sockets share: an event loop with an end, pairs of connected sockets, identities.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "transport/asio.hpp"
#include "transport/certificate.hpp"
#include "transport/tls_context.hpp"

namespace essaim::transport {

// Runs coroutines side by side until all have ended. A test that hangs fails after a minute instead.
template <class... Coroutines>
void run_all(asio::io_context& io, Coroutines... coroutines) {
  int running = sizeof...(coroutines);
  const auto ended = [&running](const std::exception_ptr& failure) {
    --running;
    if (failure) std::rethrow_exception(failure);
  };
  (asio::co_spawn(io, std::move(coroutines), ended), ...);
  io.restart();
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (running > 0 && std::chrono::steady_clock::now() < give_up) {
    if (io.run_one_until(give_up) == 0) break;
  }
  EXPECT_EQ(running, 0) << "coroutines that never ended";
}

struct SocketPair {
  tcp::socket one;
  tcp::socket other;
};

inline SocketPair connected_pair(asio::io_context& io) {
  tcp::acceptor acceptor(io, {asio::ip::address_v4::loopback(), 0});
  tcp::socket one(io);
  one.connect(acceptor.local_endpoint());
  return {std::move(one), acceptor.accept()};
}

inline TlsIdentity make_identity() {
  auto identity = make_self_signed_identity();
  EXPECT_TRUE(identity);
  return identity ? std::move(*identity) : TlsIdentity{};
}

inline TlsContext make_context() { return std::move(TlsContext::make(make_identity()).value()); }

// Bytes that no shift or repetition maps onto themselves.
inline Bytes pattern(std::size_t size, std::uint64_t seed = 1) {
  Bytes bytes(size);
  std::uint64_t state = seed;
  for (auto& byte : bytes) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    byte = static_cast<std::uint8_t>(state >> 56U);
  }
  return bytes;
}

}  // namespace essaim::transport
