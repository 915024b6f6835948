#include "transport/plain_stream.hpp"

#include <algorithm>

namespace essaim::transport {

awaitable<Expected<std::size_t, NetError>> PlainStream::read_some(MutableByteView room) {
  for (;;) {
    const auto got = socket_.try_receive(room);
    if (!got) co_return fail(got.error());
    counts_.received += *got;
    if (*got > 0) co_return *got;
    if (const auto ready = co_await socket_.ready_to_receive(); !ready) co_return fail(ready.error());
  }
}

awaitable<Expected<void, NetError>> PlainStream::read_exactly(MutableByteView room) {
  while (!room.empty()) {
    const auto got = co_await read_some(room);
    if (!got) co_return fail(got.error());
    room = room.subspan(*got);
  }
  co_return Expected<void, NetError>{};
}

awaitable<Expected<void, NetError>> PlainStream::write_all(ByteView first, ByteView second) {
  for (;;) {
    const auto sent = socket_.try_send(first, second);
    if (!sent) co_return fail(sent.error());
    counts_.sent += *sent;
    const std::size_t of_first = std::min(*sent, first.size());
    first = first.subspan(of_first);
    second = second.subspan(*sent - of_first);
    if (first.empty() && second.empty()) co_return Expected<void, NetError>{};
    if (*sent > 0) continue;
    if (const auto ready = co_await socket_.ready_to_send(); !ready) co_return fail(ready.error());
  }
}

awaitable<void> PlainStream::finish(Instant deadline) { co_await socket_.finish(deadline); }

}  // namespace essaim::transport
