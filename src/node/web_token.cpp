#include "node/web_token.hpp"

#include "base/assert.hpp"
#include "node/failures.hpp"
#include "storage/durable_file.hpp"

namespace essaim::node {
namespace {

Failure unusable(const std::string& home, std::string_view why) {
  return {FailureCode::kFailed,
          home + "/web.token " + std::string(why) + ". Remove it, and the next start makes a new one."};
}

}  // namespace

Outcome<std::string> web_token(const std::string& home, const std::string& if_missing) {
  const auto name = SafePath::parse("web.token");
  ASSERT(name.has_value());
  const auto folder = storage::Directory::open(home);
  if (!folder) return fail(failure_of(folder.error()));
  const auto file = folder->open_file_for_read(*name);
  if (!file && file.error().kind == storage::StorageError::Kind::kNotFound) {
    const std::string line = if_missing + "\n";
    const auto written = storage::write_durably(*folder, {.name = *name, .bytes = as_bytes(line)});
    if (!written) return fail(failure_of(written.error()));
    return if_missing;
  }
  if (!file) return fail(failure_of(file.error()));
  if (!storage::is_private(*file)) return fail(unusable(home, "can be read by others, so it may be known to them"));
  const auto bytes = storage::read_whole(*file, kWebTokenBytesMax);
  if (!bytes) return fail(failure_of(bytes.error()));
  std::string token(as_text(*bytes));
  while (token.ends_with('\n')) token.pop_back();
  if (token.size() < if_missing.size()) return fail(unusable(home, "is damaged"));
  return token;
}

}  // namespace essaim::node
