// Shuts this process in: from then on it reaches only the folders that are named.
#pragma once
#include <string>
#include <vector>

#include "storage/storage_error.hpp"

namespace essaim::storage {

// Files or folders, absolute; each with all below it. What does not exist is left out.
struct SandboxPlaces {
  std::vector<std::string> read;
  std::vector<std::string> list;   // the names in there, but no file
  std::vector<std::string> write;  // and read
};

// Which version of the system's means it has (on Linux the ABI of Landlock); 0: none.
[[nodiscard]] int sandbox_version();

// For the calling thread and every thread it starts afterwards, for as long as the process lives: nothing else of the
// file system can be opened, made, changed or removed, except that what the system itself needs (its libraries and
// settings, /proc, /sys, /dev) can be read; and no program can be started. What is open already stays open. Fails, with
// nothing done, where sandbox_version() is 0.
[[nodiscard]] Result<void> enter_sandbox(const SandboxPlaces& places);

}  // namespace essaim::storage
