// SPDX-License-Identifier: GPL-3.0-or-later
// Locks of real Python programs on every interpreter that is here, against what the program says of
// itself (programs/locks_scenario.py).
#include "tests/engine/python/agent/lock_history.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <sstream>

namespace interleave::agent {
namespace {

using record::Acquisition;
using testing::IsEmpty;
using testing::SizeIs;

using Object = LockHistory::Object;

/// What the program did, inside of what is recorded.
struct Deed {
    std::string what;
    std::uint32_t tid = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
};

struct LockRun {
    RecordedProgram program;
    LockHistory locks;
    std::vector<Deed> deeds;

    std::vector<Deed> ofKind(const std::string& what) const {
        std::vector<Deed> found;
        std::ranges::copy_if(deeds, std::back_inserter(found),
                             [&](const Deed& deed) { return deed.what == what; });
        return found;
    }
};

class PythonLocks : public testing::TestWithParam<std::string> {
protected:
    void SetUp() override {
        m_python = GetParam() == "system" ? systemPython() : pyenvPython(GetParam());
        if (m_python.empty()) {
            GTEST_SKIP() << "no Python " << GetParam() << " here";
        }
    }
    LockRun run(const std::string& scenario) const {
        ProgramRequest request;
        request.command = {m_python, PROGRAMS "/locks_scenario.py", scenario};
        LockRun result{runRecorded(request), {}, {}};
        EXPECT_EQ(result.program.exitCode(), 0) << result.program.errors;
        if (result.program.processes.size() != 1) {
            ADD_FAILURE() << "not one process";
            return result;
        }
        result.locks = lockHistory(result.program, result.program.processes[0]);
        EXPECT_THAT(result.locks.faults, IsEmpty()) << result.locks.text();
        std::istringstream lines(result.program.output);
        for (Deed deed; lines >> deed.what >> deed.tid >> deed.begin >> deed.end;) {
            result.deeds.push_back(deed);
        }
        return result;
    }

private:
    std::string m_python;
};

/// Slack between the clock of the program and the stamps.
constexpr std::int64_t kSlackNs = 20'000;

/// Holds of the lock that two threads take turns at: the one with the most.
const Object* busiest(const LockHistory& locks) {
    const Object* found = nullptr;
    for (const Object* object : locks.ofKind("lock")) {
        if (found == nullptr || object->holds.size() > found->holds.size()) {
            found = object;
        }
    }
    return found;
}

void expectTurns(const LockRun& run) {
    const Object* const lock = busiest(run.locks);
    ASSERT_NE(lock, nullptr) << run.locks.text();
    EXPECT_EQ(lock->overlaps(), 0u);
    const auto deeds = run.ofKind("hold");
    ASSERT_THAT(deeds, SizeIs(20));
    std::size_t recorded = 0;
    for (const Deed& deed : deeds) {
        recorded += static_cast<std::size_t>(
            std::ranges::count_if(lock->holds, [&](const LockHistory::Hold& hold) {
                return hold.tid == deed.tid && hold.begin <= deed.begin + kSlackNs &&
                       hold.end >= deed.end - kSlackNs;
            }));
    }
    // From the first wait on every hold is there, with the one that was waited for.
    const auto firstWait = lock->waits.empty() ? run.locks.end : lock->waits.front().begin;
    const auto before = std::ranges::count_if(
        deeds, [&](const Deed& deed) { return deed.end + kSlackNs < firstWait; });
    EXPECT_EQ(recorded, lock->holds.size());
    EXPECT_GE(recorded + static_cast<std::size_t>(before), 20u);
    ASSERT_FALSE(lock->waits.empty());
    std::size_t right = 0;
    for (const auto& wait : lock->waits) {
        EXPECT_NE(wait.holder, wait.tid);
        EXPECT_TRUE(wait.gotIt);
        right += static_cast<std::size_t>(std::ranges::count_if(lock->holds, [&](const auto& hold) {
            return hold.begin <= wait.begin && wait.begin < hold.end && hold.tid == wait.holder;
        }));
    }
    EXPECT_GE(right + 1 + lock->waits.size() / 10, lock->waits.size()) << "waits name the holder";
    const auto handoffs = std::ranges::count_if(
        lock->holds, [](const auto& hold) { return hold.how == Acquisition::Handoff; });
    EXPECT_EQ(static_cast<std::size_t>(handoffs), lock->waits.size());
}

TEST_P(PythonLocks, ALocksHoldsAreThoseOfTheProgram) {
    expectTurns(run("lock"));
}

TEST_P(PythonLocks, AnRLocksHoldsAreThoseOfTheProgram) {
    expectTurns(run("rlock"));
}

/// The waits for conditions of a thread that lie within a deed of its.
std::vector<const LockHistory::Wait*> waitsIn(const LockHistory& locks, const Deed& deed) {
    std::vector<const LockHistory::Wait*> found;
    for (const Object* object : locks.ofKind("condition")) {
        for (const auto& wait : object->waits) {
            if (wait.tid == deed.tid && wait.begin >= deed.begin - kSlackNs &&
                wait.end <= deed.end + kSlackNs) {
                found.push_back(&wait);
            }
        }
    }
    return found;
}

TEST_P(PythonLocks, AConditionIsWaitedForUntilTheNotification) {
    const LockRun all = run("condition");
    const auto deeds = all.ofKind("condition-wait");
    const auto notified = all.ofKind("notify");
    ASSERT_THAT(deeds, SizeIs(1));
    ASSERT_THAT(notified, SizeIs(1));
    const auto waits = waitsIn(all.locks, deeds[0]);
    ASSERT_THAT(waits, SizeIs(1)) << all.locks.text();
    EXPECT_TRUE(waits[0]->gotIt);
    EXPECT_GE(waits[0]->end, notified[0].begin - kSlackNs);
    const auto conditions = all.locks.ofKind("condition");
    EXPECT_TRUE(std::ranges::any_of(conditions, [&](const Object* object) {
        return std::ranges::any_of(object->releases, [&](const auto& signal) {
            return signal.tid == notified[0].tid && signal.at >= waits[0]->begin &&
                   signal.at <= waits[0]->end;
        });
    })) << "who notified is known";
}

TEST_P(PythonLocks, AnEventThatDoesNotComeIsGivenUp) {
    const LockRun all = run("timeout");
    const auto deeds = all.ofKind("timeout");
    ASSERT_THAT(deeds, SizeIs(1));
    const auto waits = waitsIn(all.locks, deeds[0]);
    ASSERT_THAT(waits, SizeIs(1)) << all.locks.text();
    EXPECT_FALSE(waits[0]->gotIt);
    EXPECT_GE(waits[0]->end - waits[0]->begin, 9'000'000);
}

TEST_P(PythonLocks, TheConditionsOfAQueueAreOneObject) {
    const LockRun all = run("queue");
    const Object* queue = nullptr;
    for (const Object* object : all.locks.ofKind("condition")) {
        if (object->name != "parked 1" &&
            (queue == nullptr || object->waits.size() > queue->waits.size())) {
            queue = object;
        }
    }
    ASSERT_NE(queue, nullptr);
    // The producer fills two places and waits for most of the other 18.
    EXPECT_GE(queue->waits.size(), 8u) << all.locks.text();
}

TEST_P(PythonLocks, WaitersOfASimpleQueueWaitForNoLock) {
    const LockRun all = run("simple-queue");
    const auto deeds = all.ofKind("simple-get");
    ASSERT_THAT(deeds, SizeIs(2));
    std::size_t asConditions = 0;
    for (const Deed& deed : deeds) {
        for (const auto* wait : waitsIn(all.locks, deed)) {
            asConditions += wait->end - wait->begin > 10'000'000;
        }
    }
    EXPECT_EQ(asConditions, 2u) << all.locks.text();
}

TEST_P(PythonLocks, ASemaphoreIsWaitedForAsACondition) {
    const LockRun all = run("semaphore");
    const auto deeds = all.ofKind("permit");
    ASSERT_THAT(deeds, SizeIs(3));
    for (const Deed& deed : deeds) {
        const auto waits = waitsIn(all.locks, deed);
        EXPECT_TRUE(std::ranges::any_of(waits, [](const auto* wait) { return wait->gotIt; }))
            << all.locks.text();
    }
}

TEST(MultiprocessingLocks, AreHeldByOneProcessAtATime) {
    ProgramRequest request;
    request.command = {systemPython(), "-c", R"(
import multiprocessing, time
multiprocessing.set_start_method("fork")
lock = multiprocessing.Lock()
def work():
    for i in range(5):
        with lock:
            time.sleep(0.003)
workers = [multiprocessing.Process(target=work) for _ in range(2)]
for worker in workers: worker.start()
for worker in workers: worker.join()
)"};
    const RecordedProgram program = runRecorded(request);
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    ASSERT_THAT(program.processes, SizeIs(3));
    std::vector<LockHistory::Hold> holds;
    for (const std::size_t i : {1u, 2u}) {
        const LockHistory locks = lockHistory(program, program.processes[i]);
        EXPECT_THAT(locks.faults, IsEmpty()) << locks.text();
        EXPECT_THAT(locks.ofKind("lock"), IsEmpty()) << "what the parent's threads hold";
        const Object* const semaphore = locks.named("semaphore 1");
        ASSERT_NE(semaphore, nullptr);
        EXPECT_THAT(semaphore->holds, SizeIs(5));
        holds.insert(holds.end(), semaphore->holds.begin(), semaphore->holds.end());
    }
    std::ranges::sort(holds, {}, &LockHistory::Hold::begin);
    for (std::size_t i = 1; i < holds.size(); ++i) {
        EXPECT_LE(holds[i - 1].end, holds[i].begin);
    }
}

INSTANTIATE_TEST_SUITE_P(Interpreters, PythonLocks,
                         testing::Values("system", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13"),
                         [](const auto& one) {
                             std::string name = one.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

} // namespace
} // namespace interleave::agent
