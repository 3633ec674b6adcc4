// SPDX-License-Identifier: GPL-3.0-or-later
// What a command turns out to be before it is started: where it lies, whether it is Python, and
// whether the agent can be loaded into it.
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <string>

namespace interleave::program {

struct Executable {
    enum class Kind {
        Python,   // CPython itself, a program that embeds it, or a script for it
        Launcher, // a script or a program that only starts others, such as a shell
        Native,   // any other program
    };
    std::filesystem::path path;
    Kind kind = Kind::Native;
    /// Why the agent can't be loaded into it, as the end of a sentence; empty: it can.
    std::string refusal;
};

/// Looks where a shell would. An error says why the command can't be started.
Result<Executable> findExecutable(const std::string& command);

} // namespace interleave::program
