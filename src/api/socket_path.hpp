// Where the API of a home's node is found.
#pragma once
#include <string>

namespace essaim::api {

[[nodiscard]] inline std::string socket_path_of(const std::string& home) { return home + "/node.sock"; }

}  // namespace essaim::api
