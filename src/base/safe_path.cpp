#include "base/safe_path.hpp"

#include <cstdint>
#include <optional>

#include "base/defence.hpp"
#include "base/text.hpp"

namespace essaim {
namespace {

// C0 and DEL are single bytes; C1 (U+0080 to U+009F) is 0xC2 followed by 0x80 to 0x9F in UTF-8.
bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<std::uint8_t>(text[i]);
    if (byte < 0x20 || byte == 0x7F) return true;
    if (byte == 0xC2 && i + 1 < text.size() && static_cast<std::uint8_t>(text[i + 1]) < 0xA0) return true;
  }
  return false;
}

std::optional<PathError> refuse_part(std::string_view part) {
  if (part.empty()) return PathError::kEmptyPart;
  if (defended(Defence::kPathDotPart) && (part == "." || part == "..")) return PathError::kDotPart;
  if (defended(Defence::kPathPartLength) && part.size() > kPathPartBytesMax) return PathError::kPartTooLong;
  return std::nullopt;
}

}  // namespace

std::string_view to_string(PathError error) {
  switch (error) {
    case PathError::kEmpty: return "the path is empty";
    case PathError::kTooLong: return "the path is longer than 4096 bytes";
    case PathError::kTooDeep: return "the path is more than 32 folders deep";
    case PathError::kPartTooLong: return "a name in the path is longer than 255 bytes";
    case PathError::kAbsolute: return "the path begins with '/'";
    case PathError::kEmptyPart: return "the path has an empty part";
    case PathError::kSlashInPart: return "a name has a '/'";
    case PathError::kDotPart: return "the path has a '.' or '..' part";
    case PathError::kNotUtf8: return "the path is not valid UTF-8";
    case PathError::kControl: return "the path has a control character";
  }
  return "unknown";
}

Expected<SafePath, PathError> SafePath::parse(std::string_view text) {
  if (text.empty()) return fail(PathError::kEmpty);
  if (defended(Defence::kPathLength) && text.size() > kPathBytesMax) return fail(PathError::kTooLong);
  if (defended(Defence::kPathAbsolute) && text.front() == '/') return fail(PathError::kAbsolute);
  if (defended(Defence::kPathUtf8) && !is_utf8(text)) return fail(PathError::kNotUtf8);
  if (defended(Defence::kPathControl) && has_control(text)) return fail(PathError::kControl);
  SafePath path{std::string(text)};
  const std::vector<std::string_view> parts = path.parts();
  if (defended(Defence::kPathDepth) && parts.size() > kPathDepthMax) return fail(PathError::kTooDeep);
  for (const std::string_view part : parts) {
    if (const auto refused = refuse_part(part)) return fail(*refused);
  }
  return path;
}

std::vector<std::string_view> SafePath::parts() const {
  std::vector<std::string_view> parts;
  std::string_view rest = text_;
  while (true) {
    const std::size_t slash = rest.find('/');
    parts.push_back(rest.substr(0, slash));
    if (slash == std::string_view::npos) return parts;
    rest.remove_prefix(slash + 1);
  }
}

std::string_view SafePath::name() const {
  const std::size_t slash = text_.rfind('/');
  return slash == std::string::npos ? std::string_view(text_) : std::string_view(text_).substr(slash + 1);
}

std::string_view SafePath::parent_text() const {
  const std::size_t slash = text_.rfind('/');
  return slash == std::string::npos ? std::string_view() : std::string_view(text_).substr(0, slash);
}

Expected<SafePath, PathError> SafePath::child(std::string_view part) const {
  if (part.find('/') != std::string_view::npos) return fail(PathError::kSlashInPart);
  return parse(text_ + "/" + std::string(part));
}

}  // namespace essaim
