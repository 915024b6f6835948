// What can be done with content without a node: name it, and check a copy of it.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "node/views.hpp"

namespace essaim::node {

// Told now and then how many bytes have been read so far; answers whether to go on.
using HashProgress = std::function<bool(std::uint64_t bytes_read)>;

// Hashes a file or folder as sharing it would. The view has its name, kind, size, files, id and link, and what was left
// out with the reasons; the rest stays empty. kInterrupted when `progress` said so.
[[nodiscard]] Outcome<ShareView> hash_path(const std::string& path, const HashProgress& progress);

struct VerifyRequest {
  std::string path;
  std::string link;
  std::string home;  // a tree document kept there tells which file of a folder differs
};

struct VerifyView {
  bool same = false;
  ShareView found;     // what is at the path
  ContentId expected;  // what the link names
  // Where they differ: what differs first, as far as it can be told.
  std::optional<std::string> difference;
};

// Hashes what is at the path and compares it with the link. A folder is compared with its names and times.
[[nodiscard]] Outcome<VerifyView> verify_path(const VerifyRequest& request, const HashProgress& progress);

}  // namespace essaim::node
