// What the API reads from and writes to.
#pragma once
#include <string>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/basic_stream.hpp>

#include "api/message.hpp"
#include "api/page_files.hpp"

namespace essaim::api {

using Stream = boost::beast::basic_stream<boost::asio::generic::stream_protocol>;

inline constexpr auto kAwaitTuple = boost::asio::as_tuple(boost::asio::use_awaitable);

// What a client is told besides its answer.
struct SendOptions {
  bool keep_alive = false;
  bool leave_out_body = false;  // of an answer to HEAD
};

// Each answers whether the connection can take another request.
[[nodiscard]] boost::asio::awaitable<bool> send_response(Stream& stream, Response response, SendOptions options);
// A file of the page, or 304 where `request` has it already.
[[nodiscard]] boost::asio::awaitable<bool> send_page_file(Stream& stream, const PageFile& file, const Request& request);
// Bytes as they are.
[[nodiscard]] boost::asio::awaitable<bool> send_text(Stream& stream, std::string text);

}  // namespace essaim::api
