// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/lesson_runner.h"

#include "app/commands/save_run.h"
#include "engine/program/program_recording.h"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sys/wait.h>
#include <unistd.h>

namespace interleave::app {

namespace {

using lesson::LessonRun;
using lesson::RunResult;

/// While it lives, what goes to stdout goes to stderr.
class StdoutToStderr {
public:
    explicit StdoutToStderr(bool isWanted) {
        if (isWanted) {
            std::fflush(stdout);
            m_stdout = ::dup(STDOUT_FILENO);
            ::dup2(STDERR_FILENO, STDOUT_FILENO);
        }
    }
    StdoutToStderr(const StdoutToStderr&) = delete;
    StdoutToStderr& operator=(const StdoutToStderr&) = delete;
    ~StdoutToStderr() {
        if (m_stdout >= 0) {
            ::dup2(m_stdout, STDOUT_FILENO);
            ::close(m_stdout);
        }
    }

private:
    int m_stdout = -1;
};

std::filesystem::path thisProgram() {
    return std::filesystem::read_symlink("/proc/self/exe");
}

Result<RunResult> runProgram(const LessonRun& run, bool keepsStdout) {
    std::fflush(stdout); // its lines come after ours
    const StdoutToStderr redirection(keepsStdout);
    const program::ProgramRequest request{.command = {"python3", run.program.string()},
                                          .interleave = thisProgram()};
    Result<std::shared_ptr<const recording::Recording>> recording =
        fail("The program left no recording.");
    const auto status =
        program::recordProgram(request, [&](const auto& recorded) { recording = recorded; });
    if (!status || !recording) {
        return std::unexpected(status ? recording.error() : status.error());
    }
    RunResult result{*recording, std::nullopt};
    if (WIFEXITED(*status)) {
        result.exitCode = WEXITSTATUS(*status);
    }
    return result;
}

Result<RunResult> runScenarioOf(const LessonRun& run, const LessonRunOptions& options,
                                std::stop_token stop) {
    run::RunRequest request = lesson::requestOf(run);
    request.programPath = thisProgram().string();
    if (!options.broker.empty()) {
        request.broker = options.broker;
    } else if (const char* const known = std::getenv("INTERLEAVE_BROKER")) {
        request.broker = known;
    }
    auto recording = run::execute(request, std::move(stop));
    if (!recording) {
        return std::unexpected(recording.error());
    }
    return RunResult{std::move(*recording), std::nullopt};
}

} // namespace

Result<std::vector<RunResult>> runAll(const lesson::Lesson& lesson, const LessonRunOptions& options,
                                      std::stop_token stop) {
    std::vector<RunResult> results;
    for (const LessonRun& run : lesson.runs) {
        if (stop.stop_requested()) {
            break;
        }
        auto result = run.programName.empty() ? runScenarioOf(run, options, stop)
                                              : runProgram(run, options.keepsStdout);
        if (!result) {
            return std::unexpected(result.error());
        }
        results.push_back(std::move(*result));
    }
    return results;
}

} // namespace interleave::app
