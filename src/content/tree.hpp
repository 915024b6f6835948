// A folder as content: a text document of its entries, so that one content id names a whole folder.
//
// The document is UTF-8 text. The first line is kTreeHeader, then comes one line for each entry, in tree order, each
// line ended by LF, fields parted by TAB (no path holds either):
//     f TAB size TAB mtime TAB content-id TAB path     a file
//     x TAB size TAB mtime TAB content-id TAB path     an executable file
//     d TAB mtime TAB path                             a folder
//     l TAB target TAB path                            a symlink
// size is in bytes, mtime in nanoseconds since 1970 UTC; both are decimal without leading zeros, "-0" or '+'. Every
// folder on the way to an entry is an entry itself. The document is canonical: each tree has exactly one, and what is
// not the one is refused (docs/protocol.md, "Content").
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "content/tree_entry.hpp"
#include "content/tree_rules.hpp"

namespace essaim::content {

inline constexpr std::string_view kTreeHeader = "essaim tree 1";

// Writes a document, entry by entry.
class TreeBuilder {
 public:
  TreeBuilder();

  // Entries come in tree order (sort_in_tree_order). After an error the document is as it was before the call.
  [[nodiscard]] Expected<void, TreeProblem> add(const TreeEntry& entry);

  [[nodiscard]] std::uint32_t entries() const { return rules_.entries(); }
  // The sizes of all files together: a link's `size`.
  [[nodiscard]] std::uint64_t content_bytes() const { return rules_.content_bytes(); }
  // Hands the document out; the builder is done with.
  [[nodiscard]] std::string take() && { return std::move(document_); }

 private:
  std::string document_;
  TreeRules rules_;
};

struct TreeError {
  TreeProblem problem;
  std::size_t line;  // from 1
  friend bool operator==(const TreeError&, const TreeError&) = default;
};
[[nodiscard]] std::string to_string(const TreeError& error);

// Reads a document entry by entry, in memory that does not grow with it. The document must outlive the reader.
class TreeReader {
 public:
  explicit TreeReader(ByteView document);

  // The next entry; nothing at the end. After an error every further call gives the same error. Only a document read
  // to its end without an error is a tree: nothing of it may be acted on before.
  [[nodiscard]] Expected<std::optional<TreeEntry>, TreeError> next();

  // Of the entries read so far.
  [[nodiscard]] std::uint32_t entries() const { return rules_.entries(); }
  [[nodiscard]] std::uint64_t content_bytes() const { return rules_.content_bytes(); }

 private:
  [[nodiscard]] Expected<std::optional<TreeEntry>, TreeProblem> read();
  [[nodiscard]] std::optional<TreeProblem> read_header();
  // Without its LF; nothing when there is no LF left.
  [[nodiscard]] std::optional<std::string_view> take_line();

  std::string_view rest_;
  std::size_t line_ = 0;  // the one taken last, from 1
  std::optional<TreeError> error_;
  TreeRules rules_;
};

// All entries of a document.
[[nodiscard]] Expected<std::vector<TreeEntry>, TreeError> parse_tree(ByteView document);

}  // namespace essaim::content
