#include "api/web_gate.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>
#include <openssl/crypto.h>

#include "base/defence.hpp"

namespace essaim::api {
namespace {

constexpr std::string_view kBearer = "Bearer ";
constexpr std::uint16_t kHttpPort = 80;

Response refuse(int status, std::string message) {
  return error_response({node::FailureCode::kRefused, std::move(message)}, status);
}

// In a time that does not tell how much of it is right.
bool same_secret(std::string_view given, std::string_view secret) {
  return !secret.empty() && given.size() == secret.size() &&
         CRYPTO_memcmp(given.data(), secret.data(), secret.size()) == 0;
}

bool is_host(std::string_view host, const WebGate::Options& own) {
  const std::array<std::string_view, 4> names{"127.0.0.1", "localhost", "[::1]", own.host};
  return std::ranges::any_of(names, [&](std::string_view name) {
    return host == fmt::format("{}:{}", name, own.port) || (own.port == kHttpPort && host == name);
  });
}

// The value of a cookie: "a=1; b=2".
std::string_view cookie_value(std::string_view cookies, std::string_view name) {
  while (!cookies.empty()) {
    const std::size_t end = cookies.find(';');
    std::string_view each = cookies.substr(0, end);
    cookies.remove_prefix(end == std::string_view::npos ? cookies.size() : end + 1);
    while (each.starts_with(' ')) each.remove_prefix(1);
    if (each.starts_with(name) && each.substr(name.size()).starts_with('=')) return each.substr(name.size() + 1);
  }
  return {};
}

bool reads_a_file(const Request& request) {
  const auto& parts = request.target.parts;
  const bool reads = request.method == Method::kGet || request.method == Method::kHead;
  return reads && parts.size() == 4 && parts[0] == "api" && parts[1] == "v1" && parts[2] == "files";
}

bool is_json(std::string_view content_type) {
  constexpr std::string_view kJson = "application/json";
  if (!content_type.starts_with(kJson)) return false;
  content_type.remove_prefix(kJson.size());
  return content_type.empty() || content_type.starts_with(';') || content_type.starts_with(' ');
}

}  // namespace

std::optional<Response> WebGate::check_origin(const Caller& caller) const {
  if (!is_host(caller.host, options_) && defended(Defence::kPageHost)) {
    return refuse(421, "This is not the name of this server. Its page is at " + page_address() + ".");
  }
  const bool own_origin = caller.origin.empty() || caller.origin == "http://" + caller.host;
  const bool own_page = caller.fetch_site.empty() || caller.fetch_site == "same-origin" || caller.fetch_site == "none";
  if ((own_origin && own_page) || !defended(Defence::kPageOrigin)) return std::nullopt;
  return refuse(403, "Another page may not ask this server. Open " + page_address() + " in a tab of its own.");
}

std::optional<Response> WebGate::check_body(const Caller& caller, const Request& request) {
  const bool fits = request.method != Method::kPost || is_json(caller.content_type);
  if (fits || !defended(Defence::kPageBodyType)) return std::nullopt;
  return error_response({node::FailureCode::kUsage, "The body has to be JSON, with its Content-Type."}, 415);
}

std::optional<Response> WebGate::check_right(const Caller& caller, const Request& request, Instant now) {
  if (caller.authorization.starts_with(kBearer) &&
      same_secret(std::string_view(caller.authorization).substr(kBearer.size()), options_.home_token)) {
    return std::nullopt;
  }
  if (Login* login = login_of(caller.cookies, now)) {
    if (reads_a_file(request) || same_secret(caller.page_token, login->page_token)) {
      login->used = now;
      return std::nullopt;
    }
  }
  if (!defended(Defence::kPageRight)) return std::nullopt;
  return refuse(401, "Sign in first: `essaim web` opens the page, and a script sends the token in web.token.");
}

std::string WebGate::make_ticket(Instant now) {
  if (tickets_.size() == kTicketsMax) tickets_.pop_front();
  return tickets_.emplace_back(options_.make_secret(), now).secret;
}

std::optional<WebLogin> WebGate::redeem(std::string_view ticket, Instant now) {
  const auto given =
      std::ranges::find_if(tickets_, [&](const Ticket& each) { return same_secret(ticket, each.secret); });
  if (given == tickets_.end()) return std::nullopt;
  const bool in_time = now - given->made < kTicketLifetime;
  tickets_.erase(given);
  if (!in_time) return std::nullopt;
  if (logins_.size() == kLoginsMax) logins_.erase(std::ranges::min_element(logins_, {}, &Login::used));
  const Login& login = logins_.emplace_back(options_.make_secret(), options_.make_secret(), now);
  return WebLogin{.cookie = fmt::format("{}={}; Path=/; HttpOnly; SameSite=Strict", cookie_name(), login.session),
                  .page_token = login.page_token};
}

std::string WebGate::page_address() const { return fmt::format("http://{}:{}/", options_.host, options_.port); }

// With the port in it, because cookies of one host are shared by its ports.
std::string WebGate::cookie_name() const { return fmt::format("essaim_{}", options_.port); }

WebGate::Login* WebGate::login_of(std::string_view cookies, Instant now) {
  const std::string_view session = cookie_value(cookies, cookie_name());
  const auto found =
      std::ranges::find_if(logins_, [&](const Login& each) { return same_secret(session, each.session); });
  if (found == logins_.end()) return nullptr;
  if (now - found->used < kLoginLifetime) return &*found;
  logins_.erase(found);
  return nullptr;
}

}  // namespace essaim::api
