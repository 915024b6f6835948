// The bytes of a content, wherever they are kept.
#pragma once
#include <cstdint>

#include "base/bytes.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

class ContentReader {
 public:
  virtual ~ContentReader() = default;

  // Fills all of `into`, or fails. May be called from several threads at once.
  [[nodiscard]] virtual Result<void> read_at(std::uint64_t offset, MutableByteView into) const = 0;

 protected:
  ContentReader() = default;
  ContentReader(const ContentReader&) = default;
  ContentReader(ContentReader&&) = default;
  ContentReader& operator=(const ContentReader&) = default;
  ContentReader& operator=(ContentReader&&) = default;
};

}  // namespace essaim::storage
