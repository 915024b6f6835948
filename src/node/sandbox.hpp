// A node that shuts itself in: what a flaw in it could be used for ends at the folders it works with.
#pragma once
#include <string>
#include <vector>

#include "node/config.hpp"
#include "node/views.hpp"
#include "storage/catalogue.hpp"

namespace essaim::node {

// The process can then read what it shares and write to its home, to where downloads go, and to where the downloads
// that it has not finished go; and it can start no program (storage/sandbox.hpp). What these places are is settled when
// it starts, because nothing can be added later.
class Sandbox {
 public:
  // Before there are other threads. Fails where the system has no means for it: who asked for it must not believe to
  // have it.
  [[nodiscard]] static Outcome<Sandbox> enter(const Config& config, storage::Catalogue& catalogue);

  // Of absolute paths.
  [[nodiscard]] bool may_read(const std::string& path) const;
  [[nodiscard]] bool may_write(const std::string& path) const;

 private:
  std::vector<std::string> read_;
  std::vector<std::string> write_;
};

// That, and what to do about it.
[[nodiscard]] Failure outside_sandbox(const std::string& path);

}  // namespace essaim::node
