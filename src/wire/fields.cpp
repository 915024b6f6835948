#include "wire/fields.hpp"

#include <limits>

#include "base/defence.hpp"
#include "base/result.hpp"
#include "base/text.hpp"

namespace essaim::wire {
namespace {

using boost::json::value;

// Up to here every integer is a double.
constexpr double kExactDoubleMax = 9007199254740992.0;  // 2^53
constexpr std::size_t kContentIdChars = 52;

std::string_view view_of(const boost::json::string& text) { return {text.data(), text.size()}; }

Expected<std::uint64_t, FieldError> unsigned_of(const value& number, Integers integers) {
  if (const std::uint64_t* u = number.if_uint64()) return *u;
  if (const std::int64_t* i = number.if_int64()) {
    if (*i < 0) return fail(FieldError::kOutOfRange);
    return static_cast<std::uint64_t>(*i);
  }
  const double* d = number.if_double();
  if (d == nullptr || integers == Integers::kExact) return fail(FieldError::kWrongType);
  if (*d < 0 || *d > kExactDoubleMax) return fail(FieldError::kOutOfRange);
  const auto whole = static_cast<std::uint64_t>(*d);
  if (static_cast<double>(whole) != *d) return fail(FieldError::kWrongType);
  return whole;
}

Expected<std::string_view, FieldError> text_of(const value& text, std::size_t bytes_max) {
  if (!text.is_string()) return fail(FieldError::kWrongType);
  if (defended(Defence::kFieldTextLength) && text.get_string().size() > bytes_max) return fail(FieldError::kTooLong);
  return view_of(text.get_string());
}

Expected<ContentId, FieldError> content_id_of(const value& id) {
  if (!id.is_string()) return fail(FieldError::kWrongType);
  const std::string_view text = view_of(id.get_string());
  if (text.size() != kContentIdChars) return fail(FieldError::kBadValue);
  const std::optional<Bytes> bytes = from_base32(text);
  if (!bytes) return fail(FieldError::kBadValue);
  const std::optional<ContentId> digest = ContentId::from(*bytes);
  if (!digest) return fail(FieldError::kBadValue);
  return *digest;
}

}  // namespace

std::string_view to_string(FieldError error) {
  switch (error) {
    case FieldError::kMissing: return "missing";
    case FieldError::kWrongType: return "wrong type";
    case FieldError::kOutOfRange: return "out of range";
    case FieldError::kTooLong: return "too long";
    case FieldError::kTooMany: return "too many";
    case FieldError::kBadValue: return "bad value";
    case FieldError::kBadPayload: return "wrong payload length";
  }
  return "unknown";
}

FieldReader::FieldReader(const boost::json::object& object, Integers integers)
    : object_(&object), integers_(integers) {}

std::string_view FieldReader::text(std::string_view key, std::size_t bytes_max) {
  const std::optional<std::string_view> found = find_text(key, bytes_max);
  require(key, found);
  return found.value_or(std::string_view());
}

ContentId FieldReader::content_id(std::string_view key) {
  const std::optional<ContentId> found = find_content_id(key);
  require(key, found);
  return found.value_or(ContentId());
}

std::vector<ContentId> FieldReader::content_ids(std::string_view key, std::size_t count_max) {
  std::vector<ContentId> ids;
  for (const value& element : array(key, count_max)) {
    const auto id = content_id_of(element);
    if (!id) {
      fail_field(key, id.error());
      return {};
    }
    ids.push_back(*id);
  }
  return ids;
}

std::vector<std::uint32_t> FieldReader::integers(std::string_view key, std::size_t count_max,
                                                 Range<std::uint32_t> range) {
  std::vector<std::uint32_t> numbers;
  for (const value& element : array(key, count_max)) {
    const auto number = unsigned_of(element, integers_);
    const bool in_range = number && *number >= range.min && *number <= range.max;
    if (!in_range) {
      fail_field(key, number ? FieldError::kOutOfRange : number.error());
      return {};
    }
    numbers.push_back(static_cast<std::uint32_t>(*number));
  }
  return numbers;
}

std::span<const value> FieldReader::array(std::string_view key, std::size_t count_max) {
  if (find(key) == nullptr) fail_field(key, FieldError::kMissing);
  return find_array(key, count_max);
}

std::optional<std::string_view> FieldReader::find_text(std::string_view key, std::size_t bytes_max) {
  const value* found = find(key);
  if (found == nullptr) return std::nullopt;
  const auto text = text_of(*found, bytes_max);
  if (text) return *text;
  fail_field(key, text.error());
  return std::nullopt;
}

std::vector<std::string> FieldReader::find_texts(std::string_view key, std::size_t count_max, std::size_t bytes_max) {
  std::vector<std::string> texts;
  for (const value& element : find_array(key, count_max)) {
    const auto text = text_of(element, bytes_max);
    if (!text) {
      fail_field(key, text.error());
      return {};
    }
    texts.emplace_back(*text);
  }
  return texts;
}

std::optional<std::int64_t> FieldReader::find_signed(std::string_view key) {
  const value* found = find(key);
  if (found == nullptr) return std::nullopt;
  if (const std::int64_t* number = found->if_int64()) return *number;
  fail_field(key, found->is_uint64() ? FieldError::kOutOfRange : FieldError::kWrongType);
  return std::nullopt;
}

std::optional<ContentId> FieldReader::find_content_id(std::string_view key) {
  const value* found = find(key);
  if (found == nullptr) return std::nullopt;
  const auto id = content_id_of(*found);
  if (id) return *id;
  fail_field(key, id.error());
  return std::nullopt;
}

std::span<const value> FieldReader::find_array(std::string_view key, std::size_t count_max) {
  const value* found = find(key);
  if (found == nullptr) return {};
  const boost::json::array* array = found->if_array();
  const bool few = array != nullptr && (array->size() <= count_max || !defended(Defence::kFieldArrayLength));
  if (few) return {array->data(), array->size()};
  fail_field(key, array == nullptr ? FieldError::kWrongType : FieldError::kTooMany);
  return {};
}

const boost::json::object* FieldReader::find_object(std::string_view key) {
  const value* found = find(key);
  if (found == nullptr) return nullptr;
  if (!found->is_object()) fail_field(key, FieldError::kWrongType);
  return found->if_object();
}

bool FieldReader::flag(std::string_view key) {
  const value* found = find(key);
  if (found == nullptr) return false;
  if (!found->is_bool()) fail_field(key, FieldError::kWrongType);
  return found->is_bool() && found->get_bool();
}

void FieldReader::fail_field(std::string_view key, FieldError error) {
  if (!fault_) fault_ = FieldFault{error, key};
}

const value* FieldReader::find(std::string_view key) const {
  if (fault_) return nullptr;
  const value* found = object_->if_contains(key);
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::uint64_t FieldReader::require_integer(std::string_view key, Range<std::uint64_t> range) {
  const std::optional<std::uint64_t> found = find_unsigned(key, range);
  require(key, found);
  return found.value_or(0);
}

std::optional<std::uint64_t> FieldReader::find_unsigned(std::string_view key, Range<std::uint64_t> range) {
  const value* found = find(key);
  if (found == nullptr) return std::nullopt;
  const auto number = unsigned_of(*found, integers_);
  const bool in_range = number && *number >= range.min && *number <= range.max;
  if (in_range || (number && !defended(Defence::kFieldIntegerRange))) return *number;
  fail_field(key, number ? FieldError::kOutOfRange : number.error());
  return std::nullopt;
}

}  // namespace essaim::wire
