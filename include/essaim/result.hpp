// What a call answers that can fail: a value, or a sentence that says why there is none.
#pragma once
#include <string>
#include <utility>
#include <variant>

namespace essaim {

// For people: what happened, and where possible what to do about it.
struct Error {
  std::string message;
};

// Result<>: nothing but whether it worked. The library throws no exceptions of its own.
template <class Value = std::monostate>
class [[nodiscard]] Result {
 public:
  Result() : state_(Value()) {}
  Result(Value value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  // Only where it worked.
  [[nodiscard]] Value& operator*() { return std::get<0>(state_); }
  [[nodiscard]] const Value& operator*() const { return std::get<0>(state_); }
  [[nodiscard]] Value* operator->() { return &std::get<0>(state_); }
  [[nodiscard]] const Value* operator->() const { return &std::get<0>(state_); }
  // Only where it did not.
  [[nodiscard]] const std::string& error() const { return std::get<1>(state_).message; }

 private:
  std::variant<Value, Error> state_;
};

}  // namespace essaim
