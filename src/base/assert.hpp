// ASSERT stays on in release. It is for our own bugs, never for what a peer, a person or a disk can cause.
#pragma once
#include <cstdio>
#include <cstdlib>

namespace essaim {
[[noreturn]] inline void assertion_failed(const char* what, const char* file, int line) {
  std::fprintf(stderr, "essaim: internal error: %s does not hold at %s:%d\n", what, file, line);
  std::abort();
}
}  // namespace essaim

// A macro, because only a macro knows the text and the place of its condition.
#define ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::essaim::assertion_failed(#condition, __FILE__, __LINE__))
