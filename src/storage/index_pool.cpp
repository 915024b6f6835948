#include "storage/index_pool.hpp"

#include <utility>

#include "storage/index_pool_core.hpp"

namespace essaim::storage {

IndexQueue::IndexQueue(std::shared_ptr<IndexPoolCore> core, std::shared_ptr<IndexQueueState> state)
    : core_(std::move(core)), state_(std::move(state)) {}
IndexQueue::IndexQueue(IndexQueue&&) noexcept = default;

IndexQueue::~IndexQueue() {
  if (!state_) return;
  core_->cancel(state_);
  core_->wait_until_idle(state_);
  core_->remove(state_);
}

void IndexQueue::submit(HashTask task) { core_->submit(state_, std::move(task)); }
void IndexQueue::hash_next(std::string_view path) { core_->hash_next(state_, path); }
void IndexQueue::wait_until_idle() { core_->wait_until_idle(state_); }
void IndexQueue::cancel() { core_->cancel(state_); }

IndexPool::IndexPool(const IndexPoolOptions& options) : core_(std::make_shared<IndexPoolCore>(options)) {}
IndexPool::~IndexPool() = default;

IndexQueue IndexPool::make_queue(std::shared_ptr<const ShareRoot> root, HashEvents events) {
  auto state = std::make_shared<IndexQueueState>();
  state->root = std::move(root);
  state->events = std::move(events);
  core_->add(state);
  return IndexQueue(core_, std::move(state));
}

}  // namespace essaim::storage
