// Drives a Download by hand: obeys its actions, remembers what is in flight, and checks that no action breaks the
// specification.
#pragma once
#include <cstdint>
#include <initializer_list>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "swarm/download.hpp"

namespace essaim::swarm {

inline const Instant kStart{1000s};
inline constexpr std::uint32_t kChunk = 256 * kKiB;

inline std::vector<Item> items_of(std::initializer_list<std::uint64_t> sizes) {
  std::vector<Item> items;
  for (const std::uint64_t size : sizes) items.push_back({.id = {}, .size = size});
  return items;
}
inline ChunkRef chunk_of(std::uint32_t item, std::uint32_t chunk) {
  return {ItemIndex{item}, content::ChunkIndex{chunk}};
}

class Driver {
 public:
  explicit Driver(std::vector<Item> items, DownloadOptions options = {}, std::uint64_t seed = 1)
      : download(std::move(items), options, seed) {}

  // Takes the actions, and on_time() before if its deadline has come.
  std::vector<Action> step() {
    if (const auto deadline = download.next_deadline(); deadline && *deadline <= now) download.on_time(now);
    std::vector<Action> actions = download.take_actions(now);
    for (const Action& action : actions) std::visit([this](const auto& what) { take(what); }, action);
    download.check_invariants();
    if (const auto deadline = download.next_deadline()) EXPECT_GT(*deadline, now);
    return actions;
  }
  std::vector<Action> step_at(Instant at) {
    now = at;
    return step();
  }

  SourceId add(std::uint32_t number, SourceTraits traits = {.claim = Claim::kAll}) {
    download.on_source_added(SourceId{number}, traits, now);
    sources.insert(SourceId{number});
    return SourceId{number};
  }
  // One that has shown to be quick, so that dozens of chunks may be asked of it. For that it gives the only item of one
  // chunk at once.
  SourceId add_quick(std::uint32_t number) {
    const SourceId source = add(number);
    step();
    now += 1ms;
    deliver(first_at(source));
    return source;
  }
  void lose(SourceId source) {
    download.on_source_lost(source, now);
    forget(source);
  }
  void have(SourceId source, std::initializer_list<ChunkRef> held) {
    for (const ChunkRef& chunk : held) {
      const content::ChunkIndex index = chunk.chunk;
      download.on_have(source, chunk.item, {&index, 1}, now);
    }
  }

  // The first request in flight at the source for the chunk; fails the test when there is none.
  RequestId request(SourceId source, ChunkRef chunk) const {
    for (const auto& [id, ask] : chunks) {
      if (ask.source == source && ask.chunk == chunk) return id;
    }
    ADD_FAILURE() << "not asked of source " << std::to_underlying(source);
    return RequestId{0};
  }
  RequestId first_at(SourceId source) const {
    for (const auto& [id, ask] : chunks) {
      if (ask.source == source) return id;
    }
    ADD_FAILURE() << "nothing is asked of source " << std::to_underlying(source);
    return RequestId{0};
  }
  std::set<ChunkRef> asked_of(SourceId source) const {
    std::set<ChunkRef> asked;
    for (const auto& [id, ask] : chunks) {
      if (ask.source == source) asked.insert(ask.chunk);
    }
    return asked;
  }

  void deliver(RequestId id) {
    chunks.erase(id);
    download.on_chunk_verified(id, now);
  }
  void fail(RequestId id, FailReason reason) {
    chunks.erase(id);
    download.on_chunk_failed(id, reason, now);
  }
  void deliver_manifest(RequestId id) {
    manifests.erase(id);
    download.on_manifest(id, now);
  }
  void fail_manifest(RequestId id, FailReason reason) {
    manifests.erase(id);
    download.on_manifest_failed(id, reason, now);
  }
  // Answers every manifest request, until there are none.
  void deliver_manifests() {
    for (step(); !manifests.empty(); step()) deliver_manifest(manifests.begin()->first);
  }
  void deliver_all() {
    for (step(); !chunks.empty() || !manifests.empty(); step()) {
      while (!manifests.empty()) deliver_manifest(manifests.begin()->first);
      while (!chunks.empty()) deliver(chunks.begin()->first);
    }
  }

  Download download;
  Instant now = kStart;
  std::set<SourceId> sources;
  std::map<RequestId, AskChunk> chunks;
  std::map<RequestId, AskManifest> manifests;
  std::vector<RequestId> cancelled;
  std::vector<DropSource> dropped;
  std::vector<ItemIndex> finished;

 private:
  void take(const AskChunk& ask) {
    EXPECT_TRUE(sources.contains(ask.source));
    EXPECT_FALSE(download.has(ask.chunk));
    EXPECT_FALSE(asked_of(ask.source).contains(ask.chunk)) << "asked twice of one source";
    EXPECT_TRUE(chunks.emplace(ask.request, ask).second);
  }
  void take(const AskManifest& ask) {
    EXPECT_TRUE(sources.contains(ask.source));
    EXPECT_LE(ask.count, kLeavesPerAskMax);
    for (const auto& [id, other] : manifests) EXPECT_NE(other.item, ask.item) << "asked twice at a time";
    EXPECT_TRUE(manifests.emplace(ask.request, ask).second);
  }
  void take(const CancelRequest& cancel) {
    EXPECT_EQ(chunks.erase(cancel.request) + manifests.erase(cancel.request), 1U);
    cancelled.push_back(cancel.request);
  }
  void take(const DropSource& drop) {
    dropped.push_back(drop);
    forget(drop.source);
  }
  void take(const FinishItem& finish) { finished.push_back(finish.item); }
  void forget(SourceId source) {
    sources.erase(source);
    std::erase_if(chunks, [source](const auto& each) { return each.second.source == source; });
    std::erase_if(manifests, [source](const auto& each) { return each.second.source == source; });
  }
};

}  // namespace essaim::swarm
