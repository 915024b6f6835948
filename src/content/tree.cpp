#include "content/tree.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "content/content_id.hpp"
#include "content/decimal.hpp"

namespace essaim::content {
namespace {

constexpr char kFileTag = 'f';
constexpr char kExecutableTag = 'x';
constexpr char kFolderTag = 'd';
constexpr char kSymlinkTag = 'l';

std::string line_of(const TreeEntry& entry) {
  const std::string& path = entry.path.text();
  const auto mtime = static_cast<std::int64_t>(entry.mtime);
  switch (entry.kind) {
    case EntryKind::kFolder: return fmt::format("{}\t{}\t{}\n", kFolderTag, mtime, path);
    case EntryKind::kSymlink: return fmt::format("{}\t{}\t{}\n", kSymlinkTag, entry.target, path);
    case EntryKind::kFile: break;
  }
  const char tag = entry.executable ? kExecutableTag : kFileTag;
  return fmt::format("{}\t{}\t{}\t{}\t{}\n", tag, entry.size, mtime, content_id_text(entry.id), path);
}

constexpr std::size_t kFieldsMax = 5;

// The fields of one line; more than kFieldsMax of them count as kFieldsMax + 1.
struct Fields {
  std::array<std::string_view, kFieldsMax> all;
  std::size_t count = 0;
};

Fields split_fields(std::string_view line) {
  Fields fields;
  while (fields.count < kFieldsMax) {
    const std::size_t tab = line.find('\t');
    fields.all[fields.count++] = line.substr(0, tab);
    if (tab == std::string_view::npos) return fields;
    line.remove_prefix(tab + 1);
  }
  ++fields.count;
  return fields;
}

// Sets the entry's fields that its kind has between tag and path; `fields` are those.
std::optional<TreeProblem> read_file(TreeEntry& entry, std::span<const std::string_view> fields) {
  const auto size = parse_decimal<std::uint64_t>(fields[0]);
  const auto mtime = parse_decimal<std::int64_t>(fields[1]);
  if (!size || !mtime) return TreeProblem::kNumber;
  const auto id = parse_content_id(fields[2]);
  if (!id) return TreeProblem::kContentId;
  entry.size = *size;
  entry.mtime = UnixNanos{*mtime};
  entry.id = *id;
  return std::nullopt;
}

std::optional<TreeProblem> read_folder(TreeEntry& entry, std::span<const std::string_view> fields) {
  const auto mtime = parse_decimal<std::int64_t>(fields[0]);
  if (!mtime) return TreeProblem::kNumber;
  entry.mtime = UnixNanos{*mtime};
  return std::nullopt;
}

std::optional<TreeProblem> read_symlink(TreeEntry& entry, std::span<const std::string_view> fields) {
  if (fields[0].size() > kPathBytesMax) return TreeProblem::kTarget;
  entry.target = fields[0];
  return std::nullopt;
}

// One kind of line.
struct LineKind {
  char tag;
  EntryKind kind;
  bool executable;
  std::size_t fields;
  std::optional<TreeProblem> (*read)(TreeEntry&, std::span<const std::string_view>);
};
constexpr std::array<LineKind, 4> kLineKinds{{
    {kFileTag, EntryKind::kFile, false, 5, read_file},
    {kExecutableTag, EntryKind::kFile, true, 5, read_file},
    {kFolderTag, EntryKind::kFolder, false, 3, read_folder},
    {kSymlinkTag, EntryKind::kSymlink, false, 3, read_symlink},
}};

Expected<TreeEntry, TreeProblem> parse_line(std::string_view line) {
  const Fields fields = split_fields(line);
  const std::string_view tag = fields.all[0];
  const auto kind =
      std::ranges::find_if(kLineKinds, [&](const LineKind& k) { return tag == std::string_view(&k.tag, 1); });
  if (kind == kLineKinds.end()) return fail(TreeProblem::kUnknownKind);
  if (fields.count != kind->fields) return fail(TreeProblem::kFieldCount);
  auto path = SafePath::parse(fields.all[fields.count - 1]);
  if (!path) return fail(TreeProblem::kPath);
  TreeEntry entry{.path = std::move(*path), .kind = kind->kind, .executable = kind->executable};
  if (const auto problem = kind->read(entry, std::span(fields.all).subspan(1, fields.count - 2))) return fail(*problem);
  return entry;
}

}  // namespace

TreeBuilder::TreeBuilder() : document_(fmt::format("{}\n", kTreeHeader)) {}

Expected<void, TreeProblem> TreeBuilder::add(const TreeEntry& entry) {
  const std::string line = line_of(entry);
  if (line.size() > kTreeBytesMax - document_.size()) return fail(TreeProblem::kTooLong);
  if (const auto problem = rules_.admit(entry)) return fail(*problem);
  document_ += line;
  return {};
}

std::string to_string(const TreeError& error) {
  return fmt::format("line {}: {}", error.line, to_string(error.problem));
}

TreeReader::TreeReader(ByteView document) : rest_(as_text(document)) {}

Expected<std::optional<TreeEntry>, TreeError> TreeReader::next() {
  if (error_) return fail(*error_);
  auto entry = read();
  if (entry) return std::move(*entry);
  error_ = TreeError{.problem = entry.error(), .line = line_};
  return fail(*error_);
}

Expected<std::optional<TreeEntry>, TreeProblem> TreeReader::read() {
  if (line_ == 0) {
    if (const auto problem = read_header()) return fail(*problem);
  }
  if (rest_.empty()) return std::nullopt;
  const auto line = take_line();
  if (!line) return fail(TreeProblem::kUnfinishedLine);
  auto entry = parse_line(*line);
  if (!entry) return fail(entry.error());
  if (const auto problem = rules_.admit(*entry)) return fail(*problem);
  return std::move(*entry);
}

std::optional<TreeProblem> TreeReader::read_header() {
  const bool too_long = rest_.size() > kTreeBytesMax;
  const auto line = take_line();
  if (too_long) return TreeProblem::kTooLong;
  if (line != kTreeHeader) return TreeProblem::kHeader;
  return std::nullopt;
}

std::optional<std::string_view> TreeReader::take_line() {
  ++line_;
  const std::size_t end = rest_.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  return line;
}

Expected<std::vector<TreeEntry>, TreeError> parse_tree(ByteView document) {
  TreeReader reader(document);
  std::vector<TreeEntry> entries;
  while (true) {
    auto entry = reader.next();
    if (!entry) return fail(entry.error());
    if (!*entry) return entries;
    entries.push_back(std::move(**entry));
  }
}

}  // namespace essaim::content
