#include "discovery/source_slots.hpp"

#include <cstring>

#include "discovery/limits.hpp"

namespace essaim::discovery {
namespace {

// The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit of the input reaches every bit of the output.
std::uint64_t mix(std::uint64_t value) {
  value += 0x9e3779b97f4a7c15U;
  value = (value ^ (value >> 30U)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27U)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31U);
}

}  // namespace

std::size_t SourceSlots::slot_of(const Endpoint& source) const {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  std::memcpy(&high, source.address.bytes.data(), sizeof high);
  std::memcpy(&low, source.address.bytes.data() + sizeof high, sizeof low);
  const std::uint64_t port = source.address.is_loopback() ? source.port : 0U;
  std::uint64_t hash = mix(seed_ ^ high);
  hash = mix(hash ^ low);
  hash = mix(hash ^ (std::uint64_t{source.address.scope} << 16U | port));
  return static_cast<std::size_t>(hash % kSourceSlots);
}

}  // namespace essaim::discovery
