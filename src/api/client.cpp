#include "api/client.hpp"

#include <array>
#include <exception>
#include <string_view>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json/parse.hpp>
#include <fmt/format.h>

#include "api/json_text.hpp"
#include "api/limits.hpp"
#include "api/views_json.hpp"
#include "base/text.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::local::stream_protocol;
using node::Outcome;
using ErrorCode = boost::system::error_code;

constexpr auto kAwaitTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kReadBytes = 16 * 1024;

http::verb verb_of(Method method) {
  switch (method) {
    case Method::kGet: return http::verb::get;
    case Method::kHead: return http::verb::head;
    case Method::kPut: return http::verb::put;
    case Method::kPost: return http::verb::post;
    case Method::kDelete: return http::verb::delete_;
    case Method::kOther: return http::verb::unknown;
  }
  return http::verb::unknown;
}

http::request<http::string_body> to_message(const Call& call) {
  http::request<http::string_body> message;
  message.version(11);
  message.method(verb_of(call.method));
  message.target(call.target);
  message.set(http::field::host, "localhost");
  message.keep_alive(false);
  if (!call.body.is_null()) {
    message.set(http::field::content_type, "application/json");
    message.body() = json_text(call.body);
  }
  message.prepare_payload();
  return message;
}

Outcome<boost::json::value> to_document(unsigned status, std::string_view body) {
  ErrorCode error;
  boost::json::value document = boost::json::parse(body, error);
  if (!error && status < 400) return document;
  const boost::json::object* object = error ? nullptr : document.if_object();
  const boost::json::value* inner = object == nullptr ? nullptr : object->if_contains("error");
  std::optional<node::Failure> failure = inner == nullptr ? std::nullopt : from_json<node::Failure>(*inner);
  if (failure) return fail(std::move(*failure));
  return fail(node::Failure{
      node::FailureCode::kFailed,
      fmt::format("The node gave an answer that makes no sense here (HTTP {}). Is it of the same version?", status)});
}

}  // namespace

struct Client::State {
  asio::io_context& io;
  std::string socket_path;
  stream_protocol::socket call_socket;
  stream_protocol::socket event_socket;
  EventParser events;
  bool interrupted = false;  // since the operation that runs has begun

  // Runs `io` until `operation` has its result.
  template <class T>
  Outcome<T> run(awaitable<Outcome<T>> operation) {
    interrupted = false;
    std::optional<Outcome<T>> result;
    const auto take = [&result](const std::exception_ptr& exception, Outcome<T> outcome) {
      if (exception) std::rethrow_exception(exception);
      result.emplace(std::move(outcome));
    };
    asio::co_spawn(io, std::move(operation), take);
    while (!result) {
      if (io.stopped()) io.restart();
      io.run_one();
    }
    return std::move(*result);
  }

  // What became of a step that ended with `error`.
  std::unexpected<node::Failure> failure(const ErrorCode& error) const {
    if (interrupted) return fail(node::Failure{node::FailureCode::kInterrupted, "Interrupted."});
    return fail(node::Failure{node::FailureCode::kFailed,
                              fmt::format("The node behind {} does not answer: {}.", socket_path, error.message())});
  }

  awaitable<ErrorCode> connect(stream_protocol::socket& socket);
  awaitable<Outcome<boost::json::value>> call(Call call);
  awaitable<Outcome<bool>> try_to_connect();
  awaitable<Outcome<bool>> read_file(std::string target, Client::Taker take);
  awaitable<Outcome<bool>> subscribe();
  awaitable<Outcome<std::optional<StreamEvent>>> next_event(std::chrono::milliseconds patience);
};

awaitable<ErrorCode> Client::State::connect(stream_protocol::socket& socket) {
  socket = stream_protocol::socket(io);
  if (interrupted) co_return asio::error::operation_aborted;
  if (socket_path.size() > kSocketPathBytesMax) co_return asio::error::name_too_long;
  const stream_protocol::endpoint endpoint(socket_path);
  const auto [error] = co_await socket.async_connect(endpoint, kAwaitTuple);
  co_return error;
}

awaitable<Outcome<bool>> Client::State::try_to_connect() { co_return !co_await connect(call_socket); }

awaitable<Outcome<boost::json::value>> Client::State::call(Call call) {
  const ErrorCode unconnected = co_await connect(call_socket);
  if (unconnected) co_return failure(unconnected);
  const http::request<http::string_body> message = to_message(call);
  const auto [unsent, sent] = co_await http::async_write(call_socket, message, kAwaitTuple);
  if (unsent) co_return failure(unsent);
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kAnswerBytesMax);
  const auto [unread, received] = co_await http::async_read(call_socket, buffer, parser, kAwaitTuple);
  if (unread) co_return failure(unread);
  co_return to_document(parser.get().result_int(), parser.get().body());
}

awaitable<Outcome<bool>> Client::State::read_file(std::string target, Client::Taker take) {
  const ErrorCode unconnected = co_await connect(call_socket);
  if (unconnected) co_return failure(unconnected);
  Call call;
  call.target = std::move(target);
  const http::request<http::string_body> message = to_message(call);
  const auto [unsent, sent] = co_await http::async_write(call_socket, message, kAwaitTuple);
  if (unsent) co_return failure(unsent);
  beast::flat_buffer buffer;
  http::response_parser<http::buffer_body> parser;
  parser.body_limit(boost::none);
  const auto [unread, received] = co_await http::async_read_header(call_socket, buffer, parser, kAwaitTuple);
  if (unread) co_return failure(unread);
  const bool refused = parser.get().result() != http::status::ok;
  std::string refusal;
  Bytes piece(kPieceBytes);
  while (!parser.is_done()) {
    parser.get().body() = {.data = piece.data(), .size = piece.size(), .more = true};
    const auto [error, count] = co_await http::async_read_some(call_socket, buffer, parser, kAwaitTuple);
    if (error && error != http::error::need_buffer) co_return failure(error);
    const ByteView got = ByteView(piece).first(piece.size() - parser.get().body().size);
    if (refused && refusal.size() + got.size() <= kAnswerBytesMax) refusal += as_text(got);
    if (!refused && !got.empty() && !co_await take(got)) co_return false;
  }
  if (!refused) co_return true;
  const Outcome<boost::json::value> answer = to_document(parser.get().result_int(), refusal);
  co_return fail(answer ? node::Failure{node::FailureCode::kFailed, "The node did not give the file."}
                        : answer.error());
}

awaitable<Outcome<bool>> Client::State::subscribe() {
  events = EventParser();
  const ErrorCode unconnected = co_await connect(event_socket);
  if (unconnected) co_return failure(unconnected);
  Call call;
  call.target = "/api/v1/events";
  const http::request<http::string_body> message = to_message(call);
  const auto [unsent, sent] = co_await http::async_write(event_socket, message, kAwaitTuple);
  if (unsent) co_return failure(unsent);
  beast::flat_buffer buffer;
  http::response_parser<http::empty_body> parser;
  const auto [unread, received] = co_await http::async_read_header(event_socket, buffer, parser, kAwaitTuple);
  if (unread) co_return failure(unread);
  if (parser.get().result() != http::status::ok) co_return failure(asio::error::connection_refused);
  events.feed(beast::buffers_to_string(buffer.data()));
  co_return true;
}

awaitable<Outcome<std::optional<StreamEvent>>> Client::State::next_event(std::chrono::milliseconds patience) {
  using namespace asio::experimental::awaitable_operators;
  asio::steady_timer over(io, patience);
  std::array<char, kReadBytes> bytes;
  for (;;) {
    if (interrupted) co_return failure(asio::error::operation_aborted);
    Expected<std::optional<StreamEvent>, StreamError> event = events.next();
    if (!event) {
      co_return fail(node::Failure{node::FailureCode::kFailed,
                                   fmt::format("The node's events can't be followed: {}.", to_string(event.error()))});
    }
    if (*event) co_return std::move(*event);
    // Waits for bytes, then takes them: a read that the timer cancels could have taken some already.
    const auto first = co_await (event_socket.async_wait(stream_protocol::socket::wait_read, kAwaitTuple) ||
                                 over.async_wait(kAwaitTuple));
    if (first.index() == 1) co_return std::optional<StreamEvent>();
    auto [error] = std::get<0>(first);
    const std::size_t count = error ? 0 : event_socket.read_some(asio::buffer(bytes), error);
    if (error) co_return failure(error);
    events.feed(std::string_view(bytes.data(), count));
  }
}

Client::Client(asio::io_context& io, std::string socket_path)
    : state_(new State{io, std::move(socket_path), stream_protocol::socket(io), stream_protocol::socket(io), {}}) {}

Client::~Client() = default;

bool Client::reachable() { return state_->run(state_->try_to_connect()).value_or(false); }

Outcome<boost::json::value> Client::call(Call call) { return state_->run(state_->call(std::move(call))); }

Outcome<void> Client::read_file(const ContentId& id, Taker take) {
  const Outcome<bool> done = state_->run(state_->read_file("/api/v1/files/" + to_base32(id.view()), std::move(take)));
  if (!done) return fail(done.error());
  return {};
}

Outcome<void> Client::subscribe() {
  const Outcome<bool> done = state_->run(state_->subscribe());
  if (!done) return fail(done.error());
  return {};
}

Outcome<std::optional<StreamEvent>> Client::next_event(std::chrono::milliseconds patience) {
  return state_->run(state_->next_event(patience));
}

void Client::interrupt() {
  state_->interrupted = true;
  ErrorCode ignored;
  state_->call_socket.close(ignored);
  state_->event_socket.cancel(ignored);
}

}  // namespace essaim::api
