#include "storage/thread_priority.hpp"

#include <linux/ioprio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace essaim::storage {
namespace {

constexpr int kBackgroundNice = 10;
constexpr int kLowestBestEffort = 7;

}  // namespace

void yield_to_others() {
  // Both concern the calling thread alone, on Linux. Where they are refused the thread just keeps its priority.
  (void)::setpriority(PRIO_PROCESS, 0, kBackgroundNice);
  (void)::syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, 0, IOPRIO_PRIO_VALUE(IOPRIO_CLASS_BE, kLowestBestEffort));
}

}  // namespace essaim::storage
