#include "node/drops.hpp"

#include <optional>
#include <utility>

#include "base/assert.hpp"
#include "node/failures.hpp"
#include "node/offload.hpp"
#include "storage/disk_space.hpp"
#include "storage/part_name.hpp"
#include "storage/publish.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;
using storage::Directory;
using storage::Result;

SafePath fixed_path(std::string_view text) {
  auto path = SafePath::parse(text);
  ASSERT(path.has_value());
  return *path;
}

SafePath hidden_name(const std::string& id) { return storage::part_name_of(fixed_path("drop-" + id), 1); }

Result<Directory> open_folder(const std::string& dest) {
  return Directory::make(dest + "/" + std::string(kDropsFolder));
}

// What an earlier run has left.
void remove_remains(const std::string& dest) {
  const auto folder = open_folder(dest);
  if (!folder) return;
  const auto entries = folder->list();
  if (!entries) return;
  for (const storage::DirectoryEntry& entry : *entries) {
    if (!storage::is_part_name(entry.name)) continue;
    if (const auto path = SafePath::parse(entry.name)) (void)folder->remove_tree(*path);
  }
}

Outcome<SafePath> path_of(const std::string& text) {
  auto path = SafePath::parse(text);
  if (path) return std::move(*path);
  return fail_with(FailureCode::kUsage,
                   "\"" + text + "\" can't be the name of a file here: " + std::string(to_string(path.error())) + ".");
}

// The one thing in the folder; nothing where there is none or more.
std::optional<SafePath> only_entry(const Directory& folder) {
  const auto entries = folder.list();
  if (!entries || entries->size() != 1) return std::nullopt;
  const auto name = SafePath::parse(entries->front().name);
  return name ? std::optional(*name) : std::nullopt;
}

}  // namespace

// Gone, with all that it wrote, when the last who writes to it is; unless it was published.
struct Drops::Drop {
  Drop(Directory parent, Directory own, SafePath hidden)
      : folder(std::move(parent)), stage(std::move(own)), name(std::move(hidden)) {}
  ~Drop() { (void)folder.remove_tree(name); }
  Drop(const Drop&) = delete;
  Drop& operator=(const Drop&) = delete;

  static Result<std::shared_ptr<Drop>> make(const std::string& dest, const std::string& id) {
    auto folder = open_folder(dest);
    if (!folder) return fail(folder.error());
    SafePath name = hidden_name(id);
    auto stage = folder->make_directories(name);
    if (!stage) return fail(stage.error());
    return std::make_shared<Drop>(std::move(*folder), std::move(*stage), std::move(name));
  }

  Directory folder;
  Directory stage;
  SafePath name;
};

class Drops::File final : public IncomingFile {
 public:
  File(asio::thread_pool& disk, std::shared_ptr<Drop> drop, SafePath path, storage::FileHandle handle)
      : disk_(disk), drop_(std::move(drop)), path_(std::move(path)), handle_(std::move(handle)) {}
  ~File() override {
    if (!finished_) (void)drop_->stage.remove(path_);
  }

  asio::awaitable<Outcome<void>> write(ByteView bytes) override {
    const auto written = co_await offload(disk_, [this, bytes] { return handle_.write_all_at(size_, bytes); });
    if (!written) co_return fail(failure_of(written.error()));
    size_ += bytes.size();
    co_return Outcome<void>();
  }

  asio::awaitable<Outcome<void>> finish() override {
    handle_.close();
    finished_ = true;
    co_return Outcome<void>();
  }

 private:
  asio::thread_pool& disk_;
  std::shared_ptr<Drop> drop_;
  SafePath path_;
  storage::FileHandle handle_;
  std::uint64_t size_ = 0;
  bool finished_ = false;
};

Expected<std::shared_ptr<Drops::Drop>, Failure> Drops::find(const std::string& id) const {
  const auto found = drops_.find(id);
  if (found != drops_.end()) return found->second;
  return fail_with(FailureCode::kNotFound, "Nothing is being handed in under \"" + id + "\".");
}

Answer<std::string> Drops::begin() {
  if (drops_.size() >= kDropsMax) {
    co_return fail_with(FailureCode::kRefused, "Too much is being handed in at once. Wait until some of it is done.");
  }
  std::string id = std::to_string(++last_id_);
  const bool first = !std::exchange(tidied_, true);
  auto drop = co_await offload(disk_, [dest = parts_.dest, id, first] {
    if (first) remove_remains(dest);
    return Drop::make(dest, id);
  });
  if (!drop) co_return fail(failure_of(drop.error()));
  drops_[id] = std::move(*drop);
  co_return id;
}

Answer<std::shared_ptr<IncomingFile>> Drops::add(DropFileRequest request) {
  auto drop = find(request.id);
  if (!drop) co_return fail(drop.error());
  auto path = path_of(request.path);
  if (!path) co_return fail(path.error());
  const auto space = storage::disk_space_of((*drop)->stage);
  if (space && !storage::has_room_for(*space, request.size)) {
    co_return fail_with(FailureCode::kRefused,
                        "There is not enough room for it in " + parts_.dest + ". Make room first.");
  }
  auto handle = co_await offload(disk_, [drop = *drop, path = *path]() -> Result<storage::FileHandle> {
    const std::string parent(path.parent_text());
    if (!parent.empty()) {
      const auto made = drop->stage.make_directories(fixed_path(parent));
      if (!made) return fail(made.error());
    }
    return drop->stage.create_file(path, 0666);
  });
  if (!handle) co_return fail(failure_of(handle.error()));
  co_return std::make_shared<File>(disk_, std::move(*drop), std::move(*path), std::move(*handle));
}

Answer<ShareView> Drops::share(std::string id, std::string audience) {
  auto drop = find(id);
  if (!drop) co_return fail(drop.error());
  drops_.erase(id);
  const auto published = co_await offload(disk_, [drop = *drop]() -> Result<std::string> {
    const auto name = only_entry(drop->stage);
    if (!name) return fail_kind(storage::StorageError::Kind::kNotFound, "");
    const auto synced = drop->stage.sync_filesystem();
    if (!synced) return fail(synced.error());
    const auto from = drop->name.child(name->text());
    ASSERT(from.has_value());
    return storage::publish(drop->folder, {.from = *from, .wanted = *name});
  });
  if (!published && published.error().kind == storage::StorageError::Kind::kNotFound) {
    co_return fail_with(FailureCode::kUsage, "What is handed in has to be one file, or one folder.");
  }
  if (!published) co_return fail(failure_of(published.error()));
  ShareRequest request{.path = parts_.dest + "/" + std::string(kDropsFolder) + "/" + *published,
                       .audience = std::move(audience)};
  co_return co_await parts_.share(std::move(request));
}

Answer<void> Drops::discard(std::string id) {
  auto drop = find(id);
  if (!drop) co_return fail(drop.error());
  drops_.erase(id);
  co_await offload(disk_, [drop = std::move(*drop)]() mutable {
    drop.reset();
    return true;
  });
  co_return Outcome<void>();
}

void Drops::stop() {
  disk_.join();
  drops_.clear();
}

}  // namespace essaim::node
