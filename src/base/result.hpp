// Result<T>: a value, or an Error that says what went wrong, where, and what to do about it.
//
// For bad input and a bad world only. A broken invariant of our own is not an Error: it is SPY_ASSERT
// (assert.hpp).
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace spymaster {

enum class ErrorCode : std::uint8_t {
    usage,      // the caller asked for something that makes no sense: a bad flag, date or symbol
    missing,    // a file, partition or column that has to be there is not
    malformed,  // bytes that are not what they claim to be
    truncated,  // bytes that end too early; what came before is whole
    io,         // the operating system refused
    conflict,   // what is there already disagrees: another contract, an existing output
    internal,   // a library failed in a way that should not happen
};

struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string message;  // what, where (file, byte, record), what to do: one line, no trailing full stop

    // The same error with the place it was seen from in front: "reading ESH4: <message>".
    [[nodiscard]] Error within(std::string_view context) const {
        return {code, fmt::format("{}: {}", context, message)};
    }
};

template <class... Args>
[[nodiscard]] Error make_error(ErrorCode code, fmt::format_string<Args...> format, Args&&... args) {
    return {code, fmt::format(format, std::forward<Args>(args)...)};
}

template <class T>
class [[nodiscard]] Result {
  public:
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

    [[nodiscard]] bool ok() const { return state_.index() == 0; }
    explicit operator bool() const { return ok(); }

    // REQUIRES: ok()
    [[nodiscard]] T& value() & {
        SPY_ASSERT(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        SPY_ASSERT(ok());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] T&& value() && {
        SPY_ASSERT(ok());
        return std::move(*std::get_if<0>(&state_));
    }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    // REQUIRES: !ok()
    [[nodiscard]] const Error& error() const {
        SPY_ASSERT(!ok());
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
  public:
    Result() = default;
    Result(Error error) : error_(std::move(error)) {}

    [[nodiscard]] bool ok() const { return !error_; }
    explicit operator bool() const { return ok(); }
    // REQUIRES: !ok()
    [[nodiscard]] const Error& error() const {
        SPY_ASSERT(!ok());
        return *error_;
    }

  private:
    std::optional<Error> error_;
};

}  // namespace spymaster

#define SPY_CONCAT_INNER(a, b) a##b
#define SPY_CONCAT(a, b) SPY_CONCAT_INNER(a, b)

#define SPY_TRY_IMPL(result, expression)                                     \
    do {                                                                     \
        if (auto result = (expression); !result.ok()) return result.error(); \
    } while (false)
// Leaves the enclosing function with the error, if there is one.
#define SPY_TRY(expression) SPY_TRY_IMPL(SPY_CONCAT(spy_try_, __LINE__), expression)

#define SPY_ASSIGN_IMPL(temporary, declaration, expression) \
    auto temporary = (expression);                          \
    if (!temporary.ok()) return temporary.error();          \
    declaration = std::move(temporary).value()
// SPY_ASSIGN(auto file, open(path)); leaves the enclosing function with the error, or declares `file`.
#define SPY_ASSIGN(declaration, expression) \
    SPY_ASSIGN_IMPL(SPY_CONCAT(spy_result_, __LINE__), declaration, expression)
