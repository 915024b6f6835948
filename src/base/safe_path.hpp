// A relative path that cannot leave the folder it is used in.
#pragma once
#include <compare>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace essaim {

enum class PathError {
  kEmpty,
  kTooLong,      // more than kPathBytesMax bytes
  kTooDeep,      // more than kPathDepthMax parts
  kPartTooLong,  // a part of more than kPathPartBytesMax bytes
  kAbsolute,     // begins with '/'
  kEmptyPart,    // "a//b" or "a/"
  kSlashInPart,  // child() was given more than one part
  kDotPart,      // "." or ".."
  kNotUtf8,
  kControl,  // NUL, C0, C1 or DEL
};
[[nodiscard]] std::string_view to_string(PathError error);

inline constexpr std::size_t kPathBytesMax = 4096;
inline constexpr std::size_t kPathPartBytesMax = 255;
inline constexpr std::size_t kPathDepthMax = 32;

// A list of checked parts, after kj::Path. The only form in which a name that a peer chose reaches the disk: parse()
// refuses what docs/protocol.md ("Paths") forbids and repairs nothing, so two different texts never become one path.
class SafePath {
 public:
  [[nodiscard]] static Expected<SafePath, PathError> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::vector<std::string_view> parts() const;
  [[nodiscard]] std::string_view name() const;         // the last part
  [[nodiscard]] std::string_view parent_text() const;  // empty for a path of one part
  // The path of `part` inside this one; refuses what parse() refuses.
  [[nodiscard]] Expected<SafePath, PathError> child(std::string_view part) const;

  friend auto operator<=>(const SafePath&, const SafePath&) = default;

 private:
  explicit SafePath(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

}  // namespace essaim
