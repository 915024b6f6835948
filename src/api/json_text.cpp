#include "api/json_text.hpp"

#include <cmath>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <fmt/format.h>

#include "base/text.hpp"

namespace essaim::api {
namespace {

void append_text(std::string& out, std::string_view text) {
  const std::string shown = is_utf8(text) ? std::string(text) : printable(text);
  out += boost::json::serialize(boost::json::string_view(shown.data(), shown.size()));
}

void append_number(std::string& out, double number) {
  out += std::isfinite(number) ? fmt::format("{:.6f}", number) : "0.0";
  if (out.find_last_of('.') == std::string::npos) return;
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.push_back('0');
}

void append_value(std::string& out, const boost::json::value& value);

void append_array(std::string& out, const boost::json::array& array) {
  out.push_back('[');
  bool first = true;
  for (const boost::json::value& element : array) {
    if (!first) out.push_back(',');
    first = false;
    append_value(out, element);
  }
  out.push_back(']');
}

void append_object(std::string& out, const boost::json::object& object) {
  out.push_back('{');
  bool first = true;
  for (const auto& member : object) {
    if (!first) out.push_back(',');
    first = false;
    append_text(out, member.key());
    out.push_back(':');
    append_value(out, member.value());
  }
  out.push_back('}');
}

void append_value(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::object: return append_object(out, value.get_object());
    case boost::json::kind::array: return append_array(out, value.get_array());
    case boost::json::kind::string: return append_text(out, value.get_string());
    case boost::json::kind::double_: return append_number(out, value.get_double());
    default: out += boost::json::serialize(value);
  }
}

}  // namespace

std::string json_text(const boost::json::value& value) {
  std::string text;
  append_value(text, value);
  return text;
}

}  // namespace essaim::api
