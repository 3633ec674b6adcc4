// SPDX-License-Identifier: GPL-3.0-or-later
// asyncio's tasks on every interpreter of this machine, against what the coroutines say of
// themselves.
#include "tests/engine/python/agent_tracks/interpreters.h"

#include <algorithm>
#include <gmock/gmock.h>

namespace interleave::agent {

namespace {

using testing::HasSubstr;

class Asyncio : public EachInterpreter {};

/// The program is stamps.py.
void expectStepsAsTold(const RecordedProgram& program) {
    const TaskHistory history = taskHistory(program);
    EXPECT_TRUE(history.faults.empty()) << history.faults.front();
    std::size_t spans = 0;
    for (const auto& [word, fields] : linesOf(program.output)) {
        ASSERT_EQ(fields.size(), 3u);
        const TaskRecord* task = history.named(fields[0]);
        ASSERT_NE(task, nullptr);
        const std::int64_t begin = std::stoll(fields[1]);
        const std::int64_t end = std::stoll(fields[2]);
        const auto steps = task->steps();
        const auto containing = std::ranges::count_if(
            steps, [&](const TaskSpan& step) { return step.begin <= begin && end <= step.end; });
        EXPECT_EQ(containing, 1) << fields[0] << " " << begin;
        ++spans;
    }
    EXPECT_EQ(spans, 20u * 31u);
    for (int i = 0; i < 20; ++i) {
        const TaskRecord* task = history.named("t" + std::to_string(i));
        ASSERT_NE(task, nullptr);
        EXPECT_EQ(task->steps().size(), 31u) << task->states();
        EXPECT_EQ(task->last(), State::Done);
        EXPECT_EQ(task->parent, "main (Task-1)");
        EXPECT_EQ(task->group, "asyncio");
        for (const TaskMoment& moment : task->moments) {
            if (moment.state == State::Sleeping) {
                EXPECT_EQ(moment.step, "leaf (stamps.py:14)");
            } else if (moment.state == State::WaitingLock) {
                EXPECT_EQ(moment.step, "leaf (stamps.py:22)");
            }
        }
    }
    EXPECT_EQ(history.overlaps(), 0u);
}

TEST_P(Asyncio, StampsInCoroutinesLieInExactlyOneStepOfTheirTask) {
    expectStepsAsTold(run("stamps.py"));
}

TEST_P(Asyncio, TheSameOnUvloop) {
    ProgramRequest request;
    request.command = {GetParam().path, std::string(TRACK_PROGRAMS) + "/with_uvloop.py",
                       "stamps.py"};
    const RecordedProgram program = runRecorded(request);
    if (program.exitCode() == 77) {
        GTEST_SKIP() << "this Python has no uvloop";
    }
    EXPECT_EQ(program.exitCode(), 0) << program.errors;
    expectStepsAsTold(program);
}

TEST_P(Asyncio, ACallThatBlocksTheLoopShowsItsLineAndWhoWaitsBehind) {
    const RecordedProgram program = run("starvation.py");
    const TaskHistory history = taskHistory(program);
    const auto lines = linesOf(program.output);
    const auto fields = lines.find("block")->second;
    const std::int64_t begin = std::stoll(fields[0]);
    const std::int64_t end = std::stoll(fields[1]);

    const TaskRecord* blocker = history.named("blocker");
    ASSERT_NE(blocker, nullptr);
    bool isOneStep = false;
    for (const TaskSpan& step : blocker->steps()) {
        isOneStep = isOneStep || (step.begin <= begin && end <= step.end);
    }
    EXPECT_TRUE(isOneStep) << blocker->states();
    std::int64_t onLineNs = 0;
    for (const TaskSpan& span : blocker->spans(State::Running)) {
        if (span.step == "blocker (starvation.py:10)") { // time.sleep(0.2)
            onLineNs += span.end - span.begin;
        }
    }
    EXPECT_GE(onLineNs, 199 * kMs);

    // Their timers were due 20, 50 and 80 ms after the block's begin, more or less; they could have
    // run from then on, and are ready to the block's end.
    for (int i = 0; i < 3; ++i) {
        const TaskRecord* sleeper = history.named("sleeper " + std::to_string(i));
        ASSERT_NE(sleeper, nullptr);
        const auto asleep = sleeper->spans(State::Sleeping);
        const auto ready = sleeper->spans(State::Ready);
        ASSERT_EQ(asleep.size(), 1u) << sleeper->states();
        ASSERT_EQ(ready.size(), 2u) << sleeper->states();
        const std::int64_t due = asleep[0].begin + (i + 1) * 30 * kMs;
        EXPECT_NEAR(static_cast<double>(ready[1].begin), static_cast<double>(due), 2e6 + 5e5 * i)
            << i;
        if (due < end) {
            EXPECT_GE(ready[1].end, end);
        }
    }
    const TaskRecord* behind = history.named("behind");
    ASSERT_NE(behind, nullptr);
    EXPECT_GE(behind->spans(State::Ready)[0].end - behind->spans(State::Ready)[0].begin, 95 * kMs);
}

TEST_P(Asyncio, GatheredSleepsOverlapAndAwaitedOnesMakeAStaircase) {
    const TaskHistory history = taskHistory(run("awaits.py"));
    std::int64_t lastBegin = 0;
    std::int64_t firstEnd = 0;
    std::int64_t lastEnd = 0;
    for (int i = 0; i < 3; ++i) {
        const auto gathered = history.named("one " + std::to_string(i))->spans(State::Sleeping);
        ASSERT_EQ(gathered.size(), 1u);
        EXPECT_NE(gathered[0].step.find("sleeps (awaits.py:7)"), std::string::npos)
            << gathered[0].step;
        lastBegin = std::max(lastBegin, gathered[0].begin);
        firstEnd = firstEnd == 0 ? gathered[0].end : std::min(firstEnd, gathered[0].end);
        const auto after = history.named("after " + std::to_string(i))->spans(State::Sleeping);
        ASSERT_EQ(after.size(), 1u);
        EXPECT_GE(after[0].begin, lastEnd);
        lastEnd = after[0].end;
    }
    EXPECT_LT(lastBegin, firstEnd);
}

TEST_P(Asyncio, StatesSayWhatATaskAwaits) {
    const TaskHistory history = taskHistory(run("awaits.py"));
    EXPECT_TRUE(history.faults.empty()) << history.faults.front();
    const auto states = [&](const char* name) {
        const TaskRecord* task = history.named(name);
        return task == nullptr ? "" : task->states();
    };
    EXPECT_EQ(states("inner"), "ready running sleeping ready running done");
    EXPECT_EQ(states("outer"), "ready running suspended ready running done");
    EXPECT_EQ(states("locked"), "ready running waiting_lock ready running done");
    EXPECT_EQ(states("fails"), "ready running ready running failed");
    EXPECT_EQ(states("gets"), "ready running suspended ready running cancelled");
    EXPECT_EQ(states("puts"), "ready running blocked ready running done");
    EXPECT_EQ(states("reads"), "ready running waiting_io ready running done");
    EXPECT_EQ(states("renamed"), "ready running ready running done");
    EXPECT_EQ(states("waits"), "ready running waiting_lock ready running done");
    EXPECT_EQ(states("cancelled"), "ready running sleeping ready running cancelled");
    EXPECT_EQ(history.named("inner")->parent, "outer");
    EXPECT_THAT(history.named("waits")->wakers, testing::ElementsAre("wakes"));
    EXPECT_EQ(history.overlaps(), 0u);
    for (const TaskRecord* task : history.inGroup("asyncio")) {
        for (const TaskMoment& moment : task->moments) {
            EXPECT_EQ(moment.isDetached, moment.state != State::Running) << task->name;
        }
    }
}

TEST_P(Asyncio, EagerTasksHaveTheirFirstStepWithinTheirCreator) {
    if (minor() < 12) {
        GTEST_SKIP() << "eager tasks came with 3.12";
    }
    const TaskHistory history = taskHistory(run("eager.py"));
    EXPECT_TRUE(history.faults.empty()) << history.faults.front();
    const auto states = [&](const char* name) {
        const TaskRecord* task = history.named(name);
        return task == nullptr ? "" : task->states();
    };
    // 3.12 gives the name to a task that is done by then.
    EXPECT_EQ(states(minor() == 12 ? "quick (Task-2)" : "quick"), "running done");
    EXPECT_EQ(states("slow"), "running sleeping ready running done");
    EXPECT_EQ(states("yields"), "running ready running done");
    EXPECT_EQ(states("nests"), "running ready running suspended ready running done");
    EXPECT_EQ(states("inner"), "running sleeping ready running done");
    EXPECT_EQ(states(minor() == 12 ? "fails (Task-7)" : "fails"), "running failed");
    EXPECT_EQ(history.named("inner")->parent, "nests");
    EXPECT_EQ(history.overlaps(), 0u);
}

TEST_P(Asyncio, LoopsInSeveralThreadsKeepTheirStepsApart) {
    const RecordedProgram program = run("loops.py");
    const TaskHistory history = taskHistory(program);
    EXPECT_TRUE(history.faults.empty()) << history.faults.front();
    for (const auto& [word, fields] : linesOf(program.output)) {
        ASSERT_EQ(word, "thread");
        for (int i = 0; i < 4; ++i) {
            const TaskRecord* task = history.named(fields[0] + "." + std::to_string(i));
            ASSERT_NE(task, nullptr);
            const auto steps = task->steps();
            EXPECT_EQ(steps.size(), 22u) << task->states();
            for (const TaskSpan& step : steps) {
                EXPECT_EQ(std::to_string(step.tid), fields[1]);
            }
        }
        const std::string name = fields[0] == "blue" ? "indigo" : fields[0];
        EXPECT_TRUE(program.processes[0].hasText(EventKind::ThreadNamed, name));
    }
    EXPECT_EQ(history.overlaps(), 0u);
    // What run_in_executor() submits is a child of the task that awaits it.
    const auto items = history.inGroup("pool item");
    EXPECT_EQ(items.size(), 12u);
    for (const TaskRecord* item : items) {
        EXPECT_THAT(item->parent, HasSubstr("."));
        EXPECT_EQ(item->states(), "queued running done");
    }
}

TEST_P(Asyncio, NothingOfItIsSeenByTheProgram) {
    ProgramRequest request;
    request.command = {GetParam().path, std::string(TRACK_PROGRAMS) + "/unchanged.py", "argument"};
    const RecordedProgram recorded = run(request);
    request.isRecorded = false;
    const RecordedProgram plain = runRecorded(request);
    EXPECT_EQ(recorded.output, plain.output);
    EXPECT_EQ(recorded.errors, plain.errors);
    EXPECT_EQ(recorded.exitCode(), plain.exitCode());
    EXPECT_THAT(plain.output, HasSubstr("alive False"));
    EXPECT_FALSE(taskHistory(recorded).inGroup("asyncio").empty());
}

INSTANTIATE_TEST_SUITE_P(Interpreters, Asyncio, testing::ValuesIn(interpreters()), interpreterName);

} // namespace

} // namespace interleave::agent
