// OpenSSL's input and output as two queues in memory.
#pragma once
#include "transport/byte_queue.hpp"
#include "transport/openssl_handle.hpp"

namespace essaim::transport {

// Ciphertext on its way from the socket into OpenSSL, and back.
struct CipherQueues {
  ByteQueue input;
  ByteQueue output;
};

// A BIO that reads from `queues.input` and writes to `queues.output`, and asks to be called again when the one is empty
// or the other can't take all of a write. `queues` outlives it. Null: no memory.
[[nodiscard]] BioHandle make_memory_bio(CipherQueues& queues);

}  // namespace essaim::transport
