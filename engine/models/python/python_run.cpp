// SPDX-License-Identifier: GPL-3.0-or-later
// Stopping needs no help from Python: everything it recorded lies in shared memory, so the whole
// process group is killed, and the tasks that had not ended are marked as cancelled here.
#include "engine/models/python/python_run.h"

#include "engine/models/parameters.h"
#include "engine/models/python/interpreter.h"
#include "engine/models/python/program_text.h"
#include "engine/models/python/python_block.h"
#include "engine/models/python/python_process.h"
#include "engine/models/python/python_watch.h"
#include "engine/models/sync/futex.h"
#include "engine/python/driver/driver_files.h"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <functional>
#include <optional>
#include <stop_token>
#include <sys/eventfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace interleave::models {

namespace fs = std::filesystem;

namespace {

constexpr Nanoseconds kLookPeriodNs = 25'000'000;
constexpr Nanoseconds kLongestAnswerNs = 20'000'000'000;
constexpr Nanoseconds kLongestStartNs = 60'000'000'000; // calibration on a busy machine included
// After its last task Python ends its threads, pools and processes; that may take a while.
constexpr Nanoseconds kGraceAtTheEndNs = 5'000'000'000;
constexpr Nanoseconds kGraceOfOthersNs = 500'000'000;
// Exit codes of the driver: its library can't be imported; its last line says what is wrong.
constexpr int kNoPackage = 69;
constexpr int kNoBroker = 75;
constexpr std::size_t kMostComplaints = 20;
constexpr std::string_view kComplaint = "interleave: ";

/// The run's own temporary folder: also the program's, for what multiprocessing leaves there.
class ScratchFolder {
public:
    static Result<ScratchFolder> make() {
        std::error_code error;
        std::string pattern = (fs::temp_directory_path(error) / "interleave-py-XXXXXX").string();
        if (error || ::mkdtemp(pattern.data()) == nullptr) {
            return fail(fmt::format("No temporary folder can be made ({}); set TMPDIR to a folder "
                                    "that can be written to.",
                                    error ? error.message() : std::strerror(errno)),
                        ErrorKind::MissingPart);
        }
        return ScratchFolder(pattern);
    }
    ScratchFolder(ScratchFolder&& other) noexcept
        : m_path(std::exchange(other.m_path, fs::path())) {}
    ScratchFolder& operator=(ScratchFolder&&) = delete;
    ~ScratchFolder() {
        if (!m_path.empty()) {
            std::error_code ignored;
            fs::remove_all(m_path, ignored);
        }
    }
    const fs::path& path() const { return m_path; }

private:
    explicit ScratchFolder(fs::path path)
        : m_path(std::move(path)) {}
    fs::path m_path;
};

Result<void> writeFile(const fs::path& path, std::string_view text) {
    std::error_code ignored;
    fs::create_directories(path.parent_path(), ignored);
    std::ofstream stream(path, std::ios::binary);
    stream << text;
    if (!stream.flush()) {
        return fail(fmt::format("{} can't be written; is the disk full?", path.string()),
                    ErrorKind::MissingPart);
    }
    return {};
}

/// Readable from the moment on at which the run is to stop.
class StopFd {
public:
    explicit StopFd(const std::stop_token& token)
        : m_fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
        , m_ring(std::in_place, token, [fd = m_fd] {
            const std::uint64_t one = 1;
            [[maybe_unused]] const auto written = ::write(fd, &one, sizeof one);
        }) {}
    StopFd(const StopFd&) = delete;
    StopFd& operator=(const StopFd&) = delete;
    ~StopFd() {
        m_ring.reset();
        ::close(m_fd);
    }
    int fd() const { return m_fd; }

private:
    int m_fd;
    std::optional<std::stop_callback<std::function<void()>>> m_ring;
};

/// A script that chooses an interpreter (pyenv's, a wrapper of somebody's own) is asked for it
/// beforehand, unrecorded: its shells are no part of the run.
fs::path behindScript(const fs::path& python, const fs::path& scratch, int stopFd) {
    std::array<char, 2> head{};
    std::ifstream(python, std::ios::binary).read(head.data(), head.size());
    if (head != std::array{'#', '!'}) {
        return python;
    }
    const fs::path output = scratch / "interpreter";
    auto process = PythonProcess::start(
        {python, {"-I", "-c", "import sys; sys.stdout.write(sys.executable)"}, {}, output});
    if (!process || !process->wait(kLongestAnswerNs, stopFd)) {
        return python;
    }
    std::string answer;
    std::getline(std::ifstream(output), answer);
    std::error_code ignored;
    return fs::path(answer).is_absolute() && fs::is_regular_file(answer, ignored) ? fs::path(answer)
                                                                                  : python;
}

class PythonRun {
public:
    PythonRun(const RunContext& context, const PythonRequest& request, const PythonBlock& block,
              PythonProcess& process, fs::path output)
        : m_context(context)
        , m_request(request)
        , m_block(block)
        , m_process(process)
        , m_watch(context.program, block, request.workersAtOnce,
                  [&process] { return process.isAsleep(); })
        , m_output(std::move(output)) {}

    Result<RunOutcome> run() {
        follow();
        m_process.end(m_isEndedByUs ? 0 : kGraceOfOthersNs);
        const std::vector<TaskId> unended = m_watch.unended();
        for (const TaskId task : unended) {
            m_context.control.state(task, State::Cancelled);
        }
        readOutput();
        if (!m_context.stop.stop_requested()) {
            if (!m_block.isReady()) {
                return fail(whyNotReady(), ErrorKind::MissingPart);
            }
            if (m_outcome.deadlock.empty() && !m_block.haveAllEnded()) {
                return fail(fmt::format("The Python program {} with {} tasks to do. {}",
                                        howItEnded(), unended.size(), itSaid()));
            }
        }
        noteWhatIsMissing();
        return m_outcome;
    }

private:
    void follow() {
        const StopFd stop(m_context.stop);
        const Nanoseconds beganNs = monotonicNow();
        while (!m_process.wait(kLookPeriodNs, stop.fd())) {
            if (isToBeEnded(beganNs)) {
                m_isEndedByUs = true;
                return;
            }
        }
    }

    bool isToBeEnded(Nanoseconds beganNs) {
        if (m_context.stop.stop_requested()) {
            return true;
        }
        if (!m_block.isReady()) {
            return monotonicNow() - beganNs > kLongestStartNs;
        }
        if (auto deadlock = m_watch.look()) {
            m_outcome.deadlock = std::move(*deadlock);
            return true;
        }
        if (m_allEndedNs == 0 && m_block.haveAllEnded()) {
            m_allEndedNs = monotonicNow();
        }
        return m_allEndedNs != 0 && monotonicNow() - m_allEndedNs > kGraceAtTheEndNs;
    }

    void readOutput() {
        std::ifstream stream(m_output);
        std::size_t complaints = 0;
        for (std::string line; std::getline(stream, line);) {
            if (!line.starts_with(kComplaint)) {
                m_lastLine = line.empty() ? m_lastLine : withoutSecret(line);
            } else if (++complaints <= kMostComplaints) {
                m_context.session.diagnose("task-trouble", "warning", 1,
                                           withoutSecret(line.substr(kComplaint.size())));
            }
        }
    }

    /// A library may show the broker's URL, which may have a password.
    std::string withoutSecret(std::string line) const {
        const std::string& url = m_context.broker;
        const std::size_t begin = url.find("://");
        const std::size_t at = url.rfind('@');
        const std::size_t colon = begin == url.npos ? url.npos : url.find(':', begin + 3);
        if (at == url.npos || colon == url.npos || colon + 1 >= at) {
            return line;
        }
        const std::string secret = url.substr(colon + 1, at - colon - 1);
        for (std::size_t place = 0; (place = line.find(":" + secret, place)) != line.npos;) {
            line.replace(place + 1, secret.size(), "***");
        }
        return line;
    }

    void noteWhatIsMissing() {
        if (!m_block.isReady()) {
            return; // it was stopped before it began
        }
        if (!m_block.hasAgent()) {
            m_context.session.diagnose(
                "tasks-not-seen", "warning", 1,
                fmt::format("{} {} was executed but lets the recorder not in (CPython 3.8 and "
                            "later do): what its tasks did is not shown.",
                            m_block.isCPython() ? "CPython" : "This Python", m_block.version()));
        }
        m_context.session.diagnose("interpreter", "info", 1,
                                   fmt::format("Executed by {} {}.",
                                               m_block.isCPython() ? "CPython" : "a Python",
                                               m_block.version()));
    }

    std::string howItEnded() const {
        const int status = m_process.status().value_or(0);
        return WIFSIGNALED(status) ? fmt::format("was ended by signal {}", WTERMSIG(status))
                                   : fmt::format("ended with exit code {}", WEXITSTATUS(status));
    }
    std::string itSaid() const {
        return m_lastLine.empty() ? "It said nothing." : fmt::format("It said: {}", m_lastLine);
    }
    std::string whyNotReady() const {
        const std::string& python = textParameter(m_context.parameters, "python");
        const int status = m_process.status().value_or(0);
        if (!m_request.package.empty() && WIFEXITED(status) && WEXITSTATUS(status) == kNoPackage) {
            return fmt::format("{} has no {}; install it: {}, or name another Python with "
                               "--set python=PATH. {}",
                               python, m_request.package, m_request.install, itSaid());
        }
        if (WIFEXITED(status) && WEXITSTATUS(status) == kNoBroker) {
            return m_lastLine;
        }
        if (!m_request.package.empty() && !m_lastLine.empty()) {
            return fmt::format("{} {} before it began to execute the scenario. {}", python,
                               howItEnded(), itSaid());
        }
        return fmt::format(
            "--set python={}: it {} before it began to execute the scenario, so it "
            "is no Python of 3.6 or later that works. {}",
            python, m_isEndedByUs ? "had to be ended a minute after its start," : howItEnded(),
            itSaid());
    }

    const RunContext& m_context;
    const PythonRequest& m_request;
    const PythonBlock& m_block;
    PythonProcess& m_process;
    PythonWatch m_watch;
    fs::path m_output;
    std::string m_lastLine;
    bool m_isEndedByUs = false;
    Nanoseconds m_allEndedNs = 0; // 0: not yet
    RunOutcome m_outcome;
};

} // namespace

Result<RunOutcome> runInPython(const RunContext& context, const PythonRequest& request) {
    const auto python = findInterpreter(textParameter(context.parameters, "python"));
    if (!python) {
        return std::unexpected(python.error());
    }
    const auto agent = findAgentFor(context.programPath);
    if (!agent) {
        return std::unexpected(agent.error());
    }
    const auto scratch = ScratchFolder::make();
    if (!scratch) {
        return std::unexpected(scratch.error());
    }
    auto block = PythonBlock::create(context.program.tasks.size(), context.program.objects.size());
    if (!block) {
        return std::unexpected(block.error());
    }
    const fs::path driver = scratch->path() / "driver";
    for (const python::DriverFile& file : python::driverFiles()) {
        if (auto written = writeFile(driver / file.path, file.text); !written) {
            return std::unexpected(written.error());
        }
    }
    const fs::path program = scratch->path() / "program.json";
    const std::string text = programText(
        context.program, {request.model, context.workers, request.settings, context.loopback.port,
                          block->path(), context.firstExtraStep, request.library});
    if (auto written = writeFile(program, text); !written) {
        return std::unexpected(written.error());
    }
    const char* others = std::getenv("LD_PRELOAD");
    const std::string preload =
        others == nullptr ? agent->string() : fmt::format("{}:{}", agent->string(), others);
    fs::path interpreter;
    {
        const StopFd stop(context.stop);
        interpreter = behindScript(*python, scratch->path(), stop.fd());
    }
    auto process = PythonProcess::start({interpreter,
                                         {"-I", driver.string(), program.string()},
                                         {{"LD_PRELOAD", preload},
                                          {"INTERLEAVE_SESSION", context.session.folder().string()},
                                          {"INTERLEAVE_RECORD", "gil,calls,model"},
                                          {"INTERLEAVE_BROKER", context.broker},
                                          {"TMPDIR", scratch->path().string()}},
                                         scratch->path() / "output"});
    if (!process) {
        return std::unexpected(process.error());
    }
    return PythonRun(context, request, *block, *process, scratch->path() / "output").run();
}

} // namespace interleave::models
