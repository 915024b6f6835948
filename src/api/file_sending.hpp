// The bytes of a content, as the body of a response.
#pragma once
#include <boost/asio/awaitable.hpp>

#include "api/message.hpp"
#include "api/stream.hpp"
#include "node/content_stream.hpp"

namespace essaim::api {

// Answers the request (GET or HEAD) with what it wants of the content, each piece as soon as it is there. There is no
// deadline: whoever plays a film may pause it. Whether the connection can take another request; not where the body
// could not be ended, or the client has left.
[[nodiscard]] boost::asio::awaitable<bool> send_file(Stream& stream, node::ContentStream& content,
                                                     const Request& request);

}  // namespace essaim::api
