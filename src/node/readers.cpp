#include "node/readers.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "node/failures.hpp"
#include "node/offload.hpp"

namespace essaim::node {
namespace {

namespace asio = boost::asio;

std::unexpected<Failure> not_coming() {
  return fail_with(FailureCode::kInterrupted, "It is not fetched any more, so there is no more of it to read.");
}

}  // namespace

class Readers::Reader final : public ContentStream {
 public:
  Reader(std::shared_ptr<State> state, ContentId id, content::ChunkPlan plan, std::string name)
      : state_(std::move(state)),
        id_(id),
        plan_(plan),
        name_(std::move(name)),
        reader_(swarm::ReaderId{++state_->last_reader}) {
    ++state_->counts[id_];
  }
  ~Reader() override {
    if (fetch_ != nullptr) fetch_->end_reading(reader_);
    if (--state_->counts[id_] == 0) state_->counts.erase(id_);
  }

  [[nodiscard]] const ContentId& id() const override { return id_; }
  [[nodiscard]] std::uint64_t size() const override { return plan_.size; }
  [[nodiscard]] const std::string& name() const override { return name_; }

  asio::awaitable<Outcome<void>> wait_for(std::uint64_t offset) override {
    const content::ChunkIndex chunk = chunk_at(offset);
    asio::steady_timer timer(state_->parts.control);
    while (!state_->stopping) {
      if (find(chunk)) co_return Outcome<void>();
      if (fetch_ != nullptr && !fetch_->has_ended()) {
        const auto fetch = fetch_;
        co_await fetch->wait_for_news();
      } else if (state_->parts.coming(id_)) {
        timer.expires_after(kReaderLooksEvery);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
      } else {
        break;
      }
    }
    co_return not_coming();
  }

  asio::awaitable<Outcome<std::size_t>> read(std::uint64_t offset, MutableByteView into) override {
    const content::ChunkIndex chunk = chunk_at(offset);
    if (state_->stopping || !find(chunk)) co_return not_coming();
    const std::uint64_t left = plan_.offset(chunk) + plan_.length(chunk) - offset;
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, into.size()));
    const auto done = co_await offload(
        state_->disk, [from = from_, offset, part = into.first(count)] { return from->read_at(offset, part); });
    if (!done) co_return fail(failure_of(done.error()));
    co_return count;
  }

 private:
  [[nodiscard]] content::ChunkIndex chunk_at(std::uint64_t offset) const {
    return content::ChunkIndex{static_cast<std::uint32_t>(offset / plan_.chunk_bytes)};
  }

  // Sets `from_` to where the chunk can be read, if it can; else it is what is fetched first from now on.
  bool find(content::ChunkIndex chunk) {
    if (whole_ != nullptr || is_in_fetch(chunk)) return true;
    if (fetch_ == nullptr || fetch_->has_ended()) look_again();
    return whole_ != nullptr || is_in_fetch(chunk);
  }
  // What is kept here needs nobody to fetch it.
  void look_again() {
    whole_ = state_->parts.shared.open_own(id_);
    from_ = whole_;
    auto fetch = whole_ == nullptr ? state_->parts.fetches.find(id_) : nullptr;
    if (fetch_ != nullptr && fetch != fetch_) fetch_->end_reading(reader_);
    fetch_ = std::move(fetch);
  }
  bool is_in_fetch(content::ChunkIndex chunk) {
    if (fetch_ == nullptr) return false;
    const swarm::ChunkRef ref{*fetch_->item_of(id_), chunk};
    fetch_->set_reading(reader_, ref);
    if (!fetch_->holds(ref)) return false;
    auto held = fetch_->reader_of(ref.item);
    if (held) from_ = std::move(*held);
    return held.has_value();
  }

  std::shared_ptr<State> state_;
  ContentId id_;
  content::ChunkPlan plan_;
  std::string name_;
  swarm::ReaderId reader_;
  std::shared_ptr<Fetch> fetch_;                        // that gets it
  std::shared_ptr<const storage::ServedFile> whole_;    // all of it
  std::shared_ptr<const storage::ContentReader> from_;  // where the chunk found last is
};

Readers::Readers(Parts parts) : state_(std::make_shared<State>(std::move(parts))) {}

Answer<std::shared_ptr<ContentStream>> Readers::open(ContentId id) {
  const auto state = state_;
  asio::steady_timer timer(state->parts.control);
  while (!state->stopping) {
    std::optional<std::uint64_t> size;
    if (const auto own = state->parts.shared.open_own(id)) size = own->size();
    if (const auto fetch = state->parts.fetches.find(id)) size = fetch->download().item(*fetch->item_of(id)).size;
    const auto name = state->parts.coming(id);
    if (const auto plan = size ? content::plan_for(*size) : std::nullopt) {
      co_return std::make_shared<Reader>(state, id, *plan, name.value_or(state->parts.shared.own_name_of(id)));
    }
    if (!name) break;
    timer.expires_after(kReaderLooksEvery);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
  co_return fail_with(FailureCode::kNotFound, "This content is not here, and it is not being fetched.");
}

std::size_t Readers::count(const ContentId& id) const {
  const auto found = state_->counts.find(id);
  return found == state_->counts.end() ? 0 : found->second;
}

void Readers::stop() {
  state_->stopping = true;
  state_->disk.join();
}

}  // namespace essaim::node
