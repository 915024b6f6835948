// Where a command's words go: results to standard output, everything else to standard error.
#pragma once
#include <cstddef>
#include <functional>
#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "cli/exit_code.hpp"
#include "node/views.hpp"

namespace essaim::cli {

enum class Form { kText, kJson };
enum class Verbosity { kNormal, kQuiet };
enum class Colour { kNone, kGreen, kYellow, kRed };

// {"event": NAME, …}: `document` as one object of a stream.
[[nodiscard]] boost::json::object event_document(std::string_view name, const boost::json::object& document);

class Output {
 public:
  struct Screen {
    std::ostream& out;
    std::ostream& err;
    bool out_is_terminal = false;
    bool err_is_terminal = false;
    bool colours = false;  // wanted, where there is a terminal
    std::function<std::size_t()> columns;
    // A descriptor of its own of the pipe behind `out`, that does not block; nothing where there is no pipe.
    std::function<std::optional<int>()> open_out_pipe{};
    // What a person types after the prompt, unseen; nothing where there is no terminal, or it was interrupted.
    std::function<std::optional<std::string>(std::string_view prompt)> ask_secret{};
  };
  Output(Screen screen, Form form, Verbosity verbosity)
      : screen_(std::move(screen)), form_(form), verbosity_(verbosity) {}

  [[nodiscard]] bool json() const { return form_ == Form::kJson; }
  [[nodiscard]] bool quiet() const { return verbosity_ == Verbosity::kQuiet; }
  // Whether a line on standard error can be drawn over.
  [[nodiscard]] bool can_draw() const { return screen_.err_is_terminal && !json() && !quiet(); }
  // Whether a whole page on standard output can.
  [[nodiscard]] bool can_draw_page() const { return screen_.out_is_terminal && !json(); }

  // A result, as text; nothing with --json. `text` ends its own lines, and has been through printable().
  void print(std::string_view text);
  // A result, as one line of JSON; nothing without --json.
  void print_json(const boost::json::value& document);
  // What a person likes to know and no script needs; nothing with --quiet or --json. One line.
  void note(std::string_view line);
  // Draws `line` over the one drawn before, on standard error; the empty line leaves nothing of it.
  void draw(std::string_view line);
  // Draws a whole page over the one before, on standard output.
  void draw_page(std::string_view page);
  // What went wrong; answers how the command ends.
  ExitCode complain(const node::Failure& failure);

  [[nodiscard]] const Screen& screen() const { return screen_; }
  [[nodiscard]] std::size_t columns() const { return screen_.columns(); }
  // The text in a colour where standard output shows colours.
  [[nodiscard]] std::string coloured(std::string_view text, Colour colour) const;

 private:
  Screen screen_;
  Form form_;
  Verbosity verbosity_;
  bool drawn_ = false;
};

}  // namespace essaim::cli
