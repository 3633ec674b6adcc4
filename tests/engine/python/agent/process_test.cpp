// SPDX-License-Identifier: GPL-3.0-or-later
// Processes and threads of recorded programs, their strange ends and wants: the program behaves as
// without the agent, and what could be recorded is there.
#include "tests/engine/python/agent/gil_history.h"

#include <algorithm>
#include <fstream>
#include <sys/mount.h>
#include <thread>

namespace interleave::agent {

namespace {

ProgramRequest python(const std::string& source) {
    ProgramRequest request;
    request.command = {systemPython(), "-c", source};
    return request;
}

ProgramRequest plain(std::vector<std::string> arguments) {
    ProgramRequest request;
    request.command = std::move(arguments);
    request.command[0] = PROGRAM_BINARIES "/" + request.command[0];
    return request;
}

/// Many GIL events in little time.
constexpr const char* kManyEvents = R"(
import os, time
def many(n):
    reader, writer = os.pipe()
    for _ in range(n):
        os.write(writer, b'x')
        os.read(reader, 1)
    os.close(reader); os.close(writer)
)";

std::vector<EventKind> kindsOf(const ReadStream& stream) {
    std::vector<EventKind> kinds;
    for (const Event& event : stream.events) {
        kinds.push_back(event.kind());
    }
    return kinds;
}

/// The last stamp of a GIL event, on CLOCK_MONOTONIC.
std::int64_t lastGilEvent(const RecordedProgram& program, const RecordedProcess& process) {
    std::int64_t last = 0;
    for (const ReadStream& stream : process.streams) {
        for (const Event& event : stream.events) {
            if (event.kind() == EventKind::LockAcquired ||
                event.kind() == EventKind::LockReleased) {
                last = std::max(last, program.monotonicNs(stream, event.stamp()));
            }
        }
    }
    return last;
}

void expectWhole(const RecordedProgram& program) {
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    for (const RecordedProcess& process : program.processes) {
        EXPECT_EQ(process.droppedEvents, 0u);
        const GilHistory gil = gilHistory(program, process);
        EXPECT_EQ(gil.overlaps(), 0u);
        EXPECT_TRUE(gil.faults.empty()) << gil.faults[0];
        EXPECT_EQ(process.count(EventKind::LockFailed), 0u);
    }
}

} // namespace

// What is recorded.

TEST(AgentProcess, OnlyTheFirstOfSmallProgramsIsRecorded) {
    ProgramRequest request;
    request.command = {"/bin/sh", "-c", "/bin/true; /bin/true; /bin/ls / > /dev/null"};
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0);
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& shell = program.processes[0];
    EXPECT_EQ(shell.writer, record::WriterKind::Agent);
    ASSERT_EQ(shell.streams.size(), 1u);
    EXPECT_EQ(shell.streams[0].header.tid, shell.pid);
    ASSERT_EQ(shell.texts(EventKind::ProcessNamed).size(), 1u);
    EXPECT_EQ(shell.texts(EventKind::ProcessNamed)[0],
              "sh|/bin/sh -c /bin/true; /bin/true; /bin/ls / > /dev/null|");
    EXPECT_EQ(shell.streams[0].ofKind(EventKind::ProcessNamed)[0].a,
              static_cast<std::uint32_t>(getpid()));
}

TEST(AgentProcess, PythonIsRecordedWhereverItIs) {
    ProgramRequest request;
    request.command = {"/bin/sh", "-c", systemPython() + " -c 'print(6 * 7)'; exit 4"};
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 4);
    EXPECT_EQ(program.output, "42\n");
    ASSERT_EQ(program.processes.size(), 2u);
    expectWhole(program);
    EXPECT_TRUE(std::ranges::any_of(program.processes, [](const RecordedProcess& process) {
        return process.hasText(EventKind::ObjectNamed, "gil|GIL");
    }));
}

TEST(AgentProcess, APythonThatAProgramLoadsIsRecorded) {
    const std::string python = pyenvPython("3.11");
    const std::filesystem::path library =
        std::filesystem::path(python).parent_path().parent_path() / "lib" / "libpython3.11.so.1.0";
    if (python.empty() || !std::filesystem::exists(library)) {
        GTEST_SKIP() << "no shared library of Python 3.11 on this machine";
    }
    const RecordedProgram program =
        runRecorded(plain({"embedding_program", library.string(), "print(6 * 7)"}));
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_EQ(program.output, "42\n");
    ASSERT_EQ(program.processes.size(), 1u);
    expectWhole(program);
    EXPECT_TRUE(program.processes[0].hasText(EventKind::Noted, library.filename().string()));
    EXPECT_GT(program.processes[0].count(EventKind::LockAcquired), 10u);
}

TEST(AgentProcess, WithoutASessionNothingHappens) {
    ProgramRequest request = python("print('as ever')");
    request.environment["INTERLEAVE_SESSION"] = "";
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0);
    EXPECT_EQ(program.output, "as ever\n");
    EXPECT_EQ(program.errors, "");
    EXPECT_TRUE(program.processes.empty());
}

TEST(AgentProcess, RecordsOnlyTheGroupsThatAreAskedFor) {
    for (const bool withGil : {true, false}) {
        ProgramRequest request = python("import time; time.sleep(0.01)");
        request.environment["INTERLEAVE_RECORD"] = withGil ? "gil" : "none";
        const RecordedProgram program = runRecorded(request);
        EXPECT_EQ(program.exitCode(), 0);
        ASSERT_EQ(program.processes.size(), 1u);
        EXPECT_EQ(program.processes[0].hasText(EventKind::ObjectNamed, "gil|"), withGil);
        EXPECT_EQ(program.processes[0].count(EventKind::LockAcquired) > 0, withGil);
        EXPECT_EQ(program.processes[0].count(EventKind::CallBegan), 0u);
        EXPECT_EQ(program.processes[0].writer, record::WriterKind::Agent);
    }
    ProgramRequest request = python("pass");
    request.environment["INTERLEAVE_RECORD"] = "gil,model";
    const RecordedProgram program = runRecorded(request);
    ASSERT_EQ(program.processes.size(), 1u);
    EXPECT_EQ(program.processes[0].writer, record::WriterKind::AgentOfModel);
}

TEST(AgentProcess, StopsWhenTheSessionEndsAndTheProgramGoesOn) {
    ProgramRequest request = python(std::string(kManyEvents) + R"(
import sys
many(1000)
print('ready', flush=True)
sys.stdin.readline()
begin = time.monotonic_ns()
many(20000)
print(begin)
)");
    request.standardInput = "go on\n";
    request.whileItRuns = [](pid_t, record::SessionWriter& session) {
        // Its first thousand take a few ms; the rest begins with its input, which comes after.
        std::this_thread::sleep_for(std::chrono::milliseconds(300));
        session.finish();
    };
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_EQ(program.processes.size(), 1u);
    const std::int64_t begin = std::stoll(program.output.substr(program.output.find('\n') + 1));
    EXPECT_LT(lastGilEvent(program, program.processes[0]), begin + 1'000'000);
    expectWhole(program);
}

// How it may end.

class AgentEnd : public testing::TestWithParam<std::pair<const char*, int>> {};

TEST_P(AgentEnd, EverythingUpToItIsThere) {
    const auto& [end, expected] = GetParam();
    const RecordedProgram program = runRecorded(python(std::string(kManyEvents) + R"(
import signal, sys
many(20000)
os.write(1, b'%d\n' % time.monotonic_ns())
)" + end));
    EXPECT_EQ(program.exitCode(), expected) << program.errors;
    ASSERT_EQ(program.processes.size(), 1u);
    expectWhole(program);
    const RecordedProcess& process = program.processes[0];
    EXPECT_GT(process.count(EventKind::LockAcquired), 40'000u);
    // The write after the stamp was taken releases the GIL and takes it again.
    EXPECT_GT(lastGilEvent(program, process), std::stoll(program.output));
}

INSTANTIATE_TEST_SUITE_P(Ends, AgentEnd,
                         testing::Values(std::pair("os.kill(os.getpid(), signal.SIGKILL)", -9),
                                         std::pair("os.kill(os.getpid(), signal.SIGSEGV)", -11),
                                         std::pair("os._exit(3)", 3), std::pair("sys.exit(4)", 4),
                                         std::pair("os.abort()", -6)));

TEST(AgentProcess, AnExecutedProgramIsANewGeneration) {
    const RecordedProgram program = runRecorded(python(R"(
import os, sys
os.execv(sys.executable, [sys.executable, '-c', 'import os; os._exit(6)'])
)"));
    EXPECT_EQ(program.exitCode(), 6) << program.errors;
    expectWhole(program);
    ASSERT_EQ(program.processes.size(), 2u);
    EXPECT_EQ(program.processes[0].pid, program.processes[1].pid);
    for (const RecordedProcess& generation : program.processes) {
        EXPECT_GT(generation.count(EventKind::LockAcquired), 0u);
        EXPECT_EQ(generation.texts(EventKind::ProcessNamed).size(), 1u);
    }
}

TEST(AgentProcess, EndsItsThreadsStreams) {
    for (const char* end : {"os._exit(0)", "pass"}) {
        const RecordedProgram program = runRecorded(python(std::string(R"(
import os, threading, time
threads = [threading.Thread(target=lambda: None) for _ in range(5)]
[t.start() for t in threads]
[t.join() for t in threads]
time.sleep(0.2) # join() returns when they have left Python, a little before they are gone
)") + end));
        ASSERT_EQ(program.processes.size(), 1u);
        EXPECT_EQ(program.processes[0].streams.size(), 6u);
        for (const ReadStream& stream : program.processes[0].streams) {
            const auto kinds = kindsOf(stream);
            ASSERT_GE(kinds.size(), 4u);
            EXPECT_EQ(kinds[0], EventKind::ThreadStarted);
            EXPECT_EQ(kinds[1], EventKind::ThreadCpuTime);
            EXPECT_EQ(kinds[kinds.size() - 2], EventKind::ThreadCpuTime);
            EXPECT_EQ(kinds.back(), EventKind::ThreadEnded);
            EXPECT_EQ(std::ranges::count(kinds, EventKind::ThreadEnded), 1);
            const bool isMain = stream.header.tid == program.processes[0].pid;
            EXPECT_EQ(stream.events[0].b, isMain ? 0 : program.processes[0].pid) << "its creator";
        }
    }
}

// What it may want.

TEST(AgentProcess, AProgramThatClosesAllDescriptorsIsRecordedOn) {
    const std::string source = std::string(kManyEvents) + R"(
os.closerange(3, 4096)
print(sorted(os.listdir('/proc/self/fd')), os.open('/dev/null', os.O_RDONLY))
many(30000)
)";
    const RecordedProgram program = runRecorded(python(source));
    ProgramRequest bare = python(source);
    bare.isRecorded = false;
    const RecordedProgram without = runRecorded(bare);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_EQ(program.output, without.output);
    ASSERT_EQ(program.processes.size(), 1u);
    expectWhole(program);
    EXPECT_GT(program.processes[0].count(EventKind::LockAcquired), 60'000u);
}

TEST(AgentProcess, AProgramThatBecomesAnotherUserIsRecordedOn) {
    if (getuid() != 0) {
        GTEST_SKIP() << "only root can become another user";
    }
    const RecordedProgram program = runRecorded(python(std::string(kManyEvents) + R"(
os.setgid(65534); os.setuid(65534)
many(30000)
print(os.getuid())
)"));
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_EQ(program.output, "65534\n");
    ASSERT_EQ(program.processes.size(), 1u);
    expectWhole(program);
    EXPECT_GT(program.processes[0].count(EventKind::LockAcquired), 60'000u);
}

TEST(AgentProcess, WithLittleAddressSpaceItIsRecordedInSmallWindows) {
    const RecordedProgram program = runRecorded(python(std::string(kManyEvents) + R"(
import resource
resource.setrlimit(resource.RLIMIT_AS, (200 << 20, 200 << 20))
os.execv('/usr/bin/python3', ['/usr/bin/python3', '-c', '''
import os
reader, writer = os.pipe()
for _ in range(50000):
    os.write(writer, b'x'); os.read(reader, 1)
'''])
)"));
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_EQ(program.processes.size(), 2u);
    expectWhole(program);
    EXPECT_GT(program.processes[1].count(EventKind::LockAcquired) +
                  program.processes[0].count(EventKind::LockAcquired),
              100'000u);
}

TEST(AgentProcess, ABudgetThatIsUsedUpIsDropsThatAreCounted) {
    ProgramRequest request = python(std::string(kManyEvents) + "many(50000)\nprint('fine')");
    request.session.agentBudgetBytes = 1 << 19;
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_EQ(program.output, "fine\n");
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_GT(process.droppedEvents, 100'000u);
    EXPECT_GT(process.count(EventKind::LockAcquired), 10'000u);
    const std::size_t gilEvents = process.droppedEvents + process.count(EventKind::LockAcquired) +
                                  process.count(EventKind::LockReleased);
    EXPECT_GT(gilEvents, 200'000u) << "what isn't there is counted";
}

TEST(AgentProcess, AFullDiskIsDropsThatAreCountedAndNoSignal) {
    const record::TemporaryFolder folder;
    const std::filesystem::path disk = folder.path() / "disk";
    std::filesystem::create_directory(disk);
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") != 0) {
        GTEST_SKIP() << "a tmpfs can't be mounted here";
    }
    ProgramRequest request = python(std::string(kManyEvents) + "many(100000)\nprint('fine')");
    request.folder = disk / "session";
    const RecordedProgram program = runRecorded(request);
    umount2(disk.c_str(), MNT_DETACH);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_EQ(program.output, "fine\n");
    ASSERT_EQ(program.processes.size(), 1u);
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    const RecordedProcess& process = program.processes[0];
    const std::size_t kept =
        process.count(EventKind::LockAcquired) + process.count(EventKind::LockReleased);
    EXPECT_GT(kept, 50'000u);
    EXPECT_GT(kept + process.droppedEvents, 400'000u);
}

TEST(AgentProcess, WhenThereIsSpaceAgainItIsRecordedOnAndSaysWhatIsMissing) {
    const record::TemporaryFolder folder;
    const std::filesystem::path disk = folder.path() / "disk";
    std::filesystem::create_directory(disk);
    if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=2m") != 0) {
        GTEST_SKIP() << "a tmpfs can't be mounted here";
    }
    ProgramRequest request = python(std::string(kManyEvents) + R"(
many(50000)
open(os.environ['READY'], 'w').close()
while os.path.exists(os.environ['READY']): time.sleep(0.005)
many(5000)
)");
    const std::filesystem::path ready = folder.path() / "ready";
    request.folder = disk / "session";
    request.environment["READY"] = ready.string();
    request.whileItRuns = [&](pid_t, record::SessionWriter&) {
        for (int i = 0; i < 2000 && !std::filesystem::exists(ready); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        EXPECT_EQ(mount("tmpfs", disk.c_str(), "tmpfs", MS_REMOUNT, "size=64m"), 0);
        std::filesystem::remove(ready);
    };
    const RecordedProgram program = runRecorded(request);
    umount2(disk.c_str(), MNT_DETACH);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    std::uint64_t told = 0;
    bool isLater = false; // events after the gap
    for (const ReadStream& stream : process.streams) {
        for (const Event& event : stream.events) {
            told += event.kind() == EventKind::Dropped ? event.a : 0;
            isLater |= told > 0 && event.kind() == EventKind::LockAcquired;
        }
    }
    EXPECT_GT(told, 1000u);
    EXPECT_EQ(told, process.droppedEvents);
    EXPECT_TRUE(isLater);
}

TEST(AgentProcess, ALimitOnFilesIsDropsThatAreCountedAndNoSignal) {
    const RecordedProgram program = runRecorded(python(R"(
import os, resource
resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))
os.execv('/usr/bin/python3', ['/usr/bin/python3', '-c', '''
import os
reader, writer = os.pipe()
for _ in range(50000):
    os.write(writer, b'x'); os.read(reader, 1)
print('fine')
'''])
)"));
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    EXPECT_EQ(program.output, "fine\n");
    ASSERT_EQ(program.processes.size(), 2u);
    const std::size_t kept = program.processes[0].count(EventKind::LockAcquired) +
                             program.processes[1].count(EventKind::LockAcquired);
    EXPECT_GT(kept, 10'000u);
    EXPECT_GT(program.processes[0].droppedEvents + program.processes[1].droppedEvents, 100'000u);
}

TEST(AgentProcess, TwoHundredProcesses) {
    const RecordedProgram program = runRecorded(plain({"threads_program", "processes", "200"}));
    EXPECT_EQ(program.exitCode(), 0);
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    ASSERT_EQ(program.processes.size(), 201u);
    for (const RecordedProcess& process : program.processes) {
        EXPECT_EQ(process.droppedEvents, 0u);
        EXPECT_EQ(process.texts(EventKind::ProcessNamed).size(), 1u);
        if (process.streams.size() != 1) { // not the parent, which makes no thread
            EXPECT_EQ(process.streams.size(), 2u);
            EXPECT_EQ(process.count(EventKind::ThreadEnded), 2u);
        }
    }
}

TEST(AgentProcess, AChildOfVforkEndsNothingOfItsParents) {
    const RecordedProgram program = runRecorded(plain({"threads_program", "vfork"}));
    EXPECT_EQ(program.exitCode(), 0);
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.streams.size(), 3u);
    EXPECT_EQ(process.count(EventKind::ThreadEnded), 3u);
    EXPECT_EQ(process.streamOf(process.pid)->events.back().kind(), EventKind::ThreadEnded);
}

TEST(AgentProcess, AChildThatNoForkHandlerSawHasASegmentOfItsOwn) {
    const RecordedProgram program =
        runRecorded(plain({"threads_program", "fork-without-handlers"}));
    EXPECT_EQ(program.exitCode(), 0);
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    ASSERT_EQ(program.processes.size(), 2u);
    for (const RecordedProcess& process : program.processes) {
        EXPECT_EQ(process.streams.size(), 2u);
        EXPECT_EQ(process.count(EventKind::ThreadStarted), 2u);
        EXPECT_EQ(process.count(EventKind::ThreadEnded), 2u);
    }
}

// Threads.

TEST(AgentThreads, FiveHundredAtOnceWithTheSmallestStack) {
    const RecordedProgram program = runRecorded(plain({"threads_program", "many", "500"}));
    EXPECT_EQ(program.exitCode(), 0);
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.droppedEvents, 0u);
    ASSERT_EQ(process.streams.size(), 501u);
    for (const ReadStream& stream : process.streams) {
        EXPECT_EQ(stream.ofKind(EventKind::ThreadStarted).size(), 1u);
        EXPECT_EQ(stream.events.back().kind(), EventKind::ThreadEnded);
    }
}

TEST(AgentThreads, TheirNamesAreRecorded) {
    const RecordedProgram program = runRecorded(plain({"threads_program", "names"}));
    ASSERT_EQ(program.processes.size(), 1u);
    EXPECT_EQ(program.processes[0].texts(EventKind::ThreadNamed),
              std::vector<std::string>{"chosen-name"});
    const auto tid = static_cast<std::uint32_t>(std::stoul(program.output));
    const ReadStream* thread = program.processes[0].streamOf(tid);
    ASSERT_NE(thread, nullptr);
    EXPECT_EQ(thread->ofKind(EventKind::ThreadNamed)[0].a, tid);
}

TEST(AgentThreads, TheirEndIsAfterTheirDestructors) {
    for (const char* what : {"destructors", "exit"}) {
        const RecordedProgram program = runRecorded(plain({"threads_program", what}));
        EXPECT_EQ(program.exitCode(), 0);
        ASSERT_EQ(program.processes.size(), 1u);
        const RecordedProcess& process = program.processes[0];
        ASSERT_EQ(process.streams.size(), 2u);
        for (const ReadStream& stream : process.streams) {
            EXPECT_EQ(stream.ofKind(EventKind::ThreadEnded).size(), 1u);
            EXPECT_EQ(stream.events.back().kind(), EventKind::ThreadEnded);
        }
        if (std::string(what) == "destructors") {
            EXPECT_EQ(process.texts(EventKind::ThreadNamed),
                      (std::vector<std::string>{"round-1", "round-2"}));
        }
    }
}

TEST(AgentThreads, ThatWriteAtOnceLoseNothing) {
    const RecordedProgram program = runRecorded(plain({"threads_program", "storm"}));
    EXPECT_EQ(program.exitCode(), 0);
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    EXPECT_EQ(process.droppedEvents, 0u);
    ASSERT_EQ(process.streams.size(), 7u);
    for (const ReadStream& stream : process.streams) {
        int next = 0;
        for (std::size_t i = 0; i < stream.events.size(); ++i) {
            if (stream.events[i].kind() == EventKind::ThreadNamed) {
                const std::string name = textAt(stream.events, i);
                ASSERT_EQ(name.substr(1), "." + std::to_string(next++));
            }
        }
        EXPECT_EQ(next, stream.header.tid == process.pid ? 0 : 20'000);
    }
}

TEST(AgentThreads, ASignalHandlerDisturbsNoEvent) {
    const RecordedProgram program = runRecorded(plain({"threads_program", "alarms"}));
    EXPECT_EQ(program.exitCode(), 0) << "errno was changed";
    EXPECT_TRUE(program.problems.empty()) << program.problems[0];
    ASSERT_EQ(program.processes.size(), 1u);
    const RecordedProcess& process = program.processes[0];
    const auto names = process.texts(EventKind::ThreadNamed);
    EXPECT_TRUE(std::ranges::all_of(names, [](const std::string& name) {
        return name == "even" || name == "odd" || name == "in-the-handler";
    }));
    EXPECT_GT(std::ranges::count(names, "in-the-handler"), 0);
    // A name is two events. What is missing was dropped and counted.
    EXPECT_EQ(names.size() + process.droppedEvents / 2, std::stoul(program.output));
}

// The library itself.

TEST(AgentLibrary, NeedsNothingButLibc) {
    for (const char* library : {AGENT_LIBRARY, AGENT_LOCKS_LIBRARY}) {
        std::FILE* needs =
            popen(("readelf -d '" + std::string(library) + "' | grep NEEDED").c_str(), "r");
        std::string lines(4096, 0);
        lines.resize(std::fread(lines.data(), 1, lines.size(), needs));
        pclose(needs);
        EXPECT_EQ(std::ranges::count(lines, '\n'), 1) << lines;
        EXPECT_NE(lines.find("[libc.so"), std::string::npos) << lines;
        std::FILE* symbols = popen(("nm -D '" + std::string(library) +
                                    "' | grep -c -e ' U _Z' -e __cxa -e __gxx -e "
                                    "__asan -e __tsan -e __ubsan")
                                       .c_str(),
                                   "r");
        int foreign = -1;
        // __cxa_finalize is libc's.
        ASSERT_EQ(std::fscanf(symbols, "%d", &foreign), 1);
        pclose(symbols);
        EXPECT_LE(foreign, 1);
    }
}

} // namespace interleave::agent
