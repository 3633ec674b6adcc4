// SPDX-License-Identifier: GPL-3.0-or-later
// Expected failures are values. Error::message is a whole sentence that a user can act on:
// what went wrong, where, what to do.
#pragma once

#include <expected>
#include <string>
#include <utility>

namespace interleave {

enum class ErrorKind {
    BadInput,    // wrong use or bad input: exit code 2
    MissingPart, // a part of the system is missing or refused: exit code 3
};

struct Error {
    std::string message;
    ErrorKind kind = ErrorKind::BadInput;
};

template <class T>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(std::string message, ErrorKind kind = ErrorKind::BadInput) {
    return std::unexpected(Error{std::move(message), kind});
}

} // namespace interleave
