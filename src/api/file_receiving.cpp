#include "api/file_receiving.hpp"

#include <cstdint>
#include <string_view>
#include <utility>

#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "api/limits.hpp"
#include "base/bytes.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;

constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

std::unexpected<node::Failure> client_left() {
  return fail(node::Failure{node::FailureCode::kInterrupted, "The file was not handed in to its end."});
}

}  // namespace

asio::awaitable<node::Outcome<void>> receive_file(Received received, node::IncomingFile& file) {
  const bool waits = received.header.get()[http::field::expect] == "100-continue";
  http::request_parser<http::buffer_body> parser(std::move(received.header));
  parser.body_limit(boost::none);
  Bytes piece(kPieceBytes);
  received.stream.expires_after(kIdleDeadline);
  if (waits) {
    const auto [error, sent] = co_await asio::async_write(received.stream, asio::buffer(kContinue), kAwaitTuple);
    if (error) co_return client_left();
  }
  while (!parser.is_done()) {
    parser.get().body() = {piece.data(), piece.size(), true};
    received.stream.expires_after(kIdleDeadline);
    const auto [error, count] = co_await http::async_read(received.stream, received.buffer, parser, kAwaitTuple);
    if (error && error != http::error::need_buffer) co_return client_left();
    received.stream.expires_never();
    const std::size_t filled = piece.size() - parser.get().body().size;
    if (filled == 0) continue;
    const node::Outcome<void> written = co_await file.write(ByteView(piece).first(filled));
    if (!written) co_return fail(written.error());
  }
  co_return co_await file.finish();
}

}  // namespace essaim::api
