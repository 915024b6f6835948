#include "wire/messages_list.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include <boost/json/array.hpp>

#include "base/text.hpp"
#include "wire/json.hpp"

namespace essaim::wire {
namespace {

struct KindRow {
  EntryKind kind;
  std::string_view text;
};
constexpr std::array kKinds{
    KindRow{EntryKind::kFile, "file"},
    KindRow{EntryKind::kDirectory, "directory"},
    KindRow{EntryKind::kSymlink, "symlink"},
    KindRow{EntryKind::kTree, "tree"},
};

// Any count of bytes or files that a sum over many files can reach.
constexpr Range<std::uint64_t> kAnyCount{0, static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())};
// What a list's frame holds besides its entries: a cursor, written with escapes, and the other fields.
constexpr std::size_t kListFrameRestBytes = 6 * kCursorBytesMax + 1024;
constexpr std::size_t kEntriesJsonBytesMax = kPeerJsonBytesMax - kListFrameRestBytes;

std::optional<SafePath> read_path(FieldReader& in, std::string_view key, std::string_view text) {
  auto path = SafePath::parse(text);
  if (path) return std::move(*path);
  in.fail_field(key, FieldError::kBadValue);
  return std::nullopt;
}

// Appends the entry, unless its kind is one that this version does not know.
void read_entry(FieldReader& in, std::vector<ListEntry>& entries) {
  const std::optional<SafePath> path = read_path(in, "path", in.text("path", kPathBytesMax));
  const std::optional<EntryKind> kind = entry_kind_from_text(in.text("kind", kTypeBytesMax));
  if (!path || !kind) return;
  ListEntry entry{.path = *path, .kind = *kind};
  entry.size = in.find_integer("size", kAnyCount).value_or(0);
  if (const auto mtime = in.find_signed("mtime")) entry.mtime = UnixNanos{*mtime};
  entry.id = in.find_content_id("id");
  entry.draft = in.find_content_id("draft");
  entry.hashed = in.find_integer("hashed", kAnyCount).value_or(0);
  entry.files = in.find_integer("files", kAnyCount).value_or(0);
  entry.tree_bytes = in.find_integer("tree_bytes", Range<std::uint64_t>{0, kContentBytesMax}).value_or(0);
  entries.push_back(std::move(entry));
}

boost::json::object entry_json(const ListEntry& entry) {
  boost::json::object out;
  out["path"] = json_text(entry.path.text());
  out["kind"] = to_text(entry.kind);
  out["size"] = entry.size;
  if (entry.mtime) out["mtime"] = static_cast<std::int64_t>(*entry.mtime);
  if (entry.id) out["id"] = to_base32(entry.id->view());
  if (entry.draft) out["draft"] = to_base32(entry.draft->view());
  if (entry.hashed > 0) out["hashed"] = entry.hashed;
  if (entry.files > 0) out["files"] = entry.files;
  if (entry.tree_bytes > 0) out["tree_bytes"] = entry.tree_bytes;
  return out;
}

// How many results the asker wants; what is more than one answer may hold counts as that.
std::uint32_t read_limit(FieldReader& in, std::uint32_t limit_max) {
  const auto limit = in.find_integer("limit", Range<std::uint32_t>{1, std::numeric_limits<std::uint32_t>::max()});
  return std::min(limit.value_or(limit_max), limit_max);
}

std::optional<std::string> read_cursor(FieldReader& in) {
  const auto cursor = in.find_text("cursor", kCursorBytesMax);
  return cursor ? std::optional<std::string>(*cursor) : std::nullopt;
}

}  // namespace

std::vector<ListEntry> read_entries(FieldReader& in, std::size_t count_max) {
  std::vector<ListEntry> entries;
  in.each_object("entries", count_max, [&](FieldReader& element) { read_entry(element, entries); });
  return entries;
}

void write_entries(const std::vector<ListEntry>& entries, boost::json::object& out) {
  boost::json::array& array = out["entries"].emplace_array();
  for (const ListEntry& entry : entries) array.emplace_back(entry_json(entry));
}

std::string_view to_text(EntryKind kind) {
  const auto* row = std::ranges::find(kKinds, kind, &KindRow::kind);
  return row == kKinds.end() ? "unknown" : row->text;
}

std::optional<EntryKind> entry_kind_from_text(std::string_view text) {
  const auto* row = std::ranges::find(kKinds, text, &KindRow::text);
  return row == kKinds.end() ? std::nullopt : std::optional(row->kind);
}

std::size_t entries_that_fit(std::span<const ListEntry> entries) {
  std::size_t count = 0;
  std::size_t bytes = 0;
  for (const ListEntry& entry : entries.first(std::min(entries.size(), kListPageEntriesMax))) {
    bytes += wire::serialize(entry_json(entry)).size() + 1;  // and its comma
    if (bytes > kEntriesJsonBytesMax) break;
    ++count;
  }
  return count;
}

void read(FieldReader& in, FileListRequest& message) {
  const std::string_view path = in.find_text("path", kPathBytesMax).value_or("");
  if (!path.empty()) message.path = read_path(in, "path", path);
  message.cursor = read_cursor(in);
  message.limit = read_limit(in, kListPageEntriesMax);
}

void read(FieldReader& in, FileListResponse& message) {
  message.entries = read_entries(in, kListPageEntriesMax);
  message.cursor = read_cursor(in);
}

void read(FieldReader& in, Search& message) {
  message.words = in.text("words", kSearchWordsBytesMax);
  if (message.words.empty()) in.fail_field("words", FieldError::kBadValue);
  message.limit = read_limit(in, kSearchResultsMax);
}

void read(FieldReader& in, SearchResult& message) {
  message.entries = read_entries(in, kListPageEntriesMax);
  message.truncated = in.flag("truncated");
}

void write(const FileListRequest& message, boost::json::object& out) {
  out["path"] = message.path ? json_text(message.path->text()) : boost::json::string();
  if (message.cursor) out["cursor"] = json_text(*message.cursor);
  out["limit"] = message.limit;
}

void write(const FileListResponse& message, boost::json::object& out) {
  write_entries(message.entries, out);
  if (message.cursor) out["cursor"] = json_text(*message.cursor);
}

void write(const Search& message, boost::json::object& out) {
  out["words"] = json_text(message.words);
  out["limit"] = message.limit;
}

void write(const SearchResult& message, boost::json::object& out) {
  write_entries(message.entries, out);
  out["truncated"] = message.truncated;
}

}  // namespace essaim::wire
