#include "transport/tls_stream.hpp"

#include <algorithm>

namespace essaim::transport {

awaitable<Expected<PeerId, NetError>> TlsStream::handshake() {
  for (;;) {
    const auto progress = engine_.handshake();
    if (!progress) {
      flush_now();  // the alert that tells the other side why
      co_return fail(progress.error());
    }
    if (const auto sent = co_await flush_output(); !sent) co_return fail(sent.error());
    if (*progress == TlsEngine::Progress::kDone) co_return engine_.peer();
    if (const auto filled = co_await fill_input(); !filled) co_return fail(filled.error());
  }
}

awaitable<Expected<std::size_t, NetError>> TlsStream::read_some(MutableByteView room) {
  for (;;) {
    const auto got = engine_.decrypt(room);
    if (!got) co_return fail(got.error());
    counts_.received += *got;
    if (*got > 0) co_return *got;
    if (const auto filled = co_await fill_input(); !filled) co_return fail(filled.error());
  }
}

awaitable<Expected<void, NetError>> TlsStream::read_exactly(MutableByteView room) {
  while (!room.empty()) {
    const auto got = engine_.decrypt(room);
    if (!got) co_return fail(got.error());
    counts_.received += *got;
    room = room.subspan(*got);
    if (room.empty()) break;
    // Of what is still to come, OpenSSL may hold the beginning of one record.
    const std::size_t surely = room.size() - std::min(room.size(), TlsEngine::kRecordBytesMax);
    if (const auto filled = co_await fill_input(surely); !filled) co_return fail(filled.error());
  }
  co_return Expected<void, NetError>{};
}

awaitable<Expected<void, NetError>> TlsStream::write_all(ByteView first, ByteView second) {
  while (!first.empty() || !second.empty()) {
    ByteView& rest = first.empty() ? second : first;
    const auto taken = engine_.encrypt(rest);
    if (!taken) co_return fail(taken.error());
    counts_.sent += *taken;
    rest = rest.subspan(*taken);
    if (rest.empty() && !second.empty()) continue;  // so that a header leaves together with what it announces
    if (const auto sent = co_await flush_output(); !sent) co_return fail(sent.error());
  }
  co_return Expected<void, NetError>{};
}

awaitable<void> TlsStream::finish(Instant deadline) {
  engine_.end();
  socket_.set_send_deadline(deadline);
  const auto sent = co_await flush_output();
  if (sent) co_await socket_.finish(deadline);
  socket_.close();
}

void TlsStream::close() {
  engine_.end();
  flush_now();
  socket_.close();
}

awaitable<Expected<void, NetError>> TlsStream::fill_input(std::size_t at_least) {
  for (;;) {
    flush_now();  // what OpenSSL answered by itself: key updates
    const MutableByteView room = engine_.input().room();
    if (room.empty()) co_return co_await flush_output();  // such an answer found no room
    const auto got = socket_.try_receive(room);
    if (!got) co_return fail(got.error());
    engine_.input().filled(*got);
    if (*got > 0) co_return Expected<void, NetError>{};
    if (const auto ready = co_await socket_.ready_to_receive(at_least); !ready) co_return fail(ready.error());
  }
}

// A reader and a writer may both be in here: each pass sends what is left then.
awaitable<Expected<void, NetError>> TlsStream::flush_output() {
  ByteQueue& output = engine_.output();
  while (!output.empty()) {
    const auto sent = socket_.try_send(output.bytes());
    if (!sent) co_return fail(sent.error());
    output.taken(*sent);
    if (*sent > 0) continue;
    if (const auto ready = co_await socket_.ready_to_send(); !ready) co_return fail(ready.error());
  }
  co_return Expected<void, NetError>{};
}

void TlsStream::flush_now() {
  ByteQueue& output = engine_.output();
  if (output.empty()) return;
  // A failure comes up again where somebody waits for the result.
  if (const auto sent = socket_.try_send(output.bytes()); sent) output.taken(*sent);
}

}  // namespace essaim::transport
