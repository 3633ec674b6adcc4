// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/program/program_recording.h"

#include "engine/collector/collector.h"
#include "engine/collector/manifest.h"
#include "engine/collector/session_diagnostics.h"
#include "engine/program/agent_library.h"
#include "engine/program/command_text.h"
#include "engine/program/executable.h"
#include "engine/program/launch.h"
#include "engine/record/observer.h"
#include "engine/record/segment.h"
#include "engine/record/session.h"
#include "engine/run/run_facts.h"
#include "engine/run/session_folder.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <fmt/format.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

namespace interleave::program {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t kLargestDefault = std::uint64_t{2} << 30;
constexpr std::int64_t kAgentPiece = 256 << 10; // what an agent asks for at once
constexpr std::chrono::milliseconds kLook{100}; // how often the limits are looked at

/// LD_PRELOAD's list is divided by spaces and colons, so an agent in a folder with such a name is
/// reached through a link in the session's folder, or not at all.
Result<fs::path> loadablePath(const fs::path& agent, const fs::path& session) {
    const auto isLoadable = [](const fs::path& path) {
        return path.string().find_first_of(" :$") == std::string::npos;
    };
    if (isLoadable(agent)) {
        return agent;
    }
    const fs::path link = session / agent.filename();
    std::error_code error;
    fs::create_symlink(agent, link, error);
    if (error || !isLoadable(link)) {
        return fail(fmt::format("{}: a library can't be loaded from a folder with a space, a colon "
                                "or a dollar sign in its name; install Interleave elsewhere.",
                                agent.string()),
                    ErrorKind::MissingPart);
    }
    return link;
}

/// What is loaded already stays first: a sanitizer insists on it. An agent of another recording
/// that this one runs in gives way.
std::string preloadList(const fs::path& agent) {
    std::string list;
    std::string_view rest = "";
    if (const char* value = std::getenv("LD_PRELOAD")) {
        rest = value;
    }
    while (!rest.empty()) {
        const std::string_view entry = rest.substr(0, rest.find_first_of(" :"));
        if (!entry.empty() && entry.find("libinterleave-agent") == std::string_view::npos) {
            list += fmt::format("{}:", entry);
        }
        rest.remove_prefix(std::min(rest.size(), entry.size() + 1));
    }
    return list + agent.string();
}

std::uint64_t limitOf(const ProgramRequest& request, const fs::path& session) {
    if (request.limitBytes) {
        return *request.limitBytes;
    }
    struct statvfs status {};
    if (::statvfs(session.parent_path().c_str(), &status) != 0) {
        return kLargestDefault;
    }
    return std::min(kLargestDefault, std::uint64_t{status.f_bavail} * status.f_frsize / 2);
}

collector::Manifest manifestOf(const ProgramRequest& request, const Executable& executable) {
    collector::Manifest manifest;
    manifest.info = run::factsOfNow();
    manifest.info.scenario = commandText(request.command);
    manifest.info.model = executable.kind == Executable::Kind::Python ? collector::kPythonModel
                                                                      : collector::kProgramModel;
    std::error_code ignored;
    manifest.info.about =
        fmt::format("{}, in {}", executable.path.string(), fs::current_path(ignored).string());
    if (request.duration) {
        manifest.info.parameters.emplace_back(
            "duration",
            fmt::format("{} s", std::chrono::duration<double>(*request.duration).count()));
    }
    return manifest;
}

/// One recording under way.
class Session {
public:
    Session(record::SessionWriter writer, std::uint64_t limitBytes)
        : m_writer(std::move(writer))
        , m_limitBytes(limitBytes) {}

    record::SessionWriter& writer() { return m_writer; }

    Result<void> observe(pid_t process) {
        auto observer = record::Observer::start(m_writer, {.process = process});
        if (!observer) {
            return std::unexpected(observer.error());
        }
        m_observer.emplace(std::move(*observer));
        return {};
    }

    /// What agents and we have taken is more than was allowed.
    bool isFull() const {
        const std::int64_t left = m_writer.segment()->agentBudgetLeft();
        return left - kAgentPiece <= static_cast<std::int64_t>(m_writer.segment()->usedBytes());
    }

    void end(std::optional<int> status) {
        m_observer->stop();
        const auto& survivors = m_observer->survivors();
        if (status) {
            sayHowItEnded(*status);
            if (!survivors.empty()) {
                m_writer.diagnose(collector::kProcessesWentOn, "info", survivors.size(),
                                  fmt::format("The recording ends with the program; {} that it "
                                              "started went on.",
                                              survivors.size() == 1
                                                  ? std::string("a process")
                                                  : fmt::format("{} processes", survivors.size())));
            }
        }
        m_writer.finish();
    }

    Result<std::shared_ptr<const recording::Recording>> collect() {
        auto collector = collector::Collector::open(m_writer.folder());
        if (!collector) {
            return std::unexpected(collector.error());
        }
        collector->poll();
        return collector->snapshot();
    }

    void sayFull() {
        m_writer.diagnose(
            collector::kEndedForRoom, "data-loss", 1,
            fmt::format("The recording ends where its events had taken {} MB; the program went "
                        "on. Give it more room with --limit.",
                        m_limitBytes >> 20));
    }
    void sayTimeIsUp(std::chrono::nanoseconds duration) {
        m_writer.diagnose(
            collector::kEndedInTime, "info", 1,
            fmt::format("The recording ends after {} s, as asked; the program went on.",
                        std::chrono::duration<double>(duration).count()));
    }

private:
    void sayHowItEnded(int status) {
        if (WIFSIGNALED(status)) {
            m_writer.diagnose("exit", "info", 1,
                              fmt::format("The program was ended by signal {} ({}).",
                                          WTERMSIG(status), ::strsignal(WTERMSIG(status))));
        } else {
            m_writer.diagnose(
                "exit", "info", 1,
                fmt::format("The program ended with exit code {}.", WEXITSTATUS(status)));
        }
    }

    record::SessionWriter m_writer;
    std::uint64_t m_limitBytes;
    std::optional<record::Observer> m_observer;
};

/// Waits until the program has ended, the time is up or the room is used; the status if it ended.
std::optional<int> waitWhileRecording(LaunchedProgram& launched, Session& session,
                                      const ProgramRequest& request) {
    const Clock::time_point begin = Clock::now();
    for (;;) {
        std::chrono::milliseconds wait = kLook;
        if (request.duration) {
            const auto left = *request.duration - (Clock::now() - begin);
            if (left.count() <= 0) {
                session.sayTimeIsUp(*request.duration);
                return std::nullopt;
            }
            wait = std::min(wait, std::chrono::ceil<std::chrono::milliseconds>(left));
        }
        if (const auto status = launched.wait(wait)) {
            return status;
        }
        if (session.isFull()) {
            session.sayFull();
            return std::nullopt;
        }
    }
}

/// False where all that is to come is Python: with an interpreter lock no others of C are recorded,
/// and the library that looks for them makes every mutex a little slower. A shell or the like that
/// doesn't speak of Python may start any program.
bool mayHaveOwnLocks(const ProgramRequest& request, const Executable& executable) {
    if (request.seesLocks || executable.kind == Executable::Kind::Native) {
        return true;
    }
    return executable.kind == Executable::Kind::Launcher &&
           std::ranges::none_of(request.command, [](const std::string& word) {
               return word.find("python") != std::string::npos;
           });
}

} // namespace

Result<int> recordProgram(const ProgramRequest& request, const Recorded& recorded) {
    const auto executable = findExecutable(request.command.front());
    if (!executable) {
        return std::unexpected(executable.error());
    }
    const auto agent = findAgent(request.interleave, mayHaveOwnLocks(request, *executable));
    if (!agent) {
        return std::unexpected(agent.error());
    }
    std::error_code ignored;
    const auto folder = run::SessionFolder::make(
        request.sessionFolder.empty() ? fs::path() : fs::absolute(request.sessionFolder, ignored));
    if (!folder) {
        return std::unexpected(folder.error());
    }
    const std::uint64_t limit = limitOf(request, folder->path());
    auto writer = record::SessionWriter::create(
        folder->path(), {.agentBudgetBytes = static_cast<std::int64_t>(limit)});
    if (!writer) {
        return std::unexpected(writer.error());
    }
    const collector::Manifest manifest = manifestOf(request, *executable);
    if (auto written = writer->writeManifest(collector::toJson(manifest)); !written) {
        return std::unexpected(written.error());
    }
    Session session(std::move(*writer), limit);

    Launch launch{executable->path, request.command, {}};
    if (executable->refusal.empty()) {
        const auto path = loadablePath(*agent, folder->path());
        if (!path) {
            return std::unexpected(path.error());
        }
        launch.variables = {
            {"LD_PRELOAD", preloadList(*path)},
            {"INTERLEAVE_SESSION", folder->path().string()},
            {"INTERLEAVE_RECORD",
             request.recordsGil ? "gil,calls,locks,tasks" : "calls,locks,tasks"},
        };
    } else {
        session.writer().diagnose(
            "program-not-seen-into", "warning", 1,
            fmt::format("{} can't be looked into, because {}: only what the kernel says of it is "
                        "recorded.",
                        request.command.front(), executable->refusal));
    }
    auto launched = LaunchedProgram::prepare(launch);
    if (!launched) {
        return std::unexpected(launched.error());
    }
    if (auto observed = session.observe(launched->pid()); !observed) {
        return std::unexpected(observed.error());
    }
    if (auto started = launched->start(); !started) {
        return std::unexpected(started.error());
    }
    std::optional<int> status = waitWhileRecording(*launched, session, request);
    session.end(status);
    recorded(session.collect());
    while (!status) {
        status = launched->wait(std::chrono::hours(1));
    }
    return *status;
}

} // namespace interleave::program
