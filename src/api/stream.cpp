#include "api/stream.hpp"

#include <string_view>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "api/limits.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;

// Nothing but what this server has built in is loaded, run or asked, and nobody shows the page inside another.
constexpr std::string_view kPagePolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

template <class Message>
void set_common(Message& message, int status) {
  message.version(11);
  message.result(static_cast<unsigned>(status));
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
}

template <class Message>
awaitable<bool> write(Stream& stream, Message message, bool keep_alive) {
  message.keep_alive(keep_alive);
  stream.expires_after(kRequestDeadline);
  const auto [error, bytes] = co_await http::async_write(stream, message, kAwaitTuple);
  co_return !error && keep_alive;
}

}  // namespace

awaitable<bool> send_response(Stream& stream, Response response, SendOptions options) {
  http::response<http::string_body> message;
  set_common(message, response.status);
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  if (!response.allow.empty()) message.set(http::field::allow, response.allow);
  if (!response.cookie.empty()) message.set(http::field::set_cookie, response.cookie);
  if (!options.leave_out_body) message.body() = std::move(response.body);
  message.prepare_payload();
  co_return co_await write(stream, std::move(message), options.keep_alive);
}

awaitable<bool> send_page_file(Stream& stream, const PageFile& file, const Request& request) {
  http::response<http::span_body<const std::uint8_t>> message;
  const bool known = request.if_none_match == file.etag;
  set_common(message, known ? 304 : 200);
  message.set(http::field::etag, file.etag);
  message.set(http::field::cache_control, "no-cache");
  message.set("Content-Security-Policy", kPagePolicy);
  message.set("Cross-Origin-Opener-Policy", "same-origin");
  message.set("Referrer-Policy", "no-referrer");
  if (!known) {
    message.set(http::field::content_type, file.content_type);
    message.set(http::field::content_encoding, "gzip");
    message.content_length(file.gzip.size());
    if (request.method != Method::kHead) message.body() = {file.gzip.data(), file.gzip.size()};
  }
  co_return co_await write(stream, std::move(message), request.keep_alive);
}

awaitable<bool> send_text(Stream& stream, std::string text) {
  stream.expires_after(kRequestDeadline);
  const auto [error, bytes] = co_await asio::async_write(stream, asio::buffer(text), kAwaitTuple);
  stream.expires_never();
  co_return !error;
}

}  // namespace essaim::api
