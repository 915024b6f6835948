// How much a thread of ours insists.
#pragma once

namespace essaim::storage {

// The calling thread lets everyone else go first, to the processor and to the disk, from now on.
void yield_to_others();

}  // namespace essaim::storage
