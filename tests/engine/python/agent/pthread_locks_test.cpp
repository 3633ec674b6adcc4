// SPDX-License-Identifier: GPL-3.0-or-later
// pthread's locks in a real program (programs/locks_program.cpp), which checks itself that
// everything works as it should.
#include "tests/engine/python/agent/lock_history.h"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <gmock/gmock.h>
#include <set>
#include <thread>

namespace interleave::agent {
namespace {

using record::Acquisition;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Object = LockHistory::Object;

struct NativeRun {
    RecordedProgram program;
    LockHistory locks; // of the first process

    const RecordedProcess& process() const { return program.processes.front(); }
};

ProgramRequest requestFor(const std::string& name) {
    ProgramRequest request;
    request.command = {LOCKS_PROGRAM, name};
    request.library = AGENT_LOCKS_LIBRARY;
    request.session.maximumBytes = std::size_t{64} << 20;
    return request;
}

NativeRun run(const std::string& name, int exitCode = 0) {
    NativeRun result{runRecorded(requestFor(name)), {}};
    EXPECT_EQ(result.program.exitCode(), exitCode)
        << result.program.output << result.program.errors;
    EXPECT_THAT(result.program.problems, IsEmpty());
    if (result.program.processes.empty()) {
        ADD_FAILURE() << "nothing was recorded";
        result.program.processes.emplace_back();
        return result;
    }
    result.locks = lockHistory(result.program, result.process());
    EXPECT_THAT(result.locks.faults, IsEmpty()) << result.locks.text();
    return result;
}

/// The hold that stands in the way of a wait; null where there is none.
const LockHistory::Hold* holdAt(const Object& object, std::int64_t at) {
    for (const auto& hold : object.holds) {
        if (hold.begin <= at && at < hold.end) {
            return &hold;
        }
    }
    return nullptr;
}

/// Every wait names who holds the lock when it begins. The holder is read a moment before the wait
/// is stamped, so a few may have just let go.
void expectHoldersNamed(const Object& object) {
    std::size_t right = 0;
    for (const auto& wait : object.waits) {
        const auto* const hold = holdAt(object, wait.begin);
        right += hold != nullptr && hold->tid == wait.holder;
        EXPECT_NE(wait.holder, wait.tid);
    }
    EXPECT_GE(right + 1 + object.waits.size() / 10, object.waits.size());
}

/// Who waited and got it was handed the lock, after the holder before released it.
void expectHandovers(const Object& object) {
    std::size_t handoffs = 0;
    for (std::size_t i = 0; i < object.holds.size(); ++i) {
        if (object.holds[i].how == Acquisition::Handoff) {
            ++handoffs;
            if (i > 0) {
                EXPECT_LE(object.holds[i - 1].end, object.holds[i].begin);
            }
        }
    }
    EXPECT_EQ(handoffs, std::ranges::count_if(object.waits, &LockHistory::Wait::gotIt));
}

TEST(PthreadLocks, HoldsOfAMutexNeverOverlapAndItsWaitsNameTheHolder) {
    const NativeRun two = run("mutex");
    const Object* const mutex = two.locks.named("mutex 1");
    ASSERT_NE(mutex, nullptr);
    EXPECT_EQ(mutex->kind, "lock");
    EXPECT_THAT(mutex->holds, SizeIs(60));
    EXPECT_EQ(mutex->overlaps(), 0u);
    EXPECT_GE(mutex->waits.size(), 2u);
    expectHoldersNamed(*mutex);
    expectHandovers(*mutex);
    for (const auto& hold : mutex->holds) {
        EXPECT_GE(hold.end - hold.begin, 500'000); // it sleeps so long inside
    }
}

TEST(PthreadLocks, ReadersHoldAReadWriteLockTogetherAndWritersAlone) {
    const NativeRun all = run("rwlock");
    const Object* const lock = all.locks.named("read-write lock 1");
    ASSERT_NE(lock, nullptr);
    EXPECT_EQ(lock->kind, "rwlock");
    const std::string& output = all.program.output;
    const auto writer =
        static_cast<std::uint32_t>(std::stoul(output.substr(output.find("writer ") + 7)));
    if (output.find("together 1") != std::string::npos) {
        EXPECT_GE(lock->mostHolds(), 2u);
    }
    std::size_t writes = 0;
    for (const auto& write : lock->holds) {
        if (write.tid != writer) {
            continue;
        }
        ++writes;
        for (const auto& other : lock->holds) {
            EXPECT_TRUE(&other == &write || other.end <= write.begin || other.begin >= write.end);
        }
    }
    EXPECT_EQ(writes, 20u);
    EXPECT_THAT(lock->holds, SizeIs(80));
    EXPECT_FALSE(lock->waits.empty());
}

TEST(PthreadLocks, WaitingForAConditionReleasesTheMutexUntilTheSignal) {
    const NativeRun both = run("condition");
    const Object* const condition = both.locks.named("condition 1");
    const Object* const mutex = both.locks.named("mutex 1");
    ASSERT_TRUE(condition != nullptr && mutex != nullptr);
    EXPECT_EQ(condition->kind, "condition");
    EXPECT_EQ(mutex->overlaps(), 0u);
    ASSERT_GE(condition->waits.size(), 10u);
    for (const auto& wait : condition->waits) {
        EXPECT_TRUE(wait.isClosed);
        for (const auto& hold : mutex->holds) {
            EXPECT_TRUE(hold.tid != wait.tid || hold.end <= wait.begin || hold.begin >= wait.end)
                << "the waiter holds the mutex";
        }
        if (wait.gotIt) {
            EXPECT_TRUE(std::ranges::any_of(condition->releases, [&](const auto& signal) {
                return signal.tid != wait.tid && signal.at >= wait.begin && signal.at <= wait.end;
            }));
        }
    }
    EXPECT_FALSE(condition->waits.back().gotIt) << "the last one waited for nothing";
}

TEST(PthreadLocks, NoMoreThanItsPermitsAreInsideASemaphore) {
    const NativeRun six = run("semaphore");
    const Object* const semaphore = six.locks.named("semaphore 1");
    ASSERT_NE(semaphore, nullptr);
    EXPECT_EQ(semaphore->kind, "semaphore");
    EXPECT_EQ(semaphore->mostHolds(), 3u);
    EXPECT_THAT(semaphore->holds, SizeIs(60));
    EXPECT_FALSE(semaphore->waits.empty());
}

TEST(PthreadLocks, ARecursiveMutexIsHeldOnceFromOutsideIn) {
    const NativeRun two = run("recursive");
    const Object* const mutex = two.locks.named("mutex 1");
    ASSERT_NE(mutex, nullptr);
    EXPECT_THAT(mutex->holds, SizeIs(20)) << "each is locked three times";
    EXPECT_EQ(mutex->overlaps(), 0u);
    expectHoldersNamed(*mutex);
}

TEST(PthreadLocks, RefusedLocksAndUnlocksChangeNothing) {
    const NativeRun two = run("errorcheck");
    const Object* const mutex = two.locks.named("mutex 1");
    ASSERT_NE(mutex, nullptr);
    EXPECT_LE(mutex->holds.size(), 3u);
    EXPECT_EQ(mutex->overlaps(), 0u);
    EXPECT_TRUE(std::ranges::all_of(mutex->holds, &LockHistory::Hold::isClosed));
}

TEST(PthreadLocks, AMutexOfADeadOwnerGoesToTheNext) {
    const NativeRun two = run("robust");
    const Object* const mutex = two.locks.named("mutex 1");
    ASSERT_NE(mutex, nullptr);
    ASSERT_EQ(mutex->waits.size(), 1u);
    EXPECT_TRUE(mutex->waits[0].gotIt);
    EXPECT_NE(mutex->waits[0].holder, 0u);
    EXPECT_EQ(mutex->overlaps(), 0u);
    EXPECT_TRUE(std::ranges::all_of(mutex->holds, &LockHistory::Hold::isClosed));
}

TEST(PthreadLocks, AWaitThatRunsOutOfTimeIsGivenUp) {
    const NativeRun two = run("timed");
    const Object* const mutex = two.locks.named("mutex 1");
    ASSERT_NE(mutex, nullptr);
    ASSERT_EQ(mutex->waits.size(), 2u); // a lock that is only tried is not waited for
    EXPECT_FALSE(mutex->waits[0].gotIt);
    EXPECT_GE(mutex->waits[0].end - mutex->waits[0].begin, 2'000'000);
    EXPECT_TRUE(mutex->waits[1].gotIt);
    EXPECT_EQ(mutex->waits[0].holder, mutex->waits[1].holder);
    ASSERT_EQ(mutex->holds.size(), 2u);
    EXPECT_EQ(mutex->holds[0].tid, mutex->waits[0].holder);
    EXPECT_GE(mutex->holds[0].end - mutex->holds[0].begin, 20'000'000)
        << "the hold began before anybody waited for it";
}

/// Whether so many waits stand in the session so far.
bool hasWaits(const std::filesystem::path& folder, std::size_t count) {
    auto reader = record::SessionReader::open(folder);
    if (!reader) {
        return false;
    }
    record::ReadSession session;
    reader->poll(session.sink());
    std::size_t waits = 0;
    for (const ReadStream& stream : session.streams) {
        waits += stream.ofKind(EventKind::LockWaited).size();
    }
    return waits >= count;
}

TEST(PthreadLocks, ADeadlockThatIsKilledShowsWhoWaitsForWhom) {
    const record::TemporaryFolder temporary;
    ProgramRequest request = requestFor("deadlock");
    request.folder = temporary.session();
    request.whileItRuns = [&](pid_t pid, record::SessionWriter&) {
        for (int i = 0; i < 2'000 && !hasWaits(request.folder, 2); ++i) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        }
        kill(pid, SIGKILL);
    };
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), -SIGKILL);
    ASSERT_THAT(program.processes, SizeIs(1));
    const LockHistory locks = lockHistory(program, program.processes[0]);
    EXPECT_THAT(locks.faults, IsEmpty()) << locks.text();
    ASSERT_THAT(locks.objects, SizeIs(2)) << locks.text();
    for (const std::size_t i : {0u, 1u}) {
        const Object& held = locks.objects[i];
        const Object& other = locks.objects[1 - i];
        ASSERT_THAT(held.holds, SizeIs(1));
        ASSERT_THAT(held.waits, SizeIs(1));
        EXPECT_FALSE(held.holds[0].isClosed);
        EXPECT_FALSE(held.waits[0].isClosed);
        EXPECT_EQ(held.waits[0].holder, held.holds[0].tid);
        EXPECT_EQ(other.waits[0].tid, held.holds[0].tid);
    }
}

TEST(PthreadLocks, AThousandThreadsTakeTurns) {
    const NativeRun all = run("threads");
    EXPECT_THAT(all.program.output, HasSubstr("sum 3000"));
    EXPECT_THAT(all.process().streams, SizeIs(1001));
    EXPECT_EQ(all.process().droppedEvents, 0u);
    const Object* const mutex = all.locks.named("mutex 1");
    ASSERT_NE(mutex, nullptr);
    EXPECT_GE(mutex->holds.size(), 2'990u);
    EXPECT_EQ(mutex->overlaps(), 0u);
    expectHandovers(*mutex);
}

TEST(PthreadLocks, CancelledWaitsEndAndLeaveTheMutexToTheCleanUp) {
    const NativeRun all = run("cancel");
    const Object* const condition = all.locks.named("condition 1");
    ASSERT_NE(condition, nullptr);
    ASSERT_EQ(condition->waits.size(), 1u);
    EXPECT_TRUE(condition->waits[0].isClosed);
    EXPECT_FALSE(condition->waits[0].gotIt);
}

TEST(PthreadLocks, ProcessesThatShareAMutexNameEachOther) {
    const NativeRun both = run("shared");
    ASSERT_THAT(both.program.processes, SizeIs(2));
    const RecordedProcess& child = both.program.processes[1];
    const LockHistory ofChild = lockHistory(both.program, child);
    EXPECT_THAT(ofChild.faults, IsEmpty());
    const Object* const here = both.locks.named("mutex 1");
    const Object* const there = ofChild.named("mutex 1");
    ASSERT_TRUE(here != nullptr && there != nullptr);
    ASSERT_FALSE(there->waits.empty());
    EXPECT_EQ(there->waits[0].holder, both.process().pid);
    ASSERT_THAT(here->holds, SizeIs(1));
    EXPECT_THAT(there->holds, SizeIs(3));
    for (const auto& hold : there->holds) {
        EXPECT_GE(hold.begin, here->holds[0].end);
    }
}

TEST(PthreadLocks, AForkedChildKeepsWhatItsThreadHolds) {
    const NativeRun all = run("fork");
    ASSERT_THAT(all.program.processes, SizeIs(6));
    std::size_t waits = 0;
    for (const RecordedProcess& process : all.program.processes) {
        const LockHistory locks = lockHistory(all.program, process);
        EXPECT_THAT(locks.faults, IsEmpty()) << locks.text();
        if (process.pid == all.process().pid || locks.objects.empty()) {
            continue;
        }
        const Object& mutex = locks.objects[0];
        EXPECT_EQ(mutex.overlaps(), 0u);
        for (const auto& wait : mutex.waits) {
            ++waits;
            EXPECT_EQ(wait.holder, process.pid);
            EXPECT_EQ(mutex.holds[0].tid, process.pid);
        }
    }
    EXPECT_GE(waits, 1u);
}

TEST(PthreadLocks, SignalHandlersMayPostASemaphore) {
    const NativeRun all = run("signals");
    EXPECT_THAT(all.program.output, HasSubstr("got 100"));
    const Object* const semaphore = all.locks.named("semaphore 1");
    ASSERT_NE(semaphore, nullptr);
    EXPECT_GE(semaphore->waits.size(), 90u);
}

TEST(PthreadLocks, TheLastToComeToABarrierLetsTheOthersGo) {
    const NativeRun three = run("barrier");
    const Object* const barrier = three.locks.named("barrier 1");
    ASSERT_NE(barrier, nullptr);
    EXPECT_EQ(barrier->kind, "barrier");
    EXPECT_THAT(barrier->waits, SizeIs(10));
    ASSERT_THAT(barrier->releases, SizeIs(5));
    for (const auto& wait : barrier->waits) {
        EXPECT_TRUE(wait.gotIt);
        EXPECT_TRUE(std::ranges::any_of(barrier->releases, [&](const auto& release) {
            return release.tid != wait.tid && release.at >= wait.begin && release.at <= wait.end;
        }));
    }
}

TEST(PthreadLocks, SpinLocksAreLocks) {
    const NativeRun two = run("spin");
    const Object* const lock = two.locks.named("spin lock 1");
    ASSERT_NE(lock, nullptr);
    EXPECT_EQ(lock->kind, "lock");
    EXPECT_THAT(lock->holds, SizeIs(40));
    EXPECT_EQ(lock->overlaps(), 0u);
}

TEST(PthreadLocks, HoldsThatBeganBeforeTheAgentOrNeverEndDoNoHarm) {
    const NativeRun all = run("held");
    const Object* const early = all.locks.named("mutex 1");
    ASSERT_NE(early, nullptr);
    ASSERT_THAT(early->waits, SizeIs(1));
    EXPECT_TRUE(early->waits[0].gotIt);
    EXPECT_EQ(early->waits[0].holder, all.process().pid) << "glibc knows who took it";
    EXPECT_THAT(early->holds, SizeIs(1));
}

TEST(PthreadLocks, UncontendedHoldsAreRecordedOfSharedLocksAndNotForEver) {
    const NativeRun all = run("uncontended");
    ASSERT_THAT(all.locks.objects, SizeIs(2)) << "a lock of one thread has no number";
    const Object& shared = all.locks.objects[0];
    EXPECT_THAT(shared.holds, SizeIs(10));
    EXPECT_THAT(shared.waits, IsEmpty());
    const Object& busy = all.locks.objects[1];
    EXPECT_LE(busy.holds.size(), 65'540u);
    EXPECT_TRUE(all.process().hasText(EventKind::Noted, "uncontended-holds"));
    EXPECT_EQ(busy.overlaps(), 0u);
    ASSERT_THAT(busy.waits, SizeIs(1));
    const auto* const inTheWay = holdAt(busy, busy.waits[0].begin);
    ASSERT_NE(inTheWay, nullptr) << "what somebody waits for is recorded all the same";
    EXPECT_EQ(inTheWay->tid, busy.waits[0].holder);
    EXPECT_GE(inTheWay->end - inTheWay->begin, 10'000'000);
}

TEST(PthreadLocks, ConditionsBeyondAThousandAreOneObject) {
    const NativeRun all = run("conditions");
    const Object* const others = all.locks.named("other conditions");
    ASSERT_NE(others, nullptr);
    EXPECT_EQ(others->kind, "condition");
    EXPECT_THAT(others->waits, SizeIs(76));
}

TEST(PthreadLocks, LocksBeyondTheLastNumberAreNotRecordedAndThatIsSaid) {
    const NativeRun all = run("many-locks");
    EXPECT_EQ(all.locks.objects.size(), record::kMaxObjects);
    EXPECT_TRUE(all.process().hasText(EventKind::Noted, "locks-not-recorded"));
    EXPECT_FALSE(all.process().hasText(EventKind::Noted, "locks-not-followed"));
}

TEST(PthreadLocks, NothingIsRecordedOfThemWhereAGilIs) {
    ProgramRequest request;
    request.command = {systemPython(), PROGRAMS "/locks_scenario.py", "lock"};
    request.library = AGENT_LOCKS_LIBRARY;
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_THAT(program.processes, SizeIs(1));
    const LockHistory locks = lockHistory(program, program.processes[0]);
    EXPECT_THAT(locks.ofKind("gil"), SizeIs(1));
    EXPECT_FALSE(locks.ofKind("lock").empty());
    for (const Object& object : locks.objects) {
        EXPECT_FALSE(object.name.starts_with("mutex")) << locks.text();
    }
}

} // namespace
} // namespace interleave::agent
