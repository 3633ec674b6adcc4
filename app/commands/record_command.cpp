// SPDX-License-Identifier: GPL-3.0-or-later
// `record`: runs a program as without us, and saves what it did. Everything that this command says
// goes to stderr and begins with its name; its exit code is the program's.
#include "app/commands/commands.h"
#include "app/commands/save_run.h"
#include "app/exit_code.h"
#include "engine/program/launch.h"
#include "engine/program/program_recording.h"
#include "engine/storage/atomic_file.h"

#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace interleave::app {

namespace {

/// "script-2026-11-23-083110.ilv": after what people would call the program.
std::filesystem::path defaultOutput(const std::vector<std::string>& command) {
    std::string name = std::filesystem::path(command.front()).filename().string();
    if (name.starts_with("python")) {
        for (std::size_t i = 1; i < command.size(); ++i) {
            if (!command[i].starts_with('-')) {
                const bool isCode = command[i - 1] == "-c";
                name = isCode ? name : std::filesystem::path(command[i]).stem().string();
                break;
            }
        }
    }
    return fmt::format("{}-{:%Y-%m-%d-%H%M%S}.ilv", name, fmt::localtime(std::time(nullptr)));
}

} // namespace

int recordProgram(const RecordOptions& options) {
    if (options.command.empty()) {
        return report({"There is no command to record; write it after two dashes: "
                       "interleave record -- python3 script.py"});
    }
    const bool isKept = !options.output.empty() || options.session.empty();
    const std::filesystem::path output = options.output.empty()
                                             ? defaultOutput(options.command)
                                             : std::filesystem::path(options.output);
    if (isKept) {
        if (const auto file = storage::AtomicFile::create(output); !file) {
            return report(file.error());
        }
    }
    program::ProgramRequest request{
        .command = options.command,
        .interleave = std::filesystem::read_symlink("/proc/self/exe"),
        .sessionFolder = options.session,
        .recordsGil = options.recordsGil,
        .seesLocks = options.seesLocks,
    };
    if (options.seconds) {
        request.duration = std::chrono::duration_cast<std::chrono::nanoseconds>(
            std::chrono::duration<double>(*options.seconds));
    }
    if (options.limitMb) {
        request.limitBytes = *options.limitMb << 20;
    }
    // The folder of the program may have changed or gone by the time the recording is saved.
    const std::filesystem::path place = std::filesystem::absolute(output);
    const auto ended = program::recordProgram(request, [&](const auto& recording) {
        if (!recording) {
            report(recording.error());
            return;
        }
        if (!options.isQuiet) {
            printNotices(**recording);
        }
        if (!isKept) {
            return;
        }
        if (const auto saved = saveRun(**recording, place); !saved) {
            report(saved.error());
        } else if (options.output.empty() && !options.isQuiet) {
            std::fprintf(stderr, "interleave: The recording is in %s.\n", output.c_str());
        }
    });
    return ended ? program::exitAs(*ended) : report(ended.error());
}

} // namespace interleave::app
