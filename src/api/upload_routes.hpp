// The routes by which files are handed in, to be shared.
#pragma once
#include <optional>

#include <boost/asio/awaitable.hpp>

#include "api/message.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// POST /api/v1/uploads, POST /api/v1/uploads/ID/share, DELETE /api/v1/uploads/ID
[[nodiscard]] boost::asio::awaitable<Response> post_upload(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> share_upload(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> delete_upload(node::Facade& node, Request request);

// PUT /api/v1/uploads/ID?path=…, whose body goes to the disk as it comes (api/file_receiving.hpp): what it is about,
// but for its size.
[[nodiscard]] std::optional<node::DropFileRequest> upload_asked_for(const Request& request);

}  // namespace essaim::api
