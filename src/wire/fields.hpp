// Typed, bounded reading of the fields of one JSON object.
#pragma once
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "base/ids.hpp"

namespace essaim::wire {

enum class FieldError {
  kMissing,
  kWrongType,   // also: a number with a fraction or an exponent where an integer is expected
  kOutOfRange,  // an integer outside its limits
  kTooLong,     // a text of too many bytes
  kTooMany,     // an array of too many elements
  kBadValue,    // a text that is not one of the words, an id, a path, … that it has to be
  kBadPayload,  // the frame's payload is not as long as the fields say, or not expected at all
};
[[nodiscard]] std::string_view to_string(FieldError error);

// What is wrong, and with which field. `field` is one of the literals that the reader was asked for.
struct FieldFault {
  FieldError error;
  std::string_view field;
  friend bool operator==(const FieldFault&, const FieldFault&) = default;
};

// Both ends belong to the range.
template <std::unsigned_integral T>
struct Range {
  T min;
  T max;
};

// How integers may be written.
enum class Integers {
  kExact,           // level 1: digits only
  kIntegralDoubles  // level 0 also: 3.0, as some JSON writers put it
};

// Reads fields of `object` one by one; the first fault sticks, and from then on every answer is empty or zero, so that
// a message's reader is a plain list of its fields with one check at the end.
//  - `null` counts as absent. Rationale: several JSON writers cannot leave a field out.
//  - A field nobody asks for is ignored. Rationale: later versions may add some.
//  - Answers that are views live as long as the object. Field names must be literals: faults quote them.
class FieldReader {
 public:
  explicit FieldReader(const boost::json::object& object, Integers integers = Integers::kExact);

  // Required fields.
  [[nodiscard]] std::string_view text(std::string_view key, std::size_t bytes_max);
  template <std::unsigned_integral T>
  [[nodiscard]] T integer(std::string_view key, Range<T> range) {
    return static_cast<T>(require_integer(key, {range.min, range.max}));
  }
  [[nodiscard]] ContentId content_id(std::string_view key);
  [[nodiscard]] std::vector<ContentId> content_ids(std::string_view key, std::size_t count_max);
  [[nodiscard]] std::vector<std::uint32_t> integers(std::string_view key, std::size_t count_max,
                                                    Range<std::uint32_t> range);
  [[nodiscard]] std::span<const boost::json::value> array(std::string_view key, std::size_t count_max);

  // Optional fields: nothing, false or empty where the field is absent.
  [[nodiscard]] std::optional<std::string_view> find_text(std::string_view key, std::size_t bytes_max);
  template <std::unsigned_integral T>
  [[nodiscard]] std::optional<T> find_integer(std::string_view key, Range<T> range) {
    const std::optional<std::uint64_t> value = find_unsigned(key, {range.min, range.max});
    return value ? std::optional<T>(static_cast<T>(*value)) : std::nullopt;
  }
  [[nodiscard]] std::vector<std::string> find_texts(std::string_view key, std::size_t count_max, std::size_t bytes_max);
  [[nodiscard]] std::optional<std::int64_t> find_signed(std::string_view key);
  [[nodiscard]] std::optional<ContentId> find_content_id(std::string_view key);
  [[nodiscard]] std::span<const boost::json::value> find_array(std::string_view key, std::size_t count_max);
  [[nodiscard]] const boost::json::object* find_object(std::string_view key);
  [[nodiscard]] bool flag(std::string_view key);

  // Reads each element of a required array of objects: read_one(FieldReader&) is called until a fault.
  template <class ReadOne>
  void each_object(std::string_view key, std::size_t count_max, ReadOne read_one) {
    for (const boost::json::value& value : array(key, count_max)) {
      if (!value.is_object()) return fail_field(key, FieldError::kWrongType);
      FieldReader element(value.get_object(), integers_);
      read_one(element);
      if (element.fault()) return fail_field(element.fault()->field, element.fault()->error);
    }
  }

  // Makes `key` the fault, unless there is one already.
  void fail_field(std::string_view key, FieldError error);
  [[nodiscard]] const std::optional<FieldFault>& fault() const { return fault_; }

 private:
  [[nodiscard]] const boost::json::value* find(std::string_view key) const;
  [[nodiscard]] std::uint64_t require_integer(std::string_view key, Range<std::uint64_t> range);
  [[nodiscard]] std::optional<std::uint64_t> find_unsigned(std::string_view key, Range<std::uint64_t> range);
  template <class Value>
  void require(std::string_view key, const std::optional<Value>& value) {
    if (!value) fail_field(key, FieldError::kMissing);
  }

  const boost::json::object* object_;
  Integers integers_;
  std::optional<FieldFault> fault_;
};

}  // namespace essaim::wire
