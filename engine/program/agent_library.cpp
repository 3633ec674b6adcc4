// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/program/agent_library.h"

#include <fmt/format.h>

namespace interleave::program {

Result<std::filesystem::path> findAgent(const std::filesystem::path& program, bool withLocks) {
    const char* name = withLocks ? "libinterleave-agent-locks.so" : "libinterleave-agent.so";
    const std::filesystem::path folder = program.parent_path();
    const std::filesystem::path installed = folder.parent_path() / "lib" / "interleave";
    for (const auto& place : {folder, installed}) {
        std::error_code ignored;
        if (std::filesystem::exists(place / name, ignored)) {
            return place / name;
        }
    }
    return fail(fmt::format("The recorder's library {} is missing: it belongs into {} or {}. "
                            "Install Interleave again, or build it (packaging/run).",
                            name, folder.string(), installed.string()),
                ErrorKind::MissingPart);
}

} // namespace interleave::program
