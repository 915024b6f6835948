// The files of the page (web/), as they are built into the program.
#pragma once
#include <span>
#include <string_view>

#include "base/bytes.hpp"

namespace essaim::api {

struct PageFile {
  std::string_view path;  // "index.html", "views/peers.js"
  std::string_view content_type;
  std::string_view etag;  // with its quotes
  ByteView gzip;          // compressed when the program was built
};

// Sorted by path. Made by cmake/Page.cmake.
[[nodiscard]] std::span<const PageFile> page_files();

// The one that a target asks for, "/" being index.html; null where there is none. The query is no part of it.
[[nodiscard]] const PageFile* find_page_file(std::string_view target);

}  // namespace essaim::api
