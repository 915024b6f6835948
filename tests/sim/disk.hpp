// The disk of a simulated peer: a part file, its final name, and a journal in a database.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "sim/choices.hpp"

namespace essaim::sim {

// What the program wrote down of its download; what src/node/journal.hpp says of it holds here.
struct Journal {
  bool clean = false;
  std::vector<bool> chunks;
  friend bool operator==(const Journal&, const Journal&) = default;
};

// What is written is seen at once, and survives a crash of the program. Of what is not synced, a power failure leaves
// whatever it likes: each chunk as it was, as it is, or torn; the journal at any version since the last that is
// durable; the old name or the new one.
class Disk {
 public:
  enum class Chunk : std::uint8_t { kHole, kIntact, kTorn };
  using Chunks = std::vector<Chunk>;
  explicit Disk(std::uint32_t chunks) : seen_(chunks), durable_(chunks) {}

  // False: there is no room.
  [[nodiscard]] bool write(std::uint32_t chunk);
  [[nodiscard]] Chunk read(std::uint32_t chunk) const { return seen_[chunk]; }
  void set_full(bool full) { full_ = full; }

  // A sync takes time: what was written before its beginning is durable from its end on.
  [[nodiscard]] Chunks begin_sync() const { return seen_; }
  void end_sync(const Chunks& begun_with);

  void write_journal(Journal journal) { journals_.push_back(std::move(journal)); }
  void sync_journal() { journals_.erase(journals_.begin(), journals_.end() - 1); }
  [[nodiscard]] const std::optional<Journal>& journal() const { return journals_.back(); }

  void rename() { named_ = true; }
  void sync_folder() { named_durable_ = named_; }
  [[nodiscard]] bool named() const { return named_; }

  void lose_power(Choices& fate);

  // A file under its final name is whole, and stays so whatever happens.
  void check_invariants() const;

 private:
  Chunks seen_;
  Chunks durable_;
  // The last durable version and all since.
  std::vector<std::optional<Journal>> journals_{std::nullopt};
  bool named_ = false;
  bool named_durable_ = false;
  bool full_ = false;
};

}  // namespace essaim::sim
