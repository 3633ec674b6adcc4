// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/scenario/resources.h"

#include <cstdlib>
#include <fmt/format.h>
#include <system_error>

namespace interleave::scenario {

namespace fs = std::filesystem;

namespace {

bool hasScenarios(const fs::path& folder) {
    std::error_code ignored;
    return fs::is_directory(folder / "scenarios", ignored);
}

} // namespace

Result<fs::path> resourceFolder() {
    if (const char* given = std::getenv("INTERLEAVE_RESOURCES");
        given != nullptr && *given != '\0') {
        if (hasScenarios(given)) {
            return fs::path(given);
        }
        return fail(
            fmt::format("INTERLEAVE_RESOURCES is {}, which has no folder \"scenarios\": set "
                        "it to the program's resource folder or unset it.",
                        given),
            ErrorKind::MissingPart);
    }
    if (const fs::path source = INTERLEAVE_SOURCE_RESOURCES; hasScenarios(source)) {
        return source;
    }
    std::error_code unreadable;
    const fs::path program = fs::read_symlink("/proc/self/exe", unreadable);
    const fs::path installed = program.parent_path().parent_path() / "share" / "interleave";
    if (!unreadable && hasScenarios(installed)) {
        return installed;
    }
    return fail(fmt::format("The program's resource folder is missing (looked for {}): install the "
                            "program again or set INTERLEAVE_RESOURCES.",
                            installed.string()),
                ErrorKind::MissingPart);
}

} // namespace interleave::scenario
