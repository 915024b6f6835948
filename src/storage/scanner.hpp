// Walks one share and says what is there.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "content/tree_entry.hpp"
#include "storage/file_stat.hpp"
#include "storage/share_root.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// Why an entry of a share is left out.
enum class SkipReason : std::uint8_t {
  kName,        // SafePath refuses it: not UTF-8, a control character, too long, too deep
  kNotRegular,  // a device, pipe or socket
  kUnreadable,  // the file or folder could not be opened
  kLinkTarget,  // a link that leads, or could lead, out of the share
  kTooLarge,    // a file of more than content::kContentBytesMax bytes
  kTooMany,     // the share has more than ScanEvents::entries_max entries: this and all after it
  kChanged,     // changed while it was read; the next scan tries again
};
[[nodiscard]] std::string_view to_string(SkipReason reason);

struct SkippedEntry {
  std::string path;  // perhaps not UTF-8: printable() before it is shown
  SkipReason reason{};
};

struct ScannedEntry {
  std::string_view path;  // relative; "" for the file of a single-file share. Valid during the call.
  const FileStat& stat;   // its kind is kFile, kDirectory or kSymlink
  std::string_view link_target;
};

struct ScanEvents {
  // In tree order (content/tree_entry.hpp): a folder, then all below it.
  std::function<void(const ScannedEntry&)> on_entry;
  std::function<void(const SkippedEntry&)> on_skipped;
  std::uint32_t entries_max = content::kTreeEntriesMax;
};

// Part files and staging folders of ours (storage/part_name.hpp) are left out silently. Links are reported as links and
// never followed, mounts are entered. Holds one descriptor a level and the names of one folder a level, so memory does
// not grow with the share. An error is one of the share itself; what is wrong with a single entry is skipped.
[[nodiscard]] Result<void> scan(const ShareRoot& root, const ScanEvents& events, const std::stop_token& stop);

}  // namespace essaim::storage
