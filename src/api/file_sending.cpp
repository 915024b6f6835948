#include "api/file_sending.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http.hpp>

#include "api/file_head.hpp"
#include "api/limits.hpp"
#include "base/bytes.hpp"

namespace essaim::api {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;

awaitable<bool> send_head(Stream& stream, const FileHead& head, const Request& request) {
  http::response<http::empty_body> message;
  message.version(11);
  message.result(static_cast<unsigned>(head.status));
  message.set(http::field::etag, head.etag);
  message.set(http::field::accept_ranges, "bytes");
  message.set(http::field::cache_control, "private, max-age=31536000, immutable");
  // A file is somebody else's: whatever it says it is, a browser that is led to it keeps it and runs nothing.
  message.set("X-Content-Type-Options", "nosniff");
  message.set("Cross-Origin-Resource-Policy", "same-origin");
  message.set("Content-Security-Policy", "default-src 'none'; sandbox");
  message.set(http::field::content_disposition, head.disposition);
  if (!head.content_range.empty()) message.set(http::field::content_range, head.content_range);
  if (head.status != 304) {
    message.set(http::field::content_type, head.content_type);
    message.content_length(head.body.count);
  }
  message.keep_alive(request.keep_alive);
  stream.expires_after(kRequestDeadline);
  const auto [error, bytes] = co_await http::async_write(stream, message, kAwaitTuple);
  stream.expires_never();
  co_return !error;
}

// Whether there is something to read before the client leaves. A client that goes on talking is not listened to, nor
// watched any more, until it has its answer.
class Patience {
 public:
  Patience(Stream& stream, node::ContentStream& content) : stream_(stream), content_(content) {}

  awaitable<bool> wait_for(std::uint64_t offset) {
    using namespace asio::experimental::awaitable_operators;
    if (watching_) {
      const auto first = co_await (content_.wait_for(offset) ||
                                   stream_.socket().async_wait(Stream::socket_type::wait_read, kAwaitTuple));
      if (first.index() == 0) co_return std::get<0>(first).has_value();
      boost::system::error_code error;
      if (stream_.socket().available(error) == 0 || error) co_return false;
      watching_ = false;
    }
    const node::Outcome<void> there = co_await content_.wait_for(offset);
    co_return there.has_value();
  }

 private:
  Stream& stream_;
  node::ContentStream& content_;
  bool watching_ = true;
};

}  // namespace

awaitable<bool> send_file(Stream& stream, node::ContentStream& content, const Request& request) {
  const FileHead head = head_of({content.id(), content.size(), content.name()}, request);
  if (!co_await send_head(stream, head, request)) co_return false;
  if (request.method == Method::kHead) co_return request.keep_alive;
  Bytes piece(static_cast<std::size_t>(std::min<std::uint64_t>(kPieceBytes, head.body.count)));
  Patience patience(stream, content);
  const std::uint64_t end = head.body.first + head.body.count;
  for (std::uint64_t offset = head.body.first; offset < end;) {
    if (!co_await patience.wait_for(offset)) co_return false;
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(piece.size(), end - offset));
    const node::Outcome<std::size_t> count = co_await content.read(offset, MutableByteView(piece).first(wanted));
    if (!count) co_return false;
    const auto [error, sent] = co_await asio::async_write(stream, asio::buffer(piece.data(), *count), kAwaitTuple);
    if (error) co_return false;
    offset += *count;
  }
  co_return request.keep_alive;
}

}  // namespace essaim::api
