// Which level does a new connection speak? Its first byte says so, without being taken.
#pragma once
#include <optional>

#include "base/result.hpp"
#include "base/time.hpp"
#include "transport/asio.hpp"
#include "transport/net_error.hpp"
#include "wire/level.hpp"

namespace essaim::transport {

// Waits for one byte of `socket` until the deadline and leaves it there. nullopt: neither level; close. `socket`
// belongs to the lane that runs this. Closing it meanwhile gives kCancelled.
[[nodiscard]] awaitable<Expected<std::optional<wire::Level>, NetError>> peek_level(tcp::socket& socket,
                                                                                   Instant deadline);

}  // namespace essaim::transport
