// What can go wrong on a connection, as values.
#pragma once
#include <string_view>

#include <boost/system/error_code.hpp>

namespace essaim::transport {

enum class NetError {
  kClosed,        // the other side ended the connection
  kReset,         // it was cut, not ended
  kTimeout,       // a deadline passed
  kCancelled,     // our side closed it
  kRefused,       // nobody listens there
  kUnreachable,   // no way to that address
  kPortTaken,     // another program has the port
  kNotPermitted,  // the system forbids it: a low port, a firewall on this machine
  kNotTls,        // what answered does not speak TLS
  kTls,           // the handshake or a record failed
  kWrongPeer,     // the certificate is another peer's than the one dialled
  kSystem,        // anything else the operating system said
};

// A piece of a sentence for people: "could not reach alice: nobody listens there".
[[nodiscard]] std::string_view to_string(NetError error);

// The only mapping of the system's codes to ours; `error` is a failure.
[[nodiscard]] NetError net_error(const boost::system::error_code& error);

}  // namespace essaim::transport
