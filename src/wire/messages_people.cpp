#include "wire/messages_people.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "wire/json.hpp"
#include "wire/limits.hpp"

namespace essaim::wire {
namespace {

struct AnswerRow {
  OfferAnswer answer;
  std::string_view text;
};
constexpr std::array kAnswers{
    AnswerRow{OfferAnswer::kReceived, "received"}, AnswerRow{OfferAnswer::kAccepted, "accepted"},
    AnswerRow{OfferAnswer::kDeclined, "declined"}, AnswerRow{OfferAnswer::kDone, "done"},
    AnswerRow{OfferAnswer::kFailed, "failed"},     AnswerRow{OfferAnswer::kWithdrawn, "withdrawn"},
};

struct StepRow {
  Pair::Step step;
  std::string_view text;
};
constexpr std::array kSteps{
    StepRow{Pair::Step::kCommit, "commit"},
    StepRow{Pair::Step::kReveal, "reveal"},
    StepRow{Pair::Step::kConfirm, "confirm"},
    StepRow{Pair::Step::kRefuse, "refuse"},
};

bool has_value(Pair::Step step) { return step == Pair::Step::kCommit || step == Pair::Step::kReveal; }

std::string read_offer_id(FieldReader& in) {
  std::string id(in.text("offer", kOfferIdBytesMax));
  if (id.empty()) in.fail_field("offer", FieldError::kBadValue);
  return id;
}

// At the top of a list, and something that can be fetched.
bool can_be_offered(const ListEntry& entry) {
  const bool content = entry.kind == EntryKind::kFile || entry.kind == EntryKind::kTree;
  return content && entry.path.parts().size() == 1;
}

}  // namespace

std::string_view to_text(OfferAnswer answer) {
  const auto row = std::ranges::find(kAnswers, answer, &AnswerRow::answer);
  return row == kAnswers.end() ? std::string_view() : row->text;
}

void read(FieldReader& in, Offer& message) {
  message.offer = read_offer_id(in);
  message.entries = read_entries(in, kOfferEntriesMax);
  const bool sound = !message.entries.empty() && std::ranges::all_of(message.entries, can_be_offered);
  if (!sound) in.fail_field("entries", FieldError::kBadValue);
}

void read(FieldReader& in, Answer& message) {
  message.offer = read_offer_id(in);
  const auto row = std::ranges::find(kAnswers, in.text("answer", kTypeBytesMax), &AnswerRow::text);
  if (row == kAnswers.end()) return in.fail_field("answer", FieldError::kBadValue);
  message.answer = row->answer;
}

void read(FieldReader& in, Pair& message) {
  const auto row = std::ranges::find(kSteps, in.text("step", kTypeBytesMax), &StepRow::text);
  if (row == kSteps.end()) return in.fail_field("step", FieldError::kBadValue);
  message.step = row->step;
  if (has_value(message.step)) message.value = in.content_id("value").bytes;
  if (message.step == Pair::Step::kRefuse) message.reason = in.find_text("reason", kTypeBytesMax).value_or("");
}

void write(const Offer& message, boost::json::object& out) {
  out["offer"] = json_text(message.offer);
  write_entries(message.entries, out);
}

void write(const Answer& message, boost::json::object& out) {
  out["offer"] = json_text(message.offer);
  out["answer"] = to_text(message.answer);
}

void write(const Pair& message, boost::json::object& out) {
  out["step"] = std::ranges::find(kSteps, message.step, &StepRow::step)->text;
  if (has_value(message.step)) out["value"] = to_base32(message.value);
  if (message.step == Pair::Step::kRefuse) out["reason"] = json_text(message.reason);
}

}  // namespace essaim::wire
