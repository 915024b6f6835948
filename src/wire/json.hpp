// JSON as the wire allows it: one bounded, well-formed object.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "base/result.hpp"

namespace essaim::wire {

enum class JsonError {
  kSyntax,         // not JSON, cut short, followed by something, or not UTF-8
  kNotObject,      // JSON, but not an object
  kTooDeep,        // more than kJsonDepthMax objects and arrays inside each other
  kTooManyKeys,    // more than kKeysPerObjectMax keys in one object
  kTooManyValues,  // more than kJsonValuesMax values in all
  kDuplicateKey,   // one object names a key twice, so two readers could disagree about it
  kInfinite,       // a number too large for a double
};
[[nodiscard]] std::string_view to_string(JsonError error);

// The object that `text` is. Needs time and memory in proportion to text.size(); never recurses deeper than
// kJsonDepthMax. All texts in the answer are valid UTF-8. Integers that fit 64 bits stay exact.
[[nodiscard]] Expected<boost::json::object, JsonError> parse_object(std::string_view text);

// The text of an object (call it as wire::serialize: Boost has a function of that name too), UTF-8 as long as
// everything textual in it went through json_text().
[[nodiscard]] std::string serialize(const boost::json::object& object);

// A text for a JSON object. Where it is not valid UTF-8 (a file name on disk can be any bytes) it is written as
// printable() shows it, because one bad name must not make a whole frame unreadable.
[[nodiscard]] boost::json::string json_text(std::string_view text);

// The longest beginning of `text` that has at most `bytes_max` bytes and does not cut a UTF-8 character in two.
[[nodiscard]] std::string_view clip_text(std::string_view text, std::size_t bytes_max);

}  // namespace essaim::wire
