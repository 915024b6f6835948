// The handlers of the routes about people: trust, pairing, offers (docs/api.md).
#pragma once
#include <boost/asio/awaitable.hpp>

#include "api/message.hpp"
#include "node/facade.hpp"

namespace essaim::api {

// "api", "v1", "peers", PEER, …
[[nodiscard]] boost::asio::awaitable<Response> post_trust(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> delete_peer(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_pair(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_pair_confirm(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_pair_reject(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> get_pairings(node::Facade& node, Request request);

// "api", "v1", "offers", ID, …
[[nodiscard]] boost::asio::awaitable<Response> get_offers(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_offer(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_accept(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_decline(node::Facade& node, Request request);
[[nodiscard]] boost::asio::awaitable<Response> post_withdraw(node::Facade& node, Request request);

}  // namespace essaim::api
