// The published test vectors of tests/vectors/.
#pragma once
#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

#include <boost/json.hpp>

#include "base/bytes.hpp"
#include "base/text.hpp"

namespace essaim::test {

// The whole file as JSON. Throws, and so fails the test, where there is no such file.
inline boost::json::object read_vectors(std::string_view name) {
  const std::string path = std::string(ESSAIM_VECTORS) + "/" + std::string(name);
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("no test vectors at " + path);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  return boost::json::parse(text).as_object();
}

inline std::string text_at(const boost::json::value& object, std::string_view field) {
  return boost::json::value_to<std::string>(object.at(field));
}

// Vectors write what may exceed 53 bits as decimal text.
template <class Integer>
Integer decimal_at(const boost::json::value& object, std::string_view field) {
  const std::string text = text_at(object, field);
  if constexpr (std::is_signed_v<Integer>) {
    return static_cast<Integer>(std::stoll(text));
  } else {
    return static_cast<Integer>(std::stoull(text));
  }
}

inline std::string unhex_at(const boost::json::value& object, std::string_view field) {
  const std::optional<Bytes> bytes = from_hex(text_at(object, field));
  if (!bytes) throw std::runtime_error("not hexadecimal: " + std::string(field));
  return std::string(as_text(*bytes));
}

}  // namespace essaim::test
