// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/interpreter.h"

#include <algorithm>
#include <cstdlib>
#include <fmt/format.h>
#include <string_view>
#include <unistd.h>

namespace interleave::models {

namespace fs = std::filesystem;

namespace {

bool isExecutable(const fs::path& path) {
    std::error_code ignored;
    return fs::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

} // namespace

Result<fs::path> findInterpreter(const std::string& command) {
    constexpr const char* kInstall = "install one (apt-get install python3)";
    if (command.find('/') != std::string::npos) {
        if (isExecutable(command)) {
            return fs::absolute(command);
        }
        std::error_code ignored;
        const bool isThere = fs::exists(command, ignored);
        return fail(
            fmt::format(
                "--set python={}: {}; give the path of a Python interpreter, or {}.", command,
                isThere ? "that is no program that can be executed" : "there is no such file",
                kInstall),
            ErrorKind::MissingPart);
    }
    const char* variable = std::getenv("PATH");
    std::string_view places = variable != nullptr ? variable : "/usr/bin:/bin";
    while (!command.empty() && !places.empty()) {
        const std::size_t colon = std::min(places.find(':'), places.size());
        const fs::path place = colon == 0 ? fs::path(".") : fs::path(places.substr(0, colon));
        if (isExecutable(place / command)) {
            return fs::absolute(place / command);
        }
        places.remove_prefix(std::min(colon + 1, places.size()));
    }
    return fail(fmt::format("There is no Python interpreter called \"{}\" in PATH; {}, or name it "
                            "with --set python=PATH.",
                            command, kInstall),
                ErrorKind::MissingPart);
}

Result<fs::path> findAgentFor(const fs::path& program) {
    constexpr const char* kName = "libinterleave-agent.so";
    const fs::path folder = program.parent_path();
    const fs::path installed = folder.parent_path() / "lib" / "interleave";
    for (const fs::path& place : {folder, installed}) {
        std::error_code ignored;
        if (!program.empty() && fs::exists(place / kName, ignored)) {
            return place / kName;
        }
    }
    return fail(fmt::format("{} is missing, without which nothing of a Python program is seen: it "
                            "belongs into {} or {}. Install Interleave again, or build it "
                            "(packaging/run).",
                            kName, folder.string(), installed.string()),
                ErrorKind::MissingPart);
}

} // namespace interleave::models
