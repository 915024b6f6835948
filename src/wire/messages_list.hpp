// Browsing and searching what a peer shares.
#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "base/ids.hpp"
#include "base/safe_path.hpp"
#include "base/time.hpp"
#include "wire/fields.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {

enum class EntryKind {
  kFile,
  kDirectory,  // a folder inside a shared folder
  kSymlink,
  kTree,  // a shared folder itself, at the top
};
[[nodiscard]] std::string_view to_text(EntryKind kind);
[[nodiscard]] std::optional<EntryKind> entry_kind_from_text(std::string_view text);

struct ListEntry {
  SafePath path;  // in full, beginning with the share's name: "Share/sub/file"
  EntryKind kind = EntryKind::kFile;
  std::uint64_t size = 0;  // bytes of a file; of a tree, those of all its files
  std::optional<UnixNanos> mtime = std::nullopt;
  std::optional<ContentId> id = std::nullopt;     // nothing until hashed; of a tree, the id of its document
  std::optional<ContentId> draft = std::nullopt;  // of a file without an id: the name under which it can be fetched now
  std::uint64_t hashed = 0;                       // of what has no id yet: bytes of it that are hashed
  std::uint64_t files = 0;                        // how many files a directory or tree holds, at any depth
  std::uint64_t tree_bytes = 0;                   // of a tree: the size of its document, which is needed to fetch it
  friend bool operator==(const ListEntry&, const ListEntry&) = default;
};

struct FileListRequest {
  static constexpr std::string_view kType = "FILE_LIST_REQUEST";
  std::optional<SafePath> path = std::nullopt;  // nothing: the peer's shares; else what is directly inside this folder
  std::optional<std::string> cursor = std::nullopt;  // from the page before; opaque to who asks
  std::uint32_t limit = kListPageEntriesMax;
  friend bool operator==(const FileListRequest&, const FileListRequest&) = default;
};

struct FileListResponse {
  static constexpr std::string_view kType = "FILE_LIST_RESPONSE";
  std::vector<ListEntry> entries;
  std::optional<std::string> cursor = std::nullopt;  // nothing: this was the last page
  friend bool operator==(const FileListResponse&, const FileListResponse&) = default;
};

struct Search {
  static constexpr std::string_view kType = "SEARCH";
  std::string words;
  std::uint32_t limit = kSearchResultsMax;
  friend bool operator==(const Search&, const Search&) = default;
};

struct SearchResult {
  static constexpr std::string_view kType = "SEARCH_RESULT";
  std::vector<ListEntry> entries;
  bool truncated = false;  // there are more
  friend bool operator==(const SearchResult&, const SearchResult&) = default;
};

// How many of the first entries one FILE_LIST_RESPONSE or SEARCH_RESULT can carry: at most kListPageEntriesMax, and no
// more than fit a frame of kPeerJsonBytesMax. At least 1 unless there are none.
[[nodiscard]] std::size_t entries_that_fit(std::span<const ListEntry> entries);

void read(FieldReader& in, FileListRequest& message);
void read(FieldReader& in, FileListResponse& message);
void read(FieldReader& in, Search& message);
void read(FieldReader& in, SearchResult& message);
void write(const FileListRequest& message, boost::json::object& out);
void write(const FileListResponse& message, boost::json::object& out);
void write(const Search& message, boost::json::object& out);
void write(const SearchResult& message, boost::json::object& out);

// The field `entries`, wherever a message has one.
[[nodiscard]] std::vector<ListEntry> read_entries(FieldReader& in, std::size_t count_max);
void write_entries(const std::vector<ListEntry>& entries, boost::json::object& out);

}  // namespace essaim::wire
