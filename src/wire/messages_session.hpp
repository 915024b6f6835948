// What keeps a session going: ERROR, PING, PONG, GOODBYE.
#pragma once
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "wire/error_code.hpp"
#include "wire/fields.hpp"

namespace essaim::wire {

// With an id: the answer to that request. Without: about the session.
struct Error {
  static constexpr std::string_view kType = "ERROR";
  ErrorCode code = ErrorCode::kInternal;
  std::string message{};  // for people; what is longer than kErrorMessageBytesMax is cut when written
  friend bool operator==(const Error&, const Error&) = default;
};

struct Ping {
  static constexpr std::string_view kType = "PING";
  friend bool operator==(const Ping&, const Ping&) = default;
};

struct Pong {
  static constexpr std::string_view kType = "PONG";
  friend bool operator==(const Pong&, const Pong&) = default;
};

struct Goodbye {
  static constexpr std::string_view kType = "GOODBYE";
  friend bool operator==(const Goodbye&, const Goodbye&) = default;
};

void read(FieldReader& in, Error& message);
void read(FieldReader& in, Ping& message);
void read(FieldReader& in, Pong& message);
void read(FieldReader& in, Goodbye& message);
void write(const Error& message, boost::json::object& out);
void write(const Ping& message, boost::json::object& out);
void write(const Pong& message, boost::json::object& out);
void write(const Goodbye& message, boost::json::object& out);

}  // namespace essaim::wire
