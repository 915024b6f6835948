#include "swarm/request_book.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "swarm/failure_marks.hpp"
#include "swarm/random.hpp"

namespace essaim::swarm {
namespace {

const Instant kStart{1000s};

ChunkRef chunk(std::uint32_t item, std::uint32_t index) { return {ItemIndex{item}, content::ChunkIndex{index}}; }

TEST(RequestBook, FindsWhatWasEntered) {
  RequestBook book;
  EXPECT_EQ(book.next_deadline(), std::nullopt);
  const Work work = chunk_work(chunk(3, 7));
  const RequestId id = book.add({.source = SourceId{1}, .work = work, .deadline = kStart + 2s});
  const RequestId manifest =
      book.add({.source = SourceId{2}, .work = manifest_work(ItemIndex{3}), .deadline = kStart + 1s});
  EXPECT_NE(id, manifest);
  EXPECT_TRUE(book.has_manifests());
  EXPECT_EQ(book.find(id)->work, work);
  EXPECT_TRUE(book.is_asked_of(work, SourceId{1}));
  EXPECT_FALSE(book.is_asked_of(work, SourceId{2}));
  EXPECT_EQ(book.requests_for(work), std::vector{id});
  EXPECT_EQ(book.requests_for_item(ItemIndex{3}), (std::vector{manifest, id}));
  EXPECT_EQ(book.requests_at(SourceId{2}), std::vector{manifest});
  EXPECT_EQ(book.find_expired(kStart), std::nullopt);
  EXPECT_EQ(book.find_expired(kStart + 1s), manifest);
  EXPECT_TRUE(book.remove(manifest).has_value());
  EXPECT_FALSE(book.remove(manifest).has_value());
  EXPECT_FALSE(book.has_manifests());
  EXPECT_EQ(book.next_deadline(), kStart + 2s);
}

TEST(RequestBook, GivesAnOverdueRequestASecondDeadline) {
  RequestBook book;
  const RequestId id = book.add({.source = SourceId{1}, .work = chunk_work(chunk(0, 0)), .deadline = kStart});
  book.set_overdue(id, kStart + 5s);
  EXPECT_EQ(book.overdue_count(), 1U);
  EXPECT_EQ(book.next_deadline(), kStart + 5s);
  book.remove(id);
  EXPECT_EQ(book.overdue_count(), 0U);
}

TEST(RequestBook, AgreesWithAPlainListOnRandomCommands) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    SCOPED_TRACE(seed);
    Random random(seed);
    RequestBook book;
    std::vector<Request> list;
    for (int step = 0; step < 300; ++step) {
      const Work work =
          chunk_work(chunk(static_cast<std::uint32_t>(random.below(3)), static_cast<std::uint32_t>(random.below(3))));
      const SourceId source{static_cast<std::uint32_t>(random.below(3))};
      const Instant deadline = kStart + Duration(static_cast<std::int64_t>(random.below(100)));
      if (random.below(2) == 0 || list.empty()) {
        Request request{.source = source, .work = work, .deadline = deadline};
        request.id = book.add(request);
        list.push_back(request);
      } else {
        const auto picked = list.begin() + static_cast<std::ptrdiff_t>(random.below(list.size()));
        if (random.below(3) == 0 && !picked->overdue) {
          book.set_overdue(picked->id, deadline);
          picked->overdue = true;
          picked->deadline = deadline;
        } else {
          ASSERT_TRUE(book.remove(picked->id).has_value());
          list.erase(picked);
        }
      }
      book.check_invariants();
      std::vector<RequestId> for_work;
      std::vector<RequestId> at_source;
      std::optional<Instant> soonest;
      for (const Request& each : list) {
        if (each.work == work) for_work.push_back(each.id);
        if (each.source == source) at_source.push_back(each.id);
        soonest = std::min(soonest.value_or(each.deadline), each.deadline);
      }
      ASSERT_EQ(book.requests_for(work), for_work);
      ASSERT_EQ(book.requests_at(source), at_source);
      ASSERT_EQ(book.next_deadline(), soonest);
      ASSERT_EQ(book.size(), list.size());
    }
  }
}

TEST(FailureMarks, AreKeptPerWorkAndForgotten) {
  FailureMarks marks;
  const SourceId one{1};
  const SourceId two{2};
  marks.add(chunk_work(chunk(0, 0)), one);
  marks.add(chunk_work(chunk(0, 0)), two);
  marks.add(chunk_work(chunk(0, 9)), one);
  marks.add(manifest_work(ItemIndex{0}), one);
  marks.add(chunk_work(chunk(1, 0)), one);
  EXPECT_TRUE(marks.has(chunk_work(chunk(0, 0)), two));
  EXPECT_FALSE(marks.has(chunk_work(chunk(0, 9)), two));
  marks.clear_source(one);
  EXPECT_FALSE(marks.has(chunk_work(chunk(1, 0)), one));
  EXPECT_TRUE(marks.has(chunk_work(chunk(0, 0)), two));
  marks.add(manifest_work(ItemIndex{0}), one);
  marks.add(chunk_work(chunk(1, 0)), one);
  marks.clear_item(ItemIndex{0});
  EXPECT_FALSE(marks.has(chunk_work(chunk(0, 0)), two));
  EXPECT_FALSE(marks.has(manifest_work(ItemIndex{0}), one));
  EXPECT_TRUE(marks.has(chunk_work(chunk(1, 0)), one));
  marks.clear(chunk_work(chunk(1, 0)));
  EXPECT_TRUE(marks.all().empty());
}

}  // namespace
}  // namespace essaim::swarm
