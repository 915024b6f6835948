#include "wire/messages_session.hpp"

#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {

void read(FieldReader& in, Error& message) {
  message.code = error_code_from_text(in.text("code", kTypeBytesMax));
  message.message = in.find_text("message", kErrorMessageBytesMax).value_or("");
}

void read(FieldReader& /*in*/, Ping& /*message*/) {}
void read(FieldReader& /*in*/, Pong& /*message*/) {}
void read(FieldReader& /*in*/, Goodbye& /*message*/) {}

void write(const Error& message, boost::json::object& out) {
  out["code"] = to_text(message.code);
  out["message"] = json_text(clip_text(message.message, kErrorMessageBytesMax));
}

void write(const Ping& /*message*/, boost::json::object& /*out*/) {}
void write(const Pong& /*message*/, boost::json::object& /*out*/) {}
void write(const Goodbye& /*message*/, boost::json::object& /*out*/) {}

}  // namespace essaim::wire
