// Runs the program in this process, with its words, its streams and a fake node in a test's hands.
#pragma once
#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "api/client.hpp"
#include "cli/app.hpp"
#include "cli/fake_runner.hpp"
#include "support/temp_dir.hpp"

namespace essaim::test {

// A stream's text; when it first holds `interrupt_at`, somebody presses Ctrl-C.
class Heard final : public std::stringbuf {
 public:
  std::string interrupt_at;

 protected:
  int sync() override {
    if (!interrupt_at.empty() && str().find(interrupt_at) != std::string::npos) {
      interrupt_at.clear();
      std::raise(SIGINT);
    }
    return 0;
  }
};

class Program : public ::testing::Test {
 protected:
  cli::ExitCode run(std::vector<std::string> words) {
    words.insert(words.end(), {"--home", home});
    std::ostream out_stream(&out_buffer);
    std::ostream err_stream(&err_buffer);
    const cli::Output::Screen screen{out_stream, err_stream, false, terminal, false, [] { return std::size_t{80}; }};
    const cli::Surroundings surroundings{
        screen, runner, [](const std::string&) { return std::nullopt; }, folder.path().string(), {typed, std::nullopt}};
    return cli::run_program(words, surroundings);
  }
  // A node that runs already, as `essaim up` would have left one.
  void start_node(const Prepare& prepare) {
    std::filesystem::create_directories(home);
    running = std::make_unique<FakeNode>(api::socket_path_of(home), recording(prepare), std::function<void()>());
    ASSERT_TRUE(running->listening());
  }
  // Changes the running node; calls made later see the change.
  void change_running(std::function<void(FakeFacade&)> change) { running->on_its_thread(std::move(change)); }
  // What nodes the program starts by itself are like.
  void prepare_own(const Prepare& prepare) { runner.prepare = recording(prepare); }
  // Every question that a node was asked. Ends the running one, so that all have been heard.
  std::vector<std::string> asked() {
    running.reset();
    return record;
  }
  std::string out() const { return out_buffer.str(); }
  std::string err() const { return err_buffer.str(); }

  Prepare recording(const Prepare& prepare) {
    return [this, prepare](FakeFacade& facade) {
      facade.record = &record;
      prepare(facade);
    };
  }

  std::vector<std::string> record;  // before the nodes that write to it
  TempDir folder;
  std::string home = (folder.path() / "home").string();
  FakeRunner runner;
  std::unique_ptr<FakeNode> running;
  Heard out_buffer;
  Heard err_buffer;
  bool terminal = false;     // standard error
  std::istringstream typed;  // standard input
};

}  // namespace essaim::test
