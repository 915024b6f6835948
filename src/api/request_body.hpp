// The fields of a request, from its body or its query, checked.
#pragma once
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "api/message.hpp"
#include "node/views.hpp"

namespace essaim::api {

inline constexpr std::size_t kJsonDepthMax = 16;

// The body, which has to be one JSON object of at most kJsonDepthMax levels.
[[nodiscard]] node::Outcome<boost::json::object> parse_body(std::string_view body);

// A field that has to be there, not empty; fields that may be missing (or null). kUsage names the field.
[[nodiscard]] node::Outcome<std::string> required_text(const boost::json::object& body, std::string_view key);
[[nodiscard]] node::Outcome<std::optional<std::string>> optional_text(const boost::json::object& body,
                                                                      std::string_view key);
[[nodiscard]] node::Outcome<std::optional<bool>> optional_flag(const boost::json::object& body, std::string_view key);
// A list of texts, none of them empty; at least one, at most kTextsMax.
inline constexpr std::size_t kTextsMax = 1000;
[[nodiscard]] node::Outcome<std::vector<std::string>> required_texts(const boost::json::object& body,
                                                                     std::string_view key);
// Bytes a second; 0 and null are no limit.
[[nodiscard]] node::Outcome<std::optional<std::uint64_t>> optional_rate(const boost::json::object& body,
                                                                        std::string_view key);
// Milliseconds, up to kWaitMax.
[[nodiscard]] node::Outcome<std::optional<std::chrono::milliseconds>> optional_wait(const boost::json::object& body);
[[nodiscard]] node::Outcome<std::optional<std::chrono::milliseconds>> optional_wait(const Target& target);

// A field of the query; nothing where it is missing.
[[nodiscard]] std::optional<std::string> query_text(const Target& target, const std::string& key);

}  // namespace essaim::api
