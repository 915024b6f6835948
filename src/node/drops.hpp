// What is handed in over the API, as files that a browser gives, and shared once it is whole.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include <boost/asio/thread_pool.hpp>

#include "node/facade.hpp"
#include "node/incoming_file.hpp"
#include "storage/directory.hpp"

namespace essaim::node {

// Where it goes, in the download folder.
inline constexpr std::string_view kDropsFolder = "Shared from the page";
inline constexpr std::size_t kDropsMax = 16;

// A drop is one file, or one folder with what is in it. It grows under a name that nobody lists, and gets its own
// name, or the next that is free, when all of it is there. What a stop or a crash interrupts is removed, since only
// whoever has the files can hand them in again. Belongs to the control thread; the disk is used on a thread of its own.
class Drops {
 public:
  struct Parts {
    std::string dest;  // absolute: the download folder
    std::function<Answer<ShareView>(ShareRequest)> share;
  };
  explicit Drops(Parts parts) : parts_(std::move(parts)) {}
  Drops(const Drops&) = delete;
  Drops& operator=(const Drops&) = delete;
  ~Drops() { stop(); }

  // A new one: its id. kRefused while there are kDropsMax.
  [[nodiscard]] Answer<std::string> begin();
  // One of its files. kRefused where it has one of that path, or the disk has no room.
  [[nodiscard]] Answer<std::shared_ptr<IncomingFile>> add(DropFileRequest request);
  // It is whole: shares it. kUsage where there is nothing in it, or more than one thing at its top.
  [[nodiscard]] Answer<ShareView> share(std::string id, std::string audience);
  [[nodiscard]] Answer<void> discard(std::string id);
  // Removes what is not whole.
  void stop();

 private:
  struct Drop;
  class File;

  [[nodiscard]] Expected<std::shared_ptr<Drop>, Failure> find(const std::string& id) const;

  Parts parts_;
  std::map<std::string, std::shared_ptr<Drop>> drops_;
  std::uint64_t last_id_ = 0;
  bool tidied_ = false;
  boost::asio::thread_pool disk_{1};
};

}  // namespace essaim::node
