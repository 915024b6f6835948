// The folder that holds a peer's identity, catalogue and settings.
#pragma once
#include <string>
#include <string_view>

#include "storage/directory.hpp"
#include "storage/file_handle.hpp"
#include "storage/storage_error.hpp"

namespace essaim::storage {

// What decides where the home is; an empty text means "not given". Who calls reads the environment.
struct HomeHints {
  std::string chosen;         // --home
  std::string essaim_home;    // $ESSAIM_HOME
  std::string xdg_data_home;  // $XDG_DATA_HOME; ignored unless absolute, as its specification asks
  std::string user_home;      // $HOME
};

// The first of: chosen, essaim_home, xdg_data_home/essaim, user_home/.local/share/essaim; empty where none is given.
[[nodiscard]] std::string resolve_home(const HomeHints& hints);

// Held while a node runs on a home; let go by its end, or by the process's.
class HomeLock {
 private:
  friend class Home;
  explicit HomeLock(FileHandle file) : file_(std::move(file)) {}
  FileHandle file_;
};

class Home {
 public:
  // Opens it, made with mode 0700 where it misses, with its `trees` folder. Does not lock it.
  [[nodiscard]] static Result<Home> open(const std::string& path);

  // kLocked, with the holder's pid, while another process (or another HomeLock of this one) holds it.
  [[nodiscard]] Result<HomeLock> lock() const;

  [[nodiscard]] const Directory& directory() const { return directory_; }
  [[nodiscard]] const Directory& trees() const { return trees_; }
  // Absolute, for those who need a path: SQLite, a socket's address, messages for people.
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string catalogue_path() const { return path_ + "/catalogue.db"; }
  [[nodiscard]] std::string control_socket_path() const { return path_ + "/node.sock"; }
  [[nodiscard]] std::string config_path() const { return path_ + "/config.toml"; }

 private:
  Home(std::string path, Directory directory, Directory trees)
      : path_(std::move(path)), directory_(std::move(directory)), trees_(std::move(trees)) {}

  std::string path_;
  Directory directory_;
  Directory trees_;
};

}  // namespace essaim::storage
