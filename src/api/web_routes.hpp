// The routes by which a browser gets in.
#pragma once
#include "api/message.hpp"
#include "api/reception.hpp"
#include "base/time.hpp"

namespace essaim::api {

// POST /api/v1/web/session of the page: {"ticket"} for a cookie and the page token. It needs no right.
[[nodiscard]] bool is_sign_in(const Request& request);
[[nodiscard]] Response respond_to_sign_in(const Reception& reception, const Request& request, Instant now);

// POST /api/v1/web/ticket: {"url", "seconds"}, on the owner's socket only.
[[nodiscard]] bool asks_for_ticket(const Request& request);
[[nodiscard]] Response respond_with_ticket(const Reception& reception, Instant now);

}  // namespace essaim::api
