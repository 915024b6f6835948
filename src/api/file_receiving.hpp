// The body of a request, as a file that goes to the disk as it comes.
#pragma once
#include <boost/asio/awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "api/stream.hpp"
#include "node/incoming_file.hpp"

namespace essaim::api {

using HeaderParser = boost::beast::http::request_parser<boost::beast::http::empty_body>;

// What has been read of a connection.
struct Received {
  Stream& stream;
  boost::beast::flat_buffer& buffer;
  HeaderParser& header;
};

// The rest of the request that `header` begins; no more of it is in memory than kPieceBytes. Fails where the file
// can't be written, and where the client leaves, or is silent for kIdleDeadline, before its end.
[[nodiscard]] boost::asio::awaitable<node::Outcome<void>> receive_file(Received received, node::IncomingFile& file);

}  // namespace essaim::api
