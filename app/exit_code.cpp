// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/exit_code.h"

#include <cstdio>

namespace interleave::app {

int report(const Error& error) {
    std::fprintf(stderr, "interleave: %s\n", error.message.c_str());
    return error.kind == ErrorKind::MissingPart ? kMissingPart : kBadInput;
}

} // namespace interleave::app
