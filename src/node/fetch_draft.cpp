// The part of Fetch that deals with drafts: files that their owner still reads.
#include <utility>

#include "node/fetch.hpp"
#include "transport/clock.hpp"

namespace essaim::node {
namespace {

// What is in flight when a draft has got its content id is waited for, no longer than that.
constexpr std::chrono::seconds kDrainTimeMax{1};

}  // namespace

void Fetch::mark_draft_leaves(std::vector<Leaf> leaves) {
  download_.mark_draft_leaves(swarm::ItemIndex{0}, static_cast<std::uint32_t>(leaves.size()));
  leaves_[swarm::ItemIndex{0}].leaves = std::move(leaves);
}

std::vector<Leaf> Fetch::draft_leaves() const {
  const auto known = leaves_.find(swarm::ItemIndex{0});
  return known == leaves_.end() ? std::vector<Leaf>() : known->second.leaves;
}

bool Fetch::is_owner(SessionId session) const {
  const Session* const peer = parts_.sessions.find(session);
  return peer != nullptr && parts_.draft_owner == peer->peer;
}

void Fetch::on_draft_answer(const swarm::AskManifest& ask, const Reply& reply) {
  if (leaves_asked_ != ask.request) return;  // too late: the same leaves were asked for again
  const auto count = take_draft_leaves(ask, reply);
  if (end_) return;
  if (!count) return download_.on_manifest_failed(ask.request, swarm::FailReason::kBadHash, transport::now());
  download_.on_draft_leaves(ask.request, *count, transport::now());
  if (content_id_) end_draft();
}

// How many have come; nothing for an answer that breaks the protocol's rules.
std::optional<std::uint32_t> Fetch::take_draft_leaves(const swarm::AskManifest& ask, const Reply& reply) {
  const auto* data = std::get_if<wire::ManifestData>(&reply.envelope.message);
  const swarm::Item& item = download_.item(ask.item);
  const bool as_asked = data != nullptr && data->file_id == item.id && data->first == ask.first &&
                        data->count <= ask.count && data->size == item.size;
  const auto leaves = as_asked ? content::parse_leaves(reply.payload) : std::nullopt;
  if (!leaves || leaves->size() != data->count) return std::nullopt;
  std::vector<Leaf>& known = leaves_[ask.item].leaves;
  if (known.size() != ask.first) return std::nullopt;
  const auto plan = content::plan_for(item.size);
  const bool complete = plan && known.size() + leaves->size() == plan->chunks;
  if (complete != data->content_id.has_value()) return std::nullopt;
  known.insert(known.end(), leaves->begin(), leaves->end());
  if (!complete) return data->count;
  if (!content::check_manifest(item.size, known, *data->content_id)) {
    end({FetchEnd::Kind::kFalse, std::nullopt});
    return std::nullopt;
  }
  content_id_ = data->content_id;
  return data->count;
}

// By its owner, or the owner has told nothing that can be used.
void Fetch::on_draft_refused(swarm::FailReason reason) {
  if (reason == swarm::FailReason::kChanged) end({FetchEnd::Kind::kChanged, std::nullopt});
  if (reason == swarm::FailReason::kNotFound) end({FetchEnd::Kind::kUnknown, std::nullopt});
}

// From here on it is fetched as content, by another fetch, from everybody who has that.
void Fetch::end_draft() {
  hold();
  drain_timer_.expires_after(kDrainTimeMax);
  drain_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
    if (!error) self->end({FetchEnd::Kind::kNamed, std::nullopt});
  });
}

}  // namespace essaim::node
