#include "node/offline.hpp"

#include <algorithm>
#include <compare>
#include <filesystem>
#include <stop_token>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "content/chunk_plan.hpp"
#include "content/content_id.hpp"
#include "content/hash.hpp"
#include "content/link.hpp"
#include "content/tree.hpp"
#include "node/failures.hpp"
#include "storage/hasher.hpp"
#include "storage/scanner.hpp"
#include "storage/share_root.hpp"
#include "storage/tree_store.hpp"

namespace essaim::node {
namespace {

ContentId id_of(ByteView bytes) {
  const content::ChunkPlan plan = *content::plan_for(bytes.size());
  std::vector<Leaf> leaves;
  for (std::uint32_t i = 0; i < plan.chunks; ++i) {
    const content::ChunkIndex chunk{i};
    leaves.push_back(content::leaf_of(bytes.subspan(plan.offset(chunk), plan.length(chunk))));
  }
  return content::content_id_of(bytes.size(), leaves);
}

struct Hashed {
  ShareView view;
  std::string document;  // of a folder
};

// Hashes one path, in one go.
class PathHash {
 public:
  PathHash(storage::ShareRoot root, const HashProgress& progress) : root_(std::move(root)), progress_(progress) {}

  [[nodiscard]] Outcome<Hashed> run(const std::string& name) {
    storage::ScanEvents events;
    events.on_entry = [this](const storage::ScannedEntry& entry) { take(entry); };
    events.on_skipped = [this](const storage::SkippedEntry& entry) { leave_out(entry.path, to_string(entry.reason)); };
    const storage::Result<void> scanned = storage::scan(root_, events, stop_.get_token());
    if (stop_.stop_requested()) return fail_with(FailureCode::kInterrupted, "Interrupted.");
    if (!scanned) return fail(failure_of(scanned.error()));
    if (root_.kind() == storage::ShareKind::kFolder) finish_tree();
    if (!view_.id) return fail_with(FailureCode::kFailed, view_.left_out.empty() ? "" : view_.left_out.front());
    view_.name = name;
    view_.state = ShareState::kReady;
    view_.bytes_hashed = bytes_read_;
    view_.link = link();
    return Hashed{std::move(view_), std::move(document_)};
  }

 private:
  void take(const storage::ScannedEntry& entry) {
    const std::string text(entry.path);
    const storage::Result<SafePath> place = root_.locate(entry.path);
    if (!place) return leave_out(text, describe(place.error()));
    content::TreeEntry record{.path = *place, .mtime = entry.stat.mtime};
    if (entry.stat.kind == storage::FileKind::kDirectory) {
      record.kind = content::EntryKind::kFolder;
    } else if (entry.stat.kind == storage::FileKind::kSymlink) {
      record.kind = content::EntryKind::kSymlink;
      record.target = entry.link_target;
    } else if (!hash_file(record)) {
      return;
    }
    if (root_.kind() == storage::ShareKind::kFile) return finish_file(record);
    const auto added = builder_.add(record);
    if (!added) return leave_out(text, to_string(added.error()));
    if (record.kind == content::EntryKind::kFile) ++view_.files;
  }

  bool hash_file(content::TreeEntry& record) {
    const storage::Result<storage::OpenedFile> file = root_.directory().open_file_for_read(record.path);
    if (!file) return refuse(record, file.error());
    storage::HashControl control;
    control.stop = stop_.get_token();
    control.on_bytes = [this](std::uint64_t bytes) {
      bytes_read_ += bytes;
      if (progress_ && !progress_(bytes_read_)) stop_.request_stop();
    };
    const storage::Result<storage::ContentHash> hash = storage::hash_content(*file, buffer_, control);
    if (!hash) return refuse(record, hash.error());
    record.mtime = hash->stat.mtime;
    record.executable = hash->stat.executable;
    record.size = hash->stat.size;
    record.id = hash->id;
    return true;
  }

  bool refuse(const content::TreeEntry& record, const storage::StorageError& error) {
    leave_out(record.path.text(), describe(error));
    return false;
  }

  void finish_file(const content::TreeEntry& record) {
    view_.kind = EntryKind::kFile;
    view_.files = 1;
    view_.size = record.size;
    view_.id = record.id;
  }

  void finish_tree() {
    view_.kind = EntryKind::kTree;
    view_.size = builder_.content_bytes();
    document_ = std::move(builder_).take();
    view_.id = id_of(as_bytes(document_));
  }

  [[nodiscard]] std::string link() const {
    content::Link link{.id = *view_.id, .name = view_.name, .size = view_.size};
    if (view_.kind == EntryKind::kTree) {
      link.kind = content::ContentKind::kTree;
      link.tree_bytes = document_.size();
    }
    return content::format_link(link);
  }

  void leave_out(const std::string& path, std::string_view reason) {
    view_.left_out.push_back(fmt::format("{}: {}", path, reason));
  }

  storage::ShareRoot root_;
  const HashProgress& progress_;
  std::stop_source stop_;
  storage::HashBuffer buffer_;
  std::uint64_t bytes_read_ = 0;
  content::TreeBuilder builder_;
  ShareView view_;
  std::string document_;
};

Outcome<Hashed> hash(const std::string& path, const HashProgress& progress) {
  storage::Result<storage::ShareRoot> root = storage::ShareRoot::open(path);
  if (!root) return fail(failure_of(root.error()));
  return PathHash(std::move(*root), progress).run(std::filesystem::path(path).filename().string());
}

// The path of the first entry that only one of two trees has, or that is not the same in both.
std::string first_difference(const std::vector<content::TreeEntry>& found,
                             const std::vector<content::TreeEntry>& expected) {
  const auto [ours, theirs] = std::ranges::mismatch(found, expected);
  if (theirs == expected.end()) return fmt::format("{} is not part of it", ours->path.text());
  if (ours == found.end()) return fmt::format("{} is missing", theirs->path.text());
  if (ours->path == theirs->path) {
    const bool same_content = ours->kind == theirs->kind && ours->id == theirs->id && ours->target == theirs->target;
    return fmt::format("{} {}", ours->path.text(), same_content ? "has another time or mode" : "differs");
  }
  const bool extra = content::tree_order(ours->path, theirs->path) == std::strong_ordering::less;
  return extra ? fmt::format("{} is not part of it", ours->path.text())
               : fmt::format("{} is missing", theirs->path.text());
}

// The entries of a tree whose document is kept in `home`; nothing where it is not.
std::optional<std::vector<content::TreeEntry>> kept_tree(const std::string& home, const ContentId& id) {
  const storage::Result<storage::Directory> trees = storage::Directory::open(home + "/trees");
  if (!trees) return std::nullopt;
  const storage::Result<Bytes> document = storage::TreeStore(*trees).read(id);
  if (!document || id_of(*document) != id) return std::nullopt;
  auto entries = content::parse_tree(*document);
  return entries ? std::optional(std::move(*entries)) : std::nullopt;
}

std::optional<std::string> explain(const Hashed& hashed, const content::Link& link, const std::string& home) {
  const bool is_tree = link.kind == content::ContentKind::kTree;
  if (is_tree != (hashed.view.kind == EntryKind::kTree)) {
    return is_tree ? "the link names a folder, this is a file" : "the link names a file, this is a folder";
  }
  if (const auto expected = is_tree ? kept_tree(home, link.id) : std::nullopt) {
    const auto found = content::parse_tree(as_bytes(hashed.document));
    ASSERT(found.has_value());
    return first_difference(*found, *expected);
  }
  if (link.size && *link.size != hashed.view.size) {
    return fmt::format("it has {} bytes instead of {}", hashed.view.size, *link.size);
  }
  return std::nullopt;
}

}  // namespace

Outcome<ShareView> hash_path(const std::string& path, const HashProgress& progress) {
  Outcome<Hashed> hashed = hash(path, progress);
  if (!hashed) return fail(std::move(hashed.error()));
  return std::move(hashed->view);
}

Outcome<VerifyView> verify_path(const VerifyRequest& request, const HashProgress& progress) {
  const Expected<content::Link, content::LinkError> link = content::parse_link(request.link);
  if (!link) {
    return fail_with(FailureCode::kUsage, fmt::format("This is not a link: {}. A link looks like {}<content id>.",
                                                      to_string(link.error()), content::kLinkScheme));
  }
  Outcome<Hashed> hashed = hash(request.path, progress);
  if (!hashed) return fail(std::move(hashed.error()));
  VerifyView view;
  view.same = hashed->view.id == link->id;
  view.expected = link->id;
  if (!view.same) view.difference = explain(*hashed, *link, request.home);
  view.found = std::move(hashed->view);
  return view;
}

}  // namespace essaim::node
