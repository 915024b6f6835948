// Where a peer can be reached, as a value: no socket type, no resolver.
#pragma once
#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace essaim {

// An IPv4 or IPv6 address. IPv4 is held as ::ffff:a.b.c.d, so there is one form to compare; `scope` is the interface
// index of a link-local IPv6 address (multicast included), else 0.
struct IpAddress {
  std::array<std::uint8_t, 16> bytes{};
  std::uint32_t scope = 0;

  [[nodiscard]] static IpAddress v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d);
  // "10.0.0.1", "::1", "fe80::1%3" (the scope as a number, on a link-local address only). Host names are not
  // addresses.
  [[nodiscard]] static std::optional<IpAddress> parse(std::string_view text);

  [[nodiscard]] bool is_v4() const;
  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const IpAddress&, const IpAddress&) = default;
};

struct Endpoint {
  IpAddress address;
  std::uint16_t port = 0;

  // "10.0.0.1:5001", "[fe80::1%3]:5001".
  [[nodiscard]] static std::optional<Endpoint> parse(std::string_view text);
  [[nodiscard]] std::string text() const;
  friend auto operator<=>(const Endpoint&, const Endpoint&) = default;
};

}  // namespace essaim
