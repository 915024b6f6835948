#include "api/connection.hpp"

#include <charconv>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "api/event_sending.hpp"
#include "api/file_receiving.hpp"
#include "api/file_sending.hpp"
#include "api/limits.hpp"
#include "api/page_files.hpp"
#include "api/routes.hpp"
#include "api/stream.hpp"
#include "api/upload_routes.hpp"
#include "api/web_routes.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;

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

Instant now() {
  return Instant(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

Method method_of(http::verb verb) {
  switch (verb) {
    case http::verb::get: return Method::kGet;
    case http::verb::head: return Method::kHead;
    case http::verb::post: return Method::kPost;
    case http::verb::put: return Method::kPut;
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

// All of it but the target and the body.
Request request_of(const HeaderParser::value_type& message) {
  Request request;
  request.method = method_of(message.method());
  request.last_event_id = parse_number(message["Last-Event-ID"]);
  request.range = message[http::field::range];
  request.if_range = message[http::field::if_range];
  request.if_none_match = message[http::field::if_none_match];
  request.keep_alive = message.keep_alive();
  return request;
}

Caller caller_of(const HeaderParser::value_type& message) {
  Caller caller;
  if (message.count(http::field::host) == 1) caller.host = message[http::field::host];
  caller.origin = message[http::field::origin];
  caller.fetch_site = message["Sec-Fetch-Site"];
  caller.authorization = message[http::field::authorization];
  caller.cookies = message[http::field::cookie];
  caller.page_token = message["X-Essaim-Token"];
  caller.content_type = message[http::field::content_type];
  return caller;
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

// One request after the other of one connection.
class Conversation {
 public:
  Conversation(Stream& stream, Reception& reception) : stream_(stream), reception_(reception) {}

  // Whether the connection can take another request.
  awaitable<bool> answer_next() {
    HeaderParser header;
    header.header_limit(kHeaderBytesMax);
    header.body_limit(boost::none);  // what a body may be depends on what it is for
    if (const beast::error_code error = co_await read_header(header)) co_return co_await send_refusal(error);
    const HeaderParser::value_type& message = header.get();
    request_ = request_of(message);
    const Caller caller = caller_of(message);
    const std::string path(message.target());
    if (reception_.way == WayIn::kWeb) {
      if (std::optional<Response> refused = reception_.gate->check_origin(caller)) co_return co_await end(*refused);
      const bool reads = request_.method == Method::kGet || request_.method == Method::kHead;
      const PageFile* file = reads ? find_page_file(path) : nullptr;
      if (file != nullptr) co_return co_await send_page_file(stream_, *file, request_) && header.is_done();
    }
    Expected<Target, TargetError> target = parse_target(path);
    if (!target) co_return co_await end(bad_request(std::string(to_string(target.error()))));
    request_.target = std::move(*target);
    co_return co_await answer_request(header, caller);
  }

 private:
  awaitable<bool> answer_request(HeaderParser& header, const Caller& caller) {
    const bool signs_in = is_sign_in(request_);
    if (reception_.way == WayIn::kWeb) {
      if (std::optional<Response> refused = WebGate::check_body(caller, request_)) co_return co_await end(*refused);
      std::optional<Response> refused;
      if (!signs_in) refused = reception_.gate->check_right(caller, request_, now());
      if (refused) co_return co_await end(*refused);
    }
    if (auto upload = upload_asked_for(request_)) co_return co_await take_upload(header, std::move(*upload));
    if (const beast::error_code error = co_await read_body(header)) co_return co_await send_refusal(error);
    if (signs_in) co_return co_await send(respond_to_sign_in(reception_, request_, now()));
    if (asks_for_ticket(request_)) co_return co_await send(respond_with_ticket(reception_, now()));
    if (is_event_stream(request_)) {
      co_await tell_events(stream_, reception_.node.events(), request_.last_event_id);
      co_return false;
    }
    stream_.expires_never();
    co_return co_await answer_from_node();
  }

  awaitable<bool> take_upload(HeaderParser& header, node::DropFileRequest upload) {
    upload.size = header.content_length().value_or(0);
    const auto file = co_await reception_.node.add_to_drop(std::move(upload));
    if (!file) co_return co_await end(error_response(file.error()));
    const node::Outcome<void> received = co_await receive_file({stream_, buffer_, header}, **file);
    if (!received) co_return co_await end(error_response(received.error()));
    Response response;
    response.body = "{}";
    co_return co_await send(std::move(response));
  }

  awaitable<bool> answer_from_node() {
    const std::optional<std::string> id = file_asked_for(request_);
    if (!id) {
      const bool leave_out_body = request_.method == Method::kHead;
      const bool keep_alive = request_.keep_alive;
      Response response = co_await respond(reception_.node, std::move(request_));
      co_return co_await send_response(stream_, std::move(response), {keep_alive, leave_out_body});
    }
    const auto content = co_await open_file(reception_.node, *id);
    if (content) co_return co_await send_file(stream_, **content, request_);
    co_return co_await send(error_response(content.error()));
  }

  awaitable<beast::error_code> read_header(HeaderParser& header) {
    const auto [error, bytes] = co_await http::async_read_header(stream_, buffer_, header, kAwaitTuple);
    // The parser looks at its limit only while it waits for more, not when a header arrives in one piece.
    if (!error && bytes > kHeaderBytesMax) co_return http::error::header_limit;
    co_return error;
  }

  awaitable<beast::error_code> read_body(HeaderParser& header) {
    if (header.content_length().value_or(0) > kBodyBytesMax) co_return http::error::body_limit;
    http::request_parser<http::string_body> parser(std::move(header));
    parser.body_limit(kBodyBytesMax);
    const auto [error, bytes] = co_await http::async_read(stream_, buffer_, parser, kAwaitTuple);
    if (!error) request_.body = std::move(parser.get().body());
    co_return error;
  }

  awaitable<bool> send(Response response) {
    const bool leave_out_body = request_.method == Method::kHead;
    co_return co_await send_response(stream_, std::move(response), {request_.keep_alive, leave_out_body});
  }

  // The last answer of the connection: whatever body follows is not read.
  awaitable<bool> end(Response response) {
    const bool leave_out_body = request_.method == Method::kHead;
    co_return co_await send_response(stream_, std::move(response), {false, leave_out_body});
  }

  awaitable<bool> send_refusal(const beast::error_code& error) {
    std::optional<Response> response = refusal(error);
    if (response) co_await send_response(stream_, std::move(*response), {});
    co_return false;
  }

  Stream& stream_;
  Reception& reception_;
  beast::flat_buffer buffer_;
  Request request_;
};

}  // namespace

void ConnectionSet::close_all() {
  boost::system::error_code ignored;
  for (Socket* socket : sockets_) socket->close(ignored);
}

awaitable<void> serve(Socket socket, Reception reception) {
  Stream stream(std::move(socket));
  const Registration registration(reception.connections, stream.socket());
  Conversation conversation(stream, reception);
  stream.expires_after(kRequestDeadline);
  while (co_await conversation.answer_next()) stream.expires_after(kIdleDeadline);
}

}  // namespace essaim::api
