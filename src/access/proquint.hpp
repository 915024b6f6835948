// Peer ids as words that can be said aloud and compared by ear.
#pragma once
#include <string>

#include "base/bytes.hpp"
#include "base/ids.hpp"

namespace essaim::access {

// Proquints (D. S. Wilkerson, "A Proposal for Proquints: Identifiers that are Readable, Spellable, and Pronounceable",
// arXiv:0901.4016): each two bytes, the higher first, are a word of five letters, consonant, vowel, consonant, vowel,
// consonant, of 4, 2, 4, 2 and 4 bits; hyphens between the words. The number of bytes is even.
[[nodiscard]] std::string to_proquints(ByteView bytes);

// The ten words of a key's peer id; empty for an id of another form. They say all of it, so whoever has compared the
// words has compared the ids.
[[nodiscard]] std::string words_of(const PeerId& id);

}  // namespace essaim::access
