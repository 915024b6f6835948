#include "transport/net_error.hpp"

#include <cerrno>

#include <boost/asio/error.hpp>

namespace essaim::transport {

std::string_view to_string(NetError error) {
  switch (error) {
    case NetError::kClosed: return "the other side closed the connection";
    case NetError::kReset: return "the connection was cut";
    case NetError::kTimeout: return "it took too long";
    case NetError::kCancelled: return "we closed the connection";
    case NetError::kRefused: return "nobody listens there";
    case NetError::kUnreachable: return "there is no way to that address";
    case NetError::kPortTaken: return "another program has the port";
    case NetError::kNotPermitted: return "the system does not allow it";
    case NetError::kNotTls: return "what answered does not speak TLS";
    case NetError::kTls: return "the encrypted connection failed";
    case NetError::kWrongPeer: return "somebody else answered";
    case NetError::kSystem: return "the system's network failed";
  }
  return "unknown";
}

NetError net_error(const boost::system::error_code& error) {
  if (error == boost::asio::error::eof) return NetError::kClosed;
  if (error == boost::asio::error::operation_aborted) return NetError::kCancelled;
  if (error.category() != boost::system::system_category()) return NetError::kSystem;
  switch (error.value()) {
    case EBADF: return NetError::kCancelled;
    case ECONNRESET:
    case ECONNABORTED:
    case EPIPE: return NetError::kReset;
    case ETIMEDOUT: return NetError::kTimeout;
    case ECONNREFUSED: return NetError::kRefused;
    case ENETUNREACH:
    case EHOSTUNREACH:
    case ENETDOWN:
    case EHOSTDOWN:
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT: return NetError::kUnreachable;
    case EADDRINUSE: return NetError::kPortTaken;
    case EACCES:
    case EPERM: return NetError::kNotPermitted;
    default: return NetError::kSystem;
  }
}

}  // namespace essaim::transport
