// The part of Transfer that fetches a file only to be read while it comes.
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/failures.hpp"
#include "node/targets.hpp"
#include "node/transfer.hpp"

namespace essaim::node {

namespace asio = boost::asio;

Answer<std::string> Transfer::fetch_to_read(storage::Directory folder, SafePath name) {
  const content::Link link = *wanted_.link;
  // What is here already is read where it is.
  if (parts_.own(link.id) != nullptr) co_return "";
  if (auto room = check_room(folder); !room) co_return fail(room.error());
  auto part = storage::PartFile::create(std::move(folder), {.name = std::move(name), .size = *link.size});
  if (!part) co_return fail(failure_of(part.error()));
  // It stays open as long as somebody writes or reads it, and has no name from now on: whatever ends this, the process
  // included, leaves nothing behind.
  if (auto unnamed = part->discard(); !unnamed) co_return fail(failure_of(unnamed.error()));
  const auto target = std::make_shared<FileTarget>(std::make_shared<storage::PartFile>(std::move(*part)));
  asio::co_spawn(parts_.control, cancel_when_unread(), asio::detached);
  std::vector<swarm::Item> items{swarm::Item{link.id, *link.size}};
  auto fetching = run_fetch(target, std::move(items), {.root = link.id}, [](Fetch&) {});
  const auto fetched = co_await std::move(fetching);
  if (!fetched) co_return fail(fetched.error());
  keep_ = [this] { return until_unread(); };
  co_return "";
}

asio::awaitable<void> Transfer::until_unread() {
  auto give_up = std::chrono::steady_clock::now() + kFirstReaderTimeMax;
  asio::steady_timer timer(parts_.control);
  while (wish_ == Wish::kRun) {
    const auto now = std::chrono::steady_clock::now();
    if (parts_.readers_of(wanted_.link->id) > 0) give_up = now + kNextReaderTimeMax;
    if (now >= give_up) co_return;
    timer.expires_after(kProgressInterval);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

asio::awaitable<void> Transfer::cancel_when_unread() {
  const auto self = shared_from_this();
  auto waiting = until_unread();
  co_await std::move(waiting);
  if (running_ && wish_ == Wish::kRun) cancel();
}

}  // namespace essaim::node
