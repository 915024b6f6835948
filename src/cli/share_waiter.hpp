// Shares paths, and waits until their links are known.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "cli/session.hpp"
#include "node/views.hpp"

namespace essaim::cli {

// Asks the node to share each of the requests, in their order, and stops at the first that fails.
[[nodiscard]] node::Outcome<std::vector<node::ShareView>> share_all(Session& session,
                                                                    const std::vector<node::ShareRequest>& requests);

// Waits until each share is hashed, drawing how far that is. The client is subscribed to events since before the
// sharing began. Answers the shares as they are then.
[[nodiscard]] node::Outcome<std::vector<node::ShareView>> wait_for_links(Context& context, Session& session,
                                                                         std::vector<node::ShareView> shares);

}  // namespace essaim::cli
