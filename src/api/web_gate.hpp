// Who may ask what over TCP, where every page that the owner's browser shows, and every program of every user of the
// machine, can knock. No socket, no clock, no random source.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/message.hpp"
#include "base/time.hpp"

namespace essaim::api {

// How long a ticket is good for: for a person to click on what a terminal shows. It is used up by the first who brings
// it, which is at once where a browser is started with it.
inline constexpr std::chrono::minutes kTicketLifetime{5};
inline constexpr std::size_t kTicketsMax = 16;
// Since it was last used. A page that is open asks more often.
inline constexpr std::chrono::hours kLoginLifetime{24};
inline constexpr std::size_t kLoginsMax = 25;

// What a browser holds once it has brought a ticket: the cookie, which it sends by itself, and the page token, which
// only the page can send.
struct WebLogin {
  std::string cookie;  // the value for the field Set-Cookie
  std::string page_token;
};

// === Specification ===
//  1. The field Host is there once and is exactly 127.0.0.1, localhost, [::1] or `host`, with the port. Why: a name of
//  somebody
//     else's that leads here (DNS rebinding) is in it.
//  2. Origin is missing or our own, and Sec-Fetch-Site missing, same-origin or none. Why: a foreign page can make the
//     browser ask, but can't keep it from saying who made it ask.
//  3. The page itself (HTML, styles, scripts: the same for everybody) needs no more than that.
//  4. A body is JSON, by its Content-Type, or the bytes of a file that is handed in. Why: what an HTML form sends is
//     neither.
//  5. All else needs the token of the home (Authorization: Bearer), or both the cookie and the page token
//     (X-Essaim-Token). The cookie alone is enough to read the bytes of a file, as pictures and players send nothing
//     else. Why both: a cookie goes to every port of its host, so that any server on this machine that the browser
//     meets learns it; the page token is kept where only the page's own origin, port included, can read it.
// Tickets and logins live as long as the gate; the oldest gives way where there are too many.
class WebGate {
 public:
  struct Options {
    std::string host = "127.0.0.1";  // as its address is written in a URL
    std::uint16_t port = 0;
    std::string home_token;
    std::function<std::string()> make_secret;  // 256 bits that nobody can guess, as letters and digits
  };
  explicit WebGate(Options options) : options_(std::move(options)) {}

  // Rules 1 and 2; nothing where the request may go on.
  [[nodiscard]] std::optional<Response> check_origin(const Caller& caller) const;
  // Rule 4.
  [[nodiscard]] static std::optional<Response> check_body(const Caller& caller, const Request& request);
  // Rule 5.
  [[nodiscard]] std::optional<Response> check_right(const Caller& caller, const Request& request, Instant now);

  [[nodiscard]] std::string make_ticket(Instant now);
  // Nothing where the ticket was never given, is too old, or has been used.
  [[nodiscard]] std::optional<WebLogin> redeem(std::string_view ticket, Instant now);

  // "http://127.0.0.1:5080/"
  [[nodiscard]] std::string page_address() const;

 private:
  struct Ticket {
    std::string secret;
    Instant made;
  };
  struct Login {
    std::string session;
    std::string page_token;
    Instant used;
  };
  [[nodiscard]] std::string cookie_name() const;
  [[nodiscard]] Login* login_of(std::string_view cookies, Instant now);

  Options options_;
  std::deque<Ticket> tickets_;  // the oldest first
  std::deque<Login> logins_;
};

}  // namespace essaim::api
