#include "api/request_body.hpp"

#include <charconv>
#include <cstdint>
#include <utility>

#include <boost/json/parse.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include "api/limits.hpp"

namespace essaim::api {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;

std::unexpected<node::Failure> refuse(std::string message) {
  return fail(node::Failure{node::FailureCode::kUsage, std::move(message)});
}

const json::value* find(const json::object& body, std::string_view key) {
  const json::value* value = body.if_contains(key);
  return value == nullptr || value->is_null() ? nullptr : value;
}

node::Outcome<std::optional<milliseconds>> checked_wait(std::optional<std::uint64_t> wait) {
  if (!wait || *wait > static_cast<std::uint64_t>(kWaitMax.count())) {
    return refuse(fmt::format("`wait` has to be a whole number of milliseconds, at most {}", kWaitMax.count()));
  }
  return milliseconds(*wait);
}

}  // namespace

node::Outcome<json::object> parse_body(std::string_view body) {
  json::parse_options options;
  options.max_depth = kJsonDepthMax;
  json::error_code error;
  json::value value = json::parse(body, error, {}, options);
  if (error) return refuse("the body of the request is not JSON: " + error.message());
  if (!value.is_object()) return refuse("the body of the request has to be a JSON object");
  return std::move(value.get_object());
}

node::Outcome<std::string> required_text(const json::object& body, std::string_view key) {
  node::Outcome<std::optional<std::string>> text = optional_text(body, key);
  if (!text) return fail(text.error());
  if (!*text || (*text)->empty()) return refuse(fmt::format("`{}` is missing", key));
  return std::move(**text);
}

node::Outcome<std::optional<std::string>> optional_text(const json::object& body, std::string_view key) {
  const json::value* value = find(body, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_string()) return refuse(fmt::format("`{}` has to be a text", key));
  return std::string(value->get_string().begin(), value->get_string().end());
}

node::Outcome<std::vector<std::string>> required_texts(const json::object& body, std::string_view key) {
  const json::value* value = find(body, key);
  const json::array* array = value == nullptr ? nullptr : value->if_array();
  if (array == nullptr || array->empty() || array->size() > kTextsMax) {
    return refuse(fmt::format("`{}` has to be a list of 1 to {} texts", key, kTextsMax));
  }
  std::vector<std::string> texts;
  for (const json::value& element : *array) {
    const json::string* text = element.if_string();
    if (text == nullptr || text->empty()) return refuse(fmt::format("`{}` has to be a list of texts", key));
    texts.emplace_back(text->begin(), text->end());
  }
  return texts;
}

node::Outcome<std::optional<bool>> optional_flag(const json::object& body, std::string_view key) {
  const json::value* value = find(body, key);
  if (value == nullptr) return std::nullopt;
  if (!value->is_bool()) return refuse(fmt::format("`{}` has to be true or false", key));
  return value->get_bool();
}

node::Outcome<std::optional<std::uint64_t>> optional_rate(const json::object& body, std::string_view key) {
  const json::value* value = find(body, key);
  if (value == nullptr) return std::nullopt;
  json::error_code error;
  const std::uint64_t rate = value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  if (!value->is_number() || error) return refuse(fmt::format("`{}` has to be a whole number of bytes a second", key));
  return rate == 0 ? std::nullopt : std::optional(rate);
}

node::Outcome<std::optional<milliseconds>> optional_wait(const json::object& body) {
  const json::value* value = find(body, "wait");
  if (value == nullptr) return std::nullopt;
  json::error_code error;
  const std::uint64_t wait = value->is_number() ? value->to_number<std::uint64_t>(error) : 0;
  return checked_wait(value->is_number() && !error ? std::optional(wait) : std::nullopt);
}

node::Outcome<std::optional<milliseconds>> optional_wait(const Target& target) {
  const std::optional<std::string> text = query_text(target, "wait");
  if (!text) return std::nullopt;
  std::uint64_t wait = 0;
  const char* end = text->data() + text->size();
  const auto [parsed_to, error] = std::from_chars(text->data(), end, wait);
  return checked_wait(parsed_to == end && error == std::errc() ? std::optional(wait) : std::nullopt);
}

std::optional<std::string> query_text(const Target& target, const std::string& key) {
  const auto field = target.query.find(key);
  return field == target.query.end() ? std::nullopt : std::optional(field->second);
}

}  // namespace essaim::api
