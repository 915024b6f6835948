// What the program is connected to. The one file of this folder that asks the system.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace essaim::cli {

enum class StandardStream { kOutput, kError };

inline constexpr int kStandardInput = 0;  // POSIX
[[nodiscard]] bool is_terminal(StandardStream stream);

// Columns of the terminal behind standard error, now; kColumnsDefault where there is none.
inline constexpr std::size_t kColumnsDefault = 80;
[[nodiscard]] std::size_t terminal_columns();

// Another descriptor of the pipe behind standard output, that does not block; nothing where there is no pipe.
[[nodiscard]] std::optional<int> open_output_pipe();

// A line that a person types on the terminal of this process, which does not show it; without its end. Nothing where
// there is no terminal, at a signal, and for lines above kSecretBytesMax.
inline constexpr std::size_t kSecretBytesMax = 1024;
[[nodiscard]] std::optional<std::string> ask_secret(std::string_view prompt);

// A connection that the other side has closed is an error of the write, not the end of the process.
void ignore_broken_pipes();

}  // namespace essaim::cli
