// Brings the catalogue up to date with the disk, one share a job.
#pragma once
#include <memory>
#include <string_view>
#include <vector>

#include "storage/file_record.hpp"
#include "storage/index_job.hpp"
#include "storage/index_pool.hpp"

namespace essaim::storage {

// A file whose size, mtime and inode are those of the catalogue, and that has a content id there, is not read again.
// Used by one thread.
class Indexer {
 public:
  Indexer(const IndexPoolOptions& options, IndexEvents events);
  // Cancels all jobs and waits for them.
  ~Indexer();
  Indexer(const Indexer&) = delete;
  Indexer& operator=(const Indexer&) = delete;

  // A job of the same share and kind that still runs is cancelled first (and waited for). What earlier jobs of the
  // share found should have been written before, else it is found again.
  void start(const IndexJob& job);
  void cancel(ShareId share);
  // Somebody waits for this file: if it is not hashed yet, it comes before the others of its share.
  void hash_next(ShareId share, std::string_view path);

 private:
  class Run;
  IndexEvents events_;
  IndexPool pool_;
  std::vector<std::unique_ptr<Run>> runs_;
};

}  // namespace essaim::storage
