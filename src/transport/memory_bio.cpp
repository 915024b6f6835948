#include "transport/memory_bio.hpp"

#include <algorithm>
#include <cstring>

namespace essaim::transport {
namespace {

CipherQueues& queues_of(BIO* bio) { return *static_cast<CipherQueues*>(BIO_get_data(bio)); }

int read(BIO* bio, char* to, std::size_t wanted, std::size_t* got) {
  BIO_clear_retry_flags(bio);
  ByteQueue& input = queues_of(bio).input;
  *got = std::min(wanted, input.bytes().size());
  if (*got == 0) {
    BIO_set_retry_read(bio);
    return 0;
  }
  std::memcpy(to, input.bytes().data(), *got);
  input.taken(*got);
  return 1;
}

int write(BIO* bio, const char* from, std::size_t bytes, std::size_t* written) {
  BIO_clear_retry_flags(bio);
  ByteQueue& output = queues_of(bio).output;
  *written = 0;
  if (output.room().size() < bytes) {
    BIO_set_retry_write(bio);
    return 0;
  }
  std::memcpy(output.room().data(), from, bytes);
  output.filled(bytes);
  *written = bytes;
  return 1;
}

long control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BioMethodHandle make_method() {
  BioMethodHandle method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "essaim memory"));
  if (!method) return method;
  BIO_meth_set_read_ex(method.get(), read);
  BIO_meth_set_write_ex(method.get(), write);
  BIO_meth_set_ctrl(method.get(), control);
  return method;
}

}  // namespace

BioHandle make_memory_bio(CipherQueues& queues) {
  static const BioMethodHandle kMethod = make_method();
  BioHandle bio(BIO_new(kMethod.get()));
  if (!bio) return bio;
  BIO_set_data(bio.get(), &queues);
  BIO_set_init(bio.get(), 1);
  return bio;
}

}  // namespace essaim::transport
