#include "node/sandbox.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "node/failures.hpp"
#include "storage/sandbox.hpp"

namespace essaim::node {
namespace {

namespace fs = std::filesystem;

// As the system resolves it; of what does not exist yet, as far as it does.
fs::path real_path(const std::string& path) {
  std::error_code error;
  const fs::path real = fs::weakly_canonical(path, error);
  return error ? fs::path(path) : real;
}

bool is_below(const fs::path& path, const std::string& place) {
  const fs::path top = real_path(place);
  const auto [at_top, at_path] = std::ranges::mismatch(top, path);
  return at_top == top.end();
}

}  // namespace

Outcome<Sandbox> Sandbox::enter(const Config& config, storage::Catalogue& catalogue) {
  if (storage::sandbox_version() == 0) {
    return fail_with(FailureCode::kFailed,
                     "This kernel has no Landlock, so --sandbox is not possible. Start the node without it.");
  }
  const auto shares = catalogue.shares().all();
  if (!shares) return fail(failure_of(shares.error()));
  const auto transfers = catalogue.transfers().all();
  if (!transfers) return fail(failure_of(transfers.error()));

  Sandbox sandbox;
  sandbox.read_ = config.sandbox_paths;
  for (const storage::ShareRecord& share : *shares) sandbox.read_.push_back(share.path);
  sandbox.write_ = {config.home, config.dest};
  if (config.accept_into) sandbox.write_.push_back(*config.accept_into);
  if (config.accept_into) sandbox.write_.push_back(*config.accept_into);
  for (const storage::TransferRecord& transfer : *transfers) sandbox.write_.push_back(transfer.destination);
  std::error_code ignored;
  fs::create_directories(config.dest, ignored);  // what does not exist can't be allowed
  // SQLite sorts what is large in a file, and would look for a place for it elsewhere.
  ::setenv("SQLITE_TMPDIR", config.home.c_str(), 1);  // NOLINT(concurrency-mt-unsafe): there is one thread yet
  storage::SandboxPlaces places{.read = sandbox.read_, .list = {}, .write = sandbox.write_};
  for (const std::string& path : sandbox.read_) {
    // A file is shared by way of its folder (storage/share_root.hpp).
    if (!fs::is_directory(path, ignored)) places.list.push_back(fs::path(path).parent_path());
  }
  if (auto entered = storage::enter_sandbox(places); !entered) {
    return fail(failure_of(entered.error()));
  }
  return sandbox;
}

bool Sandbox::may_write(const std::string& path) const {
  const fs::path real = real_path(path);
  return std::ranges::any_of(write_, [&](const std::string& place) { return is_below(real, place); });
}

bool Sandbox::may_read(const std::string& path) const {
  const fs::path real = real_path(path);
  return may_write(path) || std::ranges::any_of(read_, [&](const std::string& place) { return is_below(real, place); });
}

Failure outside_sandbox(const std::string& path) {
  return {FailureCode::kRefused, path +
                                     " is outside of what this node may reach, because it runs with --sandbox. Stop "
                                     "it, and start it anew with this path, or without --sandbox."};
}

}  // namespace essaim::node
