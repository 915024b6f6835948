#include "api/file_head.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include <fmt/format.h>

#include "api/target.hpp"
#include "base/text.hpp"

namespace essaim::api {
namespace {

constexpr std::string_view kUnknownType = "application/octet-stream";
struct Type {
  std::string_view extension;
  std::string_view name;
};
constexpr auto kTypes = std::to_array<Type>({
    {"aac", "audio/aac"},
    {"avi", "video/x-msvideo"},
    {"avif", "image/avif"},
    {"bmp", "image/bmp"},
    {"flac", "audio/flac"},
    {"gif", "image/gif"},
    {"gz", "application/gzip"},
    {"jpeg", "image/jpeg"},
    {"jpg", "image/jpeg"},
    {"m4a", "audio/mp4"},
    {"m4v", "video/mp4"},
    {"md", "text/plain; charset=utf-8"},
    {"mkv", "video/x-matroska"},
    {"mov", "video/quicktime"},
    {"mp3", "audio/mpeg"},
    {"mp4", "video/mp4"},
    {"mpeg", "video/mpeg"},
    {"mpg", "video/mpeg"},
    {"oga", "audio/ogg"},
    {"ogg", "audio/ogg"},
    {"ogv", "video/ogg"},
    {"opus", "audio/ogg"},
    {"pdf", "application/pdf"},
    {"png", "image/png"},
    {"srt", "text/plain; charset=utf-8"},
    {"tar", "application/x-tar"},
    {"ts", "video/mp2t"},
    {"txt", "text/plain; charset=utf-8"},
    {"vtt", "text/vtt"},
    {"wav", "audio/wav"},
    {"webm", "video/webm"},
    {"webp", "image/webp"},
    {"zip", "application/zip"},
});

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ') || text.starts_with('\t')) text.remove_prefix(1);
  while (text.ends_with(' ') || text.ends_with('\t')) text.remove_suffix(1);
  return text;
}

// Is the tag in a list of them, or is the list "*"?
bool names(std::string_view list, std::string_view etag) {
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view each = trimmed(list.substr(0, comma));
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    if (each.starts_with("W/")) each.remove_prefix(2);
    if (each == "*" || each == etag) return true;
  }
  return false;
}

std::string disposition_of(std::string_view name) {
  return name.empty() ? "attachment" : "attachment; filename*=UTF-8''" + percent_encode(name);
}

}  // namespace

std::string_view content_type_of(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return kUnknownType;
  std::string extension(name.substr(dot + 1));
  std::ranges::transform(extension, extension.begin(), [](unsigned char c) { return std::tolower(c); });
  const auto* const found = std::ranges::find(kTypes, extension, &Type::extension);
  return found == kTypes.end() ? kUnknownType : found->name;
}

FileHead head_of(const FileFacts& file, const Request& request) {
  FileHead head{.etag = fmt::format("\"{}\"", to_base32(file.id.view())),
                .content_type = std::string(content_type_of(file.name)),
                .content_range = {},
                .disposition = disposition_of(file.name),
                .body = {0, file.size}};
  if (names(request.if_none_match, head.etag)) {
    head.status = 304;
    head.body = {};
    return head;
  }
  // A range of something else than this is not wanted of this.
  const bool same = request.if_range.empty() || request.if_range == head.etag;
  const RangeAnswer answer = resolve_range(same ? request.range : std::string_view(), file.size);
  head.body = answer.range;
  switch (answer.kind) {
    case RangeAnswer::Kind::kWhole: break;
    case RangeAnswer::Kind::kPart:
      head.status = 206;
      head.content_range =
          fmt::format("bytes {}-{}/{}", answer.range.first, answer.range.first + answer.range.count - 1, file.size);
      break;
    case RangeAnswer::Kind::kUnsatisfiable:
      head.status = 416;
      head.content_range = fmt::format("bytes */{}", file.size);
      break;
  }
  return head;
}

}  // namespace essaim::api
