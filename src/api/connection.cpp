#include "api/connection.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "api/event_stream.hpp"
#include "api/file_sending.hpp"
#include "api/limits.hpp"
#include "api/routes.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;

constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::string_view kEventStreamHeader =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n";

// In the set for as long as it lives.
class Registration {
 public:
  Registration(ConnectionSet& set, Socket& socket) : set_(set), socket_(socket) { set_.add(socket_); }
  ~Registration() { set_.remove(socket_); }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

 private:
  ConnectionSet& set_;
  Socket& socket_;
};

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::kGet;
    case http::verb::head: return Method::kHead;
    case http::verb::post: return Method::kPost;
    case http::verb::delete_: return Method::kDelete;
    default: return Method::kOther;
  }
}

std::optional<std::uint64_t> parse_number(std::string_view text) {
  std::uint64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, number);
  return parsed_to == end && error == std::errc() ? std::optional(number) : std::nullopt;
}

Expected<Request, TargetError> to_request(http::request<http::string_body> message) {
  Expected<Target, TargetError> target = parse_target(message.target());
  if (!target) return fail(target.error());
  Request request;
  request.method = method_of(message.method());
  request.target = std::move(*target);
  request.last_event_id = parse_number(message["Last-Event-ID"]);
  request.range = message[http::field::range];
  request.if_range = message[http::field::if_range];
  request.if_none_match = message[http::field::if_none_match];
  request.keep_alive = message.keep_alive();
  request.body = std::move(message.body());
  return request;
}

Response bad_request(std::string message, int status = 400) {
  return error_response({node::FailureCode::kUsage, std::move(message)}, status);
}

// What to answer to bytes that did not become a request; nothing where nobody waits for an answer.
std::optional<Response> refusal(const beast::error_code& error) {
  if (error == http::error::header_limit) return bad_request("The header of the request is too long.", 431);
  if (error == http::error::body_limit) return bad_request("The body of the request is too long.", 413);
  const bool malformed = error.category() == make_error_code(http::error::bad_method).category() &&
                         error != http::error::end_of_stream && error != http::error::partial_message;
  return malformed ? std::optional(bad_request("This is not an HTTP request.")) : std::nullopt;
}

awaitable<beast::error_code> read_request(Stream& stream, beast::flat_buffer& buffer,
                                          http::request_parser<http::string_body>& parser) {
  parser.header_limit(kHeaderBytesMax);
  const auto [header_error, header_bytes] = co_await http::async_read_header(stream, buffer, parser, kAwaitTuple);
  if (header_error) co_return header_error;
  // The parser looks at its limit only while it waits for more, not when a header arrives in one piece.
  if (header_bytes > kHeaderBytesMax) co_return http::error::header_limit;
  const auto [error, bytes] = co_await http::async_read(stream, buffer, parser, kAwaitTuple);
  co_return error;
}

awaitable<bool> send(Stream& stream, Response response, bool keep_alive) {
  http::response<http::string_body> message;
  message.version(11);
  message.result(static_cast<unsigned>(response.status));
  message.set(http::field::content_type, response.content_type);
  message.set(http::field::cache_control, "no-store");
  if (!response.allow.empty()) message.set(http::field::allow, response.allow);
  message.keep_alive(keep_alive);
  message.body() = std::move(response.body);
  message.prepare_payload();
  stream.expires_after(kRequestDeadline);
  const auto [error, bytes] = co_await http::async_write(stream, message, kAwaitTuple);
  co_return !error && keep_alive;
}

// The body of an answer to HEAD is left out.
awaitable<bool> answer(Stream& stream, node::Facade& node, Request request) {
  const bool keep_alive = request.keep_alive;
  const bool has_body = request.method != Method::kHead;
  Response response;
  if (const std::optional<std::string> id = file_asked_for(request)) {
    const auto content = co_await open_file(node, *id);
    if (content) co_return co_await send_file(stream, **content, request);
    response = error_response(content.error());
  } else {
    response = co_await respond(node, std::move(request));
  }
  if (!has_body) response.body.clear();
  co_return co_await send(stream, std::move(response), keep_alive);
}

awaitable<bool> send_text(Stream& stream, std::string text) {
  stream.expires_after(kRequestDeadline);
  const auto [error, bytes] = co_await asio::async_write(stream, asio::buffer(text), kAwaitTuple);
  stream.expires_never();
  co_return !error;
}

// The text of all events after `seen`, which becomes the number of the last one told.
std::string take_events(const node::EventLog& log, std::uint64_t& seen) {
  const std::optional<std::vector<node::Event>> events = log.after(seen);
  if (!events) {
    seen = log.newest();
    return reset_text(seen);
  }
  std::string text;
  for (const node::Event& event : *events) text += event_text(event);
  seen = log.newest();
  return text;
}

awaitable<void> tell_events(Stream& stream, node::EventLog& log, std::optional<std::uint64_t> last_event_id) {
  using namespace asio::experimental::awaitable_operators;
  std::uint64_t seen = last_event_id.value_or(log.newest());
  std::string text(kEventStreamHeader);
  text += last_event_id ? take_events(log, seen) : reset_text(seen);
  asio::steady_timer heartbeat(stream.get_executor());
  while (co_await send_text(stream, std::move(text)) && !log.closed()) {
    heartbeat.expires_after(kHeartbeatEvery);
    // A listener has nothing more to say, so its socket becomes readable when it leaves (or stop() closes it).
    const auto woken_by = co_await (log.wait_after(seen) || heartbeat.async_wait(kAwaitTuple) ||
                                    stream.socket().async_wait(Socket::wait_read, kAwaitTuple));
    if (woken_by.index() == 2) co_return;
    text = woken_by.index() == 1 ? std::string(kHeartbeat) : std::string();
    text += take_events(log, seen);
  }
}

}  // namespace

void ConnectionSet::close_all() {
  boost::system::error_code ignored;
  for (Socket* socket : sockets_) socket->close(ignored);
}

awaitable<void> serve(Socket socket, node::Facade& node, ConnectionSet& connections) {
  Stream stream(std::move(socket));
  const Registration registration(connections, stream.socket());
  beast::flat_buffer buffer;
  stream.expires_after(kRequestDeadline);
  for (bool keep_alive = true; keep_alive; stream.expires_after(kIdleDeadline)) {
    http::request_parser<http::string_body> parser;
    parser.body_limit(kBodyBytesMax);
    const beast::error_code error = co_await read_request(stream, buffer, parser);
    if (error) {
      std::optional<Response> response = refusal(error);
      if (response) co_await send(stream, std::move(*response), false);
      co_return;
    }
    keep_alive = parser.get().keep_alive();
    Expected<Request, TargetError> request = to_request(parser.release());
    if (!request) {
      Response response = bad_request(std::string(to_string(request.error())));
      keep_alive = co_await send(stream, std::move(response), keep_alive);
      continue;
    }
    if (is_event_stream(*request)) co_return co_await tell_events(stream, node.events(), request->last_event_id);
    stream.expires_never();
    keep_alive = co_await answer(stream, node, std::move(*request));
  }
}

}  // namespace essaim::api
