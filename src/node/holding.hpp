// Content that can be served.
#pragma once
#include <cstdint>
#include <memory>

#include "storage/content_reader.hpp"

namespace essaim::node {

struct Holding {
  std::uint64_t size = 0;
  std::shared_ptr<const storage::ContentReader> reader;
};

}  // namespace essaim::node
