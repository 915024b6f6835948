#include "wire/messages_hello.hpp"

#include <limits>

#include <boost/json/array.hpp>

#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {

void read(FieldReader& in, Hello& message) {
  constexpr auto kPortMax = std::numeric_limits<std::uint16_t>::max();
  constexpr auto kRevMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  message.name = in.text("name", kNameBytesMax);
  message.version = in.find_text("version", kVersionBytesMax).value_or("");
  message.v = in.integer("v", Range<std::uint16_t>{1, std::numeric_limits<std::uint16_t>::max()});
  message.features = in.find_texts("features", kFeaturesMax, kFeatureBytesMax);
  message.rev = in.find_integer("rev", Range<std::uint64_t>{0, kRevMax}).value_or(0);
  message.port = in.find_integer("port", Range<std::uint16_t>{0, kPortMax}).value_or(std::uint16_t{0});
}

void write(const Hello& message, boost::json::object& out) {
  out["name"] = json_text(message.name);
  out["version"] = json_text(message.version);
  out["v"] = message.v;
  boost::json::array& features = out["features"].emplace_array();
  for (const std::string& feature : message.features) features.emplace_back(json_text(feature));
  out["rev"] = message.rev;
  out["port"] = message.port;
}

}  // namespace essaim::wire
