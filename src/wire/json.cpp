#include "wire/json.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <ranges>
#include <vector>

#include <boost/json/basic_parser_impl.hpp>
#include <boost/json/error.hpp>
#include <boost/json/parse_options.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value_stack.hpp>

#include "base/defence.hpp"
#include "base/text.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {
namespace {

using boost::json::error_code;
using JsonText = boost::json::string_view;

// Builds the value while the parser walks the text, and stops it at the first broken limit. The names and signatures
// of the on_… functions are those that basic_parser calls.
class BoundedHandler {
 public:
  static constexpr std::size_t max_object_size = kKeysPerObjectMax + 1;  // so that on_key() meets the first too many
  static constexpr std::size_t max_array_size = kJsonValuesMax + 1;
  static constexpr std::size_t max_key_size = std::numeric_limits<std::int32_t>::max();
  static constexpr std::size_t max_string_size = max_key_size;

  [[nodiscard]] std::optional<JsonError> fault() const { return fault_; }
  [[nodiscard]] boost::json::value release() { return stack_.release(); }

  bool on_document_begin(error_code& /*ec*/) { return true; }
  bool on_document_end(error_code& /*ec*/) { return true; }

  bool on_object_begin(error_code& ec) {
    open_objects_.push_back(keys_.size());
    return count_value(ec);
  }
  bool on_object_end(std::size_t size, error_code& /*ec*/) {
    stack_.push_object(size);
    keys_.resize(open_objects_.back());
    open_objects_.pop_back();
    return true;
  }
  bool on_array_begin(error_code& ec) { return count_value(ec); }
  bool on_array_end(std::size_t size, error_code& /*ec*/) {
    stack_.push_array(size);
    return true;
  }

  bool on_key_part(JsonText part, std::size_t /*total*/, error_code& /*ec*/) {
    stack_.push_chars(part);
    key_.append(part.data(), part.size());
    return true;
  }
  bool on_key(JsonText part, std::size_t /*total*/, error_code& ec) {
    stack_.push_key(part);
    key_.append(part.data(), part.size());
    const auto siblings =
        std::ranges::subrange(keys_.begin() + static_cast<std::ptrdiff_t>(open_objects_.back()), keys_.end());
    if (defended(Defence::kJsonKeys) && siblings.size() == kKeysPerObjectMax) return stop(JsonError::kTooManyKeys, ec);
    const bool twice = std::ranges::find(siblings, key_) != siblings.end();
    if (defended(Defence::kJsonDuplicateKey) && twice) return stop(JsonError::kDuplicateKey, ec);
    keys_.push_back(std::move(key_));
    key_.clear();
    return true;
  }

  bool on_string_part(JsonText part, std::size_t /*total*/, error_code& /*ec*/) {
    stack_.push_chars(part);
    return true;
  }
  bool on_string(JsonText part, std::size_t /*total*/, error_code& ec) {
    stack_.push_string(part);
    return count_value(ec);
  }
  bool on_number_part(JsonText /*part*/, error_code& /*ec*/) { return true; }
  bool on_int64(std::int64_t number, JsonText /*text*/, error_code& ec) {
    stack_.push_int64(number);
    return count_value(ec);
  }
  bool on_uint64(std::uint64_t number, JsonText /*text*/, error_code& ec) {
    stack_.push_uint64(number);
    return count_value(ec);
  }
  bool on_double(double number, JsonText /*text*/, error_code& ec) {
    if (!std::isfinite(number)) return stop(JsonError::kInfinite, ec);
    stack_.push_double(number);
    return count_value(ec);
  }
  bool on_bool(bool value, error_code& ec) {
    stack_.push_bool(value);
    return count_value(ec);
  }
  bool on_null(error_code& ec) {
    stack_.push_null();
    return count_value(ec);
  }
  bool on_comment_part(JsonText /*part*/, error_code& /*ec*/) { return true; }
  bool on_comment(JsonText /*text*/, error_code& /*ec*/) { return true; }

 private:
  bool count_value(error_code& ec) {
    return ++values_ <= kJsonValuesMax || !defended(Defence::kJsonValues) || stop(JsonError::kTooManyValues, ec);
  }
  bool stop(JsonError fault, error_code& ec) {
    fault_ = fault;
    ec = boost::json::error::input_error;  // any: fault_ is what counts
    return false;
  }

  boost::json::value_stack stack_;
  std::vector<std::string> keys_;          // of all open objects, the outermost first
  std::vector<std::size_t> open_objects_;  // where in keys_ each open object's begin
  std::string key_;                        // the parts of the key that is being read
  std::size_t values_ = 0;
  std::optional<JsonError> fault_;
};

JsonError json_error_of(const error_code& ec) {
  if (ec == boost::json::error::too_deep) return JsonError::kTooDeep;
  if (ec == boost::json::error::exponent_overflow) return JsonError::kInfinite;
  return JsonError::kSyntax;
}

}  // namespace

std::string_view to_string(JsonError error) {
  switch (error) {
    case JsonError::kSyntax: return "not well-formed JSON";
    case JsonError::kNotObject: return "not a JSON object";
    case JsonError::kTooDeep: return "JSON nested too deep";
    case JsonError::kTooManyKeys: return "too many keys in one JSON object";
    case JsonError::kTooManyValues: return "too many JSON values";
    case JsonError::kDuplicateKey: return "a key twice in one JSON object";
    case JsonError::kInfinite: return "a JSON number out of range";
  }
  return "unknown";
}

Expected<boost::json::object, JsonError> parse_object(std::string_view text) {
  boost::json::parse_options options;
  if (defended(Defence::kJsonDepth)) options.max_depth = kJsonDepthMax;
  boost::json::basic_parser<BoundedHandler> parser(options);
  error_code ec;
  const std::size_t taken = parser.write_some(false, text.data(), text.size(), ec);
  if (parser.handler().fault()) return fail(*parser.handler().fault());
  if (ec) return fail(json_error_of(ec));
  if (taken != text.size()) return fail(JsonError::kSyntax);
  boost::json::value value = parser.handler().release();
  if (!value.is_object()) return fail(JsonError::kNotObject);
  return std::move(value.get_object());
}

std::string serialize(const boost::json::object& object) { return boost::json::serialize(object); }

boost::json::string json_text(std::string_view text) {
  return is_utf8(text) ? boost::json::string(text) : boost::json::string(printable(text));
}

std::string_view clip_text(std::string_view text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  const auto continues = [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U; };
  std::size_t size = bytes_max;
  while (size > 0 && continues(text[size])) --size;
  return text.substr(0, size);
}

}  // namespace essaim::wire
