// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/python/agent/process.h"

#include "engine/python/agent/emit.h"
#include "engine/python/agent/gil.h"
#include "engine/python/agent/next_function.h"
#include "engine/python/agent/own_segment.h"
#include "engine/python/agent/system_calls.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <pthread.h>

namespace interleave::agent {

using namespace record;

namespace {

enum class Phase : std::uint32_t {
    NotStarted,
    Starting,
    NoSession, // nothing is to be recorded
    Dormant,   // a session, but nothing worth a segment so far
    Opening,
    Open,
    Refused, // the segment can't be made, or the session is over
};

constexpr std::size_t kMaxForkHandlers = 16;
constexpr int kDestructorRounds = 4; // PTHREAD_DESTRUCTOR_ITERATIONS of glibc

struct Process {
    std::atomic<Phase> phase = Phase::NotStarted;
    char session[3072] = "";
    char runnerFile[64] = ""; // name of the runner's segment
    std::uint32_t parentPid = 0;
    std::uint32_t forkingTid = 0; // thread that forked this process; 0: it was executed
    pthread_key_t endKey = 0;
    std::atomic<bool> hasEndKey = false;
    void (*forkHandlers[kMaxForkHandlers])() = {};
    std::atomic<std::uint32_t> forkHandlerCount = 0;
};
constinit Process process;
constinit thread_local std::uint32_t forkingTid __attribute__((tls_model("initial-exec"))) = 0;

std::uint32_t readGroups(const char* list) {
    constexpr std::uint32_t model = static_cast<std::uint32_t>(Group::Model);
    constexpr std::uint32_t all =
        static_cast<std::uint32_t>(Group::Gil) | static_cast<std::uint32_t>(Group::Calls) |
        static_cast<std::uint32_t>(Group::Locks) | static_cast<std::uint32_t>(Group::Tasks);
    if (list == nullptr) {
        return all;
    }
    constexpr struct {
        std::string_view name;
        Group group;
    } names[] = {{"gil", Group::Gil},
                 {"calls", Group::Calls},
                 {"locks", Group::Locks},
                 {"tasks", Group::Tasks},
                 {"model", Group::Model}};
    std::uint32_t groups = 0;
    std::string_view rest(list);
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(','), rest.size());
        for (const auto& [name, group] : names) {
            if (rest.substr(0, end) == name) {
                groups |= static_cast<std::uint32_t>(group);
            }
        }
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return groups == model ? all | model : groups; // "model" alone leaves nothing out
}

/// The session's file "runner" names the segment of the process that made it.
bool readRunnerFile() {
    char path[sizeof process.session + 16];
    std::snprintf(path, sizeof path, "%s/runner", process.session);
    const std::size_t length = readFile(path, process.runnerFile, sizeof process.runnerFile - 1);
    process.runnerFile[length] = 0;
    return length > 0 && std::strchr(process.runnerFile, '/') == nullptr;
}

SegmentHeader* mapRunner() {
    char path[sizeof process.session + sizeof process.runnerFile + 2];
    std::snprintf(path, sizeof path, "%s/%s", process.session, process.runnerFile);
    const int fd = openFile(path, O_RDWR);
    if (fd < 0) {
        return nullptr;
    }
    SegmentHeader found{};
    const long got = syscall(SYS_pread64, fd, &found, sizeof found, 0);
    long address = -1;
    if (got == static_cast<long>(sizeof found) && found.magic == kSegmentMagic &&
        found.version == kSegmentVersion && found.isRunner != 0 && found.clock <= 1) {
        address = syscall(SYS_mmap, nullptr, kPageBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    }
    closeFile(fd);
    return address == -1 ? nullptr : reinterpret_cast<SegmentHeader*>(address);
}

/// Name, what it runs, thread that forked it.
void nameProcess(const char* name) {
    char text[2048];
    std::size_t at = strnlen(name, kNameBytes);
    std::memcpy(text, name, at);
    text[at++] = 0;
    const std::size_t room = sizeof text - at - 16;
    std::size_t length = readFile("/proc/self/cmdline", text + at, room);
    while (length > 0 && text[at + length - 1] == 0) {
        --length;
    }
    std::replace(text + at, text + at + length, '\0', ' ');
    at += length;
    text[at++] = 0;
    if (process.forkingTid != 0) {
        at += static_cast<std::size_t>(
            std::snprintf(text + at, sizeof text - at, "%u", process.forkingTid));
    }
    emitText(EventKind::ProcessNamed, process.parentPid, text, at);
}

void commandName(char (&name)[kNameBytes]) {
    std::size_t length = readFile("/proc/self/comm", name, kNameBytes - 1);
    while (length > 0 && name[length - 1] == '\n') {
        --length;
    }
    name[length] = 0;
}

bool open() {
    if (recorder.runner == nullptr) {
        recorder.runner = mapRunner();
    }
    if (recorder.runner == nullptr) {
        return false;
    }
    const SegmentHeader& runner = *recorder.runner;
    if (std::atomic_ref(const_cast<std::uint32_t&>(runner.isEnabled)).load() == 0 ||
        std::atomic_ref(const_cast<std::uint32_t&>(runner.isFinished)).load() != 0) {
        return false;
    }
    char name[kNameBytes];
    commandName(name);
    recorder.pid = currentPid();
    const bool isModel = (recorder.groups & static_cast<std::uint32_t>(Group::Model)) != 0;
    if (!openSegment(process.session, recorder.pid, runner,
                     isModel ? WriterKind::AgentOfModel : WriterKind::Agent, name)) {
        return false;
    }
    recorder.clock = static_cast<ClockKind>(runner.clock);
    recorder.originTicks = recorder.clock == ClockKind::Tsc
                               ? runner.originTicks
                               : static_cast<std::uint64_t>(runner.originNs);
    recorder.isOpen.store(true, std::memory_order_release);
    openThreadStream();
    nameProcess(name);
    reportOldPython();
    return true;
}

void onThreadEnd(void*) {
    // Events may come from the destructors of later rounds, so the end is told in the last.
    if (++stream.endRounds < kDestructorRounds) {
        pthread_setspecific(process.endKey, &stream);
    } else {
        endThreadStream();
    }
}

void endProcess() {
    if (!recorder.isOpen.load(std::memory_order_acquire)) {
        return;
    }
    const ErrnoGuard keep;
    if (currentPid() != recorder.pid) {
        return; // a child of vfork in its parent's memory
    }
    reportMissingGil();
    endThreadStream();
    if (recorder.openStreams.load(std::memory_order_relaxed) == 0) {
        closeSegment();
    }
}

void beforeFork() {
    forkingTid = currentTid();
}

void inForkedChild() {
    process.parentPid = recorder.pid != 0 ? recorder.pid : static_cast<std::uint32_t>(getppid());
    process.forkingTid = forkingTid;
    recorder.isOpen.store(false, std::memory_order_relaxed);
    recorder.pid = 0;
    recorder.tasks.store(0, std::memory_order_relaxed);
    recorder.objects.store(0, std::memory_order_relaxed);
    recorder.steps.store(0, std::memory_order_relaxed);
    recorder.messages.store(0, std::memory_order_relaxed);
    recorder.openStreams.store(0, std::memory_order_relaxed);
    leaveSegment();
    const bool isArmed = stream.isArmed;
    stream = Stream{};
    stream.isArmed = isArmed; // the key's value came along
    if (process.phase.load(std::memory_order_relaxed) != Phase::NoSession) {
        process.phase.store(Phase::Dormant, std::memory_order_relaxed);
    }
    const std::uint32_t handlers = process.forkHandlerCount.load(std::memory_order_acquire);
    for (std::uint32_t i = 0; i < std::min<std::size_t>(handlers, kMaxForkHandlers); ++i) {
        if (process.forkHandlers[i] != nullptr) {
            process.forkHandlers[i]();
        }
    }
}

bool startedByTheRunner() {
    return static_cast<std::uint32_t>(std::strtoul(process.runnerFile, nullptr, 10)) ==
           process.parentPid;
}

[[gnu::constructor]] void constructor() {
    startAgent();
}

[[gnu::destructor]] void destructor() {
    endProcess();
}

constinit NextFunction<void(int)> nextExit{"_exit"};
constinit NextFunction<void(int)> nextExitC{"_Exit"};
constinit NextFunction<pid_t()> nextFork{"_Fork"};

} // namespace

void startAgent() {
    Phase expected = Phase::NotStarted;
    if (!process.phase.compare_exchange_strong(expected, Phase::Starting)) {
        return;
    }
    const ErrnoGuard keep;
    const char* const session = std::getenv("INTERLEAVE_SESSION");
    const std::size_t length = session == nullptr ? 0 : strnlen(session, sizeof process.session);
    if (length > 0 && session[0] == '/' && length < sizeof process.session) {
        std::memcpy(process.session, session, length + 1);
    }
    if (process.session[0] == 0 || !readRunnerFile()) {
        process.phase.store(Phase::NoSession, std::memory_order_release);
        return;
    }
    recorder.groups = readGroups(std::getenv("INTERLEAVE_RECORD"));
    process.parentPid = static_cast<std::uint32_t>(syscall(SYS_getppid));
    process.hasEndKey.store(pthread_key_create(&process.endKey, onThreadEnd) == 0,
                            std::memory_order_release);
    pthread_atfork(beforeFork, nullptr, inForkedChild);
    process.phase.store(Phase::Dormant, std::memory_order_release);
    if (startedByTheRunner() || dlsym(RTLD_DEFAULT, "Py_GetVersion") != nullptr) {
        recordThisProcess();
    }
}

bool recordThisProcess() {
    startAgent();
    Phase expected = Phase::Dormant;
    if (process.phase.compare_exchange_strong(expected, Phase::Opening)) {
        const ErrnoGuard keep;
        process.phase.store(open() ? Phase::Open : Phase::Refused, std::memory_order_release);
    }
    return isRecording();
}

bool hasSession() {
    return process.phase.load(std::memory_order_acquire) > Phase::NoSession;
}

void callInForkedChild(void (*handler)()) {
    const std::uint32_t index = process.forkHandlerCount.fetch_add(1, std::memory_order_acq_rel);
    if (index < kMaxForkHandlers) {
        process.forkHandlers[index] = handler;
    }
}

bool noticeThreadEnd() {
    if (!process.hasEndKey.load(std::memory_order_acquire)) {
        return false;
    }
    return pthread_setspecific(process.endKey, &stream) == 0;
}

INTERLEAVE_WRAPPER void _exit(int status) {
    endProcess();
    nextExit(status);
    __builtin_unreachable();
}

INTERLEAVE_WRAPPER void _Exit(int status) noexcept {
    endProcess();
    nextExitC(status);
    __builtin_unreachable();
}

/// fork() without its handlers.
INTERLEAVE_WRAPPER pid_t _Fork() noexcept {
    beforeFork();
    const pid_t pid = nextFork();
    if (pid == 0) {
        inForkedChild();
    }
    return pid;
}

} // namespace interleave::agent
