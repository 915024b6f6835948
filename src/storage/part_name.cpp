#include "storage/part_name.hpp"

#include <cstdint>

#include <fmt/format.h>

#include "base/assert.hpp"
#include "base/text.hpp"
#include "content/hash.hpp"

namespace essaim::storage {
namespace {

constexpr std::size_t kDigestPartBytes = 5;  // 8 characters of base32

// At most `bytes_max` bytes of `text`, not ending inside a character.
std::string_view cut(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<std::uint8_t>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

SafePath checked(const std::string& name) {
  auto path = SafePath::parse(name);
  ASSERT(path.has_value());
  return std::move(*path);
}

std::string attempt_mark(unsigned attempt) { return attempt > 1 ? fmt::format(".{}", attempt) : std::string(); }

}  // namespace

SafePath part_name_of(const SafePath& name, unsigned attempt) {
  const std::string tail = attempt_mark(attempt) + std::string(kPartSuffix);
  const std::string whole = fmt::format(".{}{}", name.text(), tail);
  if (whole.size() <= kPathPartBytesMax) return checked(whole);
  const Leaf digest = content::leaf_of(as_bytes(name.text()));
  const std::string mark = "." + to_base32(digest.view().first(kDigestPartBytes));
  const std::size_t room = kPathPartBytesMax - 1 - mark.size() - tail.size();
  return checked(fmt::format(".{}{}{}", cut(name.text(), room), mark, tail));
}

bool is_part_name(std::string_view name) {
  return name.size() > kPartSuffix.size() + 1 && name.starts_with('.') && name.ends_with(kPartSuffix);
}

SafePath clash_name_of(const SafePath& name, unsigned attempt) {
  if (attempt <= 1) return name;
  const std::string_view text = name.text();
  const std::size_t dot = text.rfind('.');
  // A leading dot makes a hidden file, not an extension.
  const bool has_extension = dot != std::string_view::npos && dot > 0;
  std::string_view stem = has_extension ? text.substr(0, dot) : text;
  std::string_view extension = has_extension ? text.substr(dot) : std::string_view();
  const std::string mark = fmt::format(" ({})", attempt);
  if (extension.size() + mark.size() >= kPathPartBytesMax) {
    stem = text;
    extension = {};
  }
  return checked(fmt::format("{}{}{}", cut(stem, kPathPartBytesMax - mark.size() - extension.size()), mark, extension));
}

}  // namespace essaim::storage
