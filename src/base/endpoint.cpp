#include "base/endpoint.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <vector>

#include <fmt/format.h>

namespace essaim {
namespace {

constexpr std::array<std::uint8_t, 12> kV4Prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};

template <class Number>
std::optional<Number> parse_number(std::string_view text, int base = 10) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

std::optional<IpAddress> parse_v4(std::string_view text) {
  const auto parts = split(text, '.');
  if (parts.size() != 4) return std::nullopt;
  std::array<std::uint8_t, 4> octets{};
  for (std::size_t i = 0; i < 4; ++i) {
    const auto octet = parse_number<std::uint8_t>(parts[i]);
    const bool leading_zero = parts[i].size() > 1 && parts[i][0] == '0';
    if (!octet || leading_zero) return std::nullopt;
    octets[i] = *octet;
  }
  return IpAddress::v4(octets[0], octets[1], octets[2], octets[3]);
}

// Whether the side of "::" is where the address ends: only there an embedded IPv4 address may stand.
enum class Side { kInner, kLast };

// The 16-bit groups of one side of "::", or of an address without one.
std::optional<std::vector<std::uint16_t>> parse_groups(std::string_view text, Side side) {
  std::vector<std::uint16_t> groups;
  if (text.empty()) return groups;
  const auto parts = split(text, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (side == Side::kLast && i + 1 == parts.size() && parts[i].find('.') != std::string_view::npos) {
      const auto v4 = parse_v4(parts[i]);
      if (!v4) return std::nullopt;
      groups.push_back(static_cast<std::uint16_t>(v4->bytes[12] << 8U | v4->bytes[13]));
      groups.push_back(static_cast<std::uint16_t>(v4->bytes[14] << 8U | v4->bytes[15]));
      continue;
    }
    const auto group = parse_number<std::uint16_t>(parts[i], 16);
    if (!group || parts[i].size() > 4) return std::nullopt;
    groups.push_back(*group);
  }
  return groups;
}

std::optional<IpAddress> parse_v6(std::string_view text) {
  const std::size_t gap = text.find("::");
  const auto head = parse_groups(text.substr(0, gap), gap == std::string_view::npos ? Side::kLast : Side::kInner);
  if (!head) return std::nullopt;
  std::vector<std::uint16_t> tail;
  if (gap != std::string_view::npos) {
    const auto parsed = parse_groups(text.substr(gap + 2), Side::kLast);
    if (!parsed) return std::nullopt;
    tail = *parsed;
  }
  const std::size_t given = head->size() + tail.size();
  if (gap == std::string_view::npos ? given != 8 : given > 7) return std::nullopt;
  IpAddress address;
  const auto put = [&](std::size_t at, std::uint16_t group) {
    address.bytes[at * 2] = static_cast<std::uint8_t>(group >> 8U);
    address.bytes[at * 2 + 1] = static_cast<std::uint8_t>(group & 0xFFU);
  };
  for (std::size_t i = 0; i < head->size(); ++i) put(i, (*head)[i]);
  for (std::size_t i = 0; i < tail.size(); ++i) put(8 - tail.size() + i, tail[i]);
  return address;
}

// fe80::/10, and link-local multicast ffx2::/16 (RFC 4291, 2.5.6 and 2.7).
bool is_v6_link_local(const std::array<std::uint8_t, 16>& bytes) {
  return (bytes[0] == 0xFE && (bytes[1] & 0xC0U) == 0x80U) || (bytes[0] == 0xFF && (bytes[1] & 0x0FU) == 0x02U);
}

// RFC 5952: the longest run of two or more zero groups, the first of equals, is written "::".
std::string v6_text(const std::array<std::uint8_t, 16>& bytes) {
  std::array<unsigned, 8> groups{};
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<unsigned>(bytes[i * 2]) << 8U | bytes[i * 2 + 1];
  std::size_t best_at = 8;
  std::size_t best_length = 1;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t length = 0;
    while (i + length < 8 && groups[i + length] == 0) ++length;
    if (length > best_length) {
      best_at = i;
      best_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < 8; ++i) {
    if (i == best_at) {
      text += "::";
      i += best_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", groups[i]);
  }
  return text;
}

}  // namespace

IpAddress IpAddress::v4(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
  IpAddress address;
  std::ranges::copy(kV4Prefix, address.bytes.begin());
  address.bytes[12] = a;
  address.bytes[13] = b;
  address.bytes[14] = c;
  address.bytes[15] = d;
  return address;
}

std::optional<IpAddress> IpAddress::parse(std::string_view text) {
  if (text.find(':') == std::string_view::npos) return parse_v4(text);
  const std::size_t percent = text.find('%');
  auto address = parse_v6(text.substr(0, percent));
  if (!address || percent == std::string_view::npos) return address;
  const auto scope = parse_number<std::uint32_t>(text.substr(percent + 1));
  if (!scope || *scope == 0 || !is_v6_link_local(address->bytes)) return std::nullopt;
  address->scope = *scope;
  return address;
}

bool IpAddress::is_v4() const { return std::equal(kV4Prefix.begin(), kV4Prefix.end(), bytes.begin()); }

bool IpAddress::is_loopback() const {
  if (is_v4()) return bytes[12] == 127;
  return bytes[15] == 1 && std::all_of(bytes.begin(), bytes.end() - 1, [](std::uint8_t b) { return b == 0; });
}

std::string IpAddress::text() const {
  if (is_v4()) return fmt::format("{}.{}.{}.{}", bytes[12], bytes[13], bytes[14], bytes[15]);
  return scope == 0 ? v6_text(bytes) : fmt::format("{}%{}", v6_text(bytes), scope);
}

std::optional<Endpoint> Endpoint::parse(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  const auto port = parse_number<std::uint16_t>(text.substr(colon + 1));
  std::string_view host = text.substr(0, colon);
  const bool bracketed = host.size() >= 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  if (bracketed != (host.find(':') != std::string_view::npos)) return std::nullopt;
  const auto address = IpAddress::parse(host);
  if (!address || !port) return std::nullopt;
  return Endpoint{*address, *port};
}

std::string Endpoint::text() const {
  return address.is_v4() ? fmt::format("{}:{}", address.text(), port) : fmt::format("[{}]:{}", address.text(), port);
}

}  // namespace essaim
