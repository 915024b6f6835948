// One file, folder or symlink of a tree, the order in which a tree has them, and what can be wrong with one.
#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "base/safe_path.hpp"
#include "base/time.hpp"

namespace essaim::content {

inline constexpr std::uint32_t kTreeEntriesMax = 1'000'000;
// Of the document: at kTreeEntriesMax entries still some 180 bytes of path each.
inline constexpr std::size_t kTreeBytesMax = 256 * kMiB;

enum class EntryKind : std::uint8_t { kFile, kFolder, kSymlink };

// Fields that an entry's kind does not use stay as they are made here; a builder ignores them.
struct TreeEntry {
  SafePath path;
  EntryKind kind = EntryKind::kFile;
  bool executable = false;  // file
  std::uint64_t size = 0;   // file: bytes. Its manifest must say the same; who downloads it checks that.
  UnixNanos mtime{};        // file, folder
  ContentId id{};           // file
  std::string target{};     // symlink: see target_stays_inside()

  friend bool operator==(const TreeEntry&, const TreeEntry&) = default;
};

enum class TreeProblem {
  kTooLong,         // the document is longer than kTreeBytesMax
  kHeader,          // the first line is not kTreeHeader
  kUnfinishedLine,  // the last line does not end with LF
  kUnknownKind,
  kFieldCount,
  kNumber,     // not the one decimal form of a number in range
  kContentId,  // not 52 characters of base32
  kPath,       // SafePath refuses it
  kTarget,     // the target of a symlink is not one that target_stays_inside() allows
  kOrder,      // not after the entry before it, in tree order
  kNoFolder,   // the entry's folder is not an entry, or not a folder
  kTooManyEntries,
  kTotalTooLarge,  // the files together are larger than kContentBytesMax
};
[[nodiscard]] std::string_view to_string(TreeProblem problem);

// Tree order: by parts, each part by its bytes. A folder stands before its content, and its content stands together:
// "a", "a/z", "a-b". (By the bytes of the whole path "a-b" would stand between "a" and "a/z", since '-' < '/'.) So a
// depth-first walk that sorts each folder's names gives tree order, and a reader can tell from the entry before
// whether a folder is present.
[[nodiscard]] std::strong_ordering tree_order(const SafePath& left, const SafePath& right);
void sort_in_tree_order(std::vector<TreeEntry>& entries);

// May a symlink at `link` have this target? Only when it is relative, goes up (with leading ".." parts) no further than
// the tree's root, and is a SafePath from there. ".." after a name, "." and empty parts are refused: "up/.." could
// leave the tree where "up" is itself a symlink, so this rule holds on disk and not just in the text.
[[nodiscard]] bool target_stays_inside(const SafePath& link, std::string_view target);

}  // namespace essaim::content
