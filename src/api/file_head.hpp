// What a request for a content is answered before its bytes: no socket, no HTTP library.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "api/byte_range.hpp"
#include "api/message.hpp"
#include "base/ids.hpp"

namespace essaim::api {

struct FileFacts {
  ContentId id;
  std::uint64_t size = 0;  // bytes
  std::string_view name;   // empty where it is not known
};

struct FileHead {
  int status = 200;  // 200, 206, 304 or 416
  std::string etag;
  std::string content_type;
  std::string content_range;  // of 206 and 416
  std::string disposition;    // to be kept under its name; pictures and players don't ask for it
  ByteRange body;             // the bytes that follow; empty for 304 and 416
};

// A content never changes, so its id is its tag, and what a client has of it is always fresh.
[[nodiscard]] FileHead head_of(const FileFacts& file, const Request& request);

// Of a file with this name, by its extension. Never a type that a browser would run: what is not sound, a picture,
// video or plain text is application/octet-stream.
[[nodiscard]] std::string_view content_type_of(std::string_view name);

}  // namespace essaim::api
