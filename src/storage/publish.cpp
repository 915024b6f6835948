#include "storage/publish.hpp"

#include <array>
#include <charconv>
#include <fcntl.h>
#include <string_view>
#include <unistd.h>

#include "storage/part_name.hpp"

namespace essaim::storage {

Result<std::string> publish(const Directory& folder, const Publication& names) {
  for (unsigned attempt = 1; attempt <= kClashNamesMax; ++attempt) {
    const SafePath to = clash_name_of(names.wanted, attempt);
    const auto renamed = folder.rename_no_replace({.from = names.from, .to = to});
    if (!renamed && renamed.error().kind == StorageError::Kind::kExists) continue;
    if (!renamed) return fail(renamed.error());
    if (const auto synced = folder.sync(); !synced) return fail(synced.error());
    return to.text();
  }
  return fail_kind(StorageError::Kind::kExists, names.wanted.text());
}

unsigned process_umask() {
  constexpr unsigned kUsual = 022;
  constexpr std::string_view kField = "Umask:\t";
  const FileHandle status(::open("/proc/self/status", O_RDONLY | O_CLOEXEC));
  std::array<char, 512> buffer{};  // the field is the second line
  const ssize_t length = status.is_open() ? ::read(status.fd(), buffer.data(), buffer.size()) : 0;
  if (length <= 0) return kUsual;
  const std::string_view text(buffer.data(), static_cast<std::size_t>(length));
  const std::size_t at = text.find(kField);
  if (at == std::string_view::npos) return kUsual;
  unsigned mask = kUsual;
  const char* const begin = text.data() + at + kField.size();
  const auto parsed = std::from_chars(begin, text.data() + text.size(), mask, 8);
  return parsed.ec == std::errc{} ? mask : kUsual;
}

}  // namespace essaim::storage
