// HELLO: the first frame each way of a level-1 session.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

#include "wire/fields.hpp"

namespace essaim::wire {

// The protocol version that this code speaks at level 1.
inline constexpr std::uint16_t kProtocolVersion = 1;

struct Hello {
  static constexpr std::string_view kType = "HELLO";
  std::string name;     // what a person calls this peer, at most kNameBytesMax bytes
  std::string version;  // the program and its version, for people
  std::uint16_t v = kProtocolVersion;
  std::vector<std::string> features;  // unknown ones are ignored
  std::uint64_t rev = 0;              // grows with each change of what the peer shares
  std::uint16_t port = 0;             // TCP port the peer listens on; 0: on none
  friend bool operator==(const Hello&, const Hello&) = default;
};

void read(FieldReader& in, Hello& message);
void write(const Hello& message, boost::json::object& out);

}  // namespace essaim::wire
