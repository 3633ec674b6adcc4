// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/findings/found.h"

namespace interleave::findings {
namespace {

using testing::Contains;
using testing::Not;

constexpr State kRunning = State::Running;

/// Tasks that take one lock in turn, each on its own worker, all waiting from the begin.
class Line {
public:
    Line(int tasks, Nanoseconds hold, Nanoseconds asleepInside, int rounds = 1,
         Nanoseconds afterwards = 0) {
        m_builder.info() = {.scenario = "line", .model = "threads", .cores = 2};
        const ObjectId lock = m_builder.addObject({"ledger", "lock", 0});
        const Nanoseconds end = hold * tasks * rounds + afterwards;
        for (int i = 0; i < tasks; ++i) {
            const std::string name = "booking " + std::to_string(i + 1);
            m_builder.addTask({name, "booking", State::Done, 0, end});
            m_builder.addWorker({.name = "w", .life = {0, end}});
        }
        const StringId cause = m_builder.intern("ledger");
        std::vector<Nanoseconds> since(static_cast<std::size_t>(tasks), 0);
        for (int i = 0; i < tasks * rounds; ++i) {
            const auto who = static_cast<std::uint32_t>(i % tasks) + 1;
            const TimeRange held{hold * i, hold * (i + 1)};
            add(who, {since[who - 1], held.beginNs}, State::WaitingLock, cause);
            add(who, {held.beginNs, held.endNs - asleepInside}, kRunning, {});
            add(who, {held.endNs - asleepInside, held.endNs}, State::Sleeping, {});
            since[who - 1] = held.endNs;
            m_builder.addObjectSpan(lock, {.range = held,
                                           .state = State::Held,
                                           .task = TaskId{who},
                                           .worker = WorkerId{who},
                                           .cause = m_builder.intern(i == 0 ? "free" : "handoff")});
        }
        for (std::uint32_t who = 1; who <= static_cast<std::uint32_t>(tasks); ++who) {
            add(who, {since[who - 1], end}, State::Sleeping, {});
        }
    }

    std::shared_ptr<const recording::Recording> finish() { return m_builder.finish(); }

private:
    void add(std::uint32_t who, TimeRange range, State state, StringId cause) {
        const recording::Span span{.range = range,
                                   .state = state,
                                   .task = TaskId{who},
                                   .worker = WorkerId{who},
                                   .cause = cause};
        if (!range.isEmpty()) {
            m_builder.addTaskSpan(span);
            m_builder.addWorkerSpan(span);
        }
    }
    recording::RecordingBuilder m_builder;
};

TEST(LockSerialised, OneTaskAfterTheOtherIsInside) {
    const auto recording = Line(6, 10 * kMs, 0).finish();
    const Finding finding = found(*recording, "lock-serialised");
    EXPECT_NEAR(finding.value, 1, 1e-9);
    EXPECT_THAT(finding.message, testing::HasSubstr("ledger"));
    EXPECT_EQ(finding.evidence.size(), 5u) << "the first one had it at once";
    EXPECT_THAT(kindsIn(*recording), Not(Contains("long-critical-section")));
}

TEST(LockSerialised, NotWhereOneTaskHasItForItself) {
    EXPECT_THAT(kindsIn(*Line(1, 10 * kMs, 0, 8).finish()), Not(Contains("lock-serialised")));
}

TEST(LockSerialised, NotWhereItIsHeldSeldom) {
    const auto kinds = kindsIn(*Line(6, kMs, 0, 1, 60 * kMs).finish());
    EXPECT_THAT(kinds, Not(Contains("lock-serialised")));
    EXPECT_THAT(kinds, Not(Contains("lock-convoy")));
}

TEST(LongCriticalSection, ItsHolderSleepsInside) {
    const auto recording = Line(6, 10 * kMs, 8 * kMs).finish();
    const Finding finding = found(*recording, "long-critical-section");
    EXPECT_DOUBLE_EQ(finding.value, 8);
    EXPECT_EQ(finding.unit, "ms");
}

TEST(LockConvoy, NearlyEveryHolderHadToQueueForAMoment) {
    const auto recording = Line(5, kMs / 10, 0, 20).finish();
    const Finding finding = found(*recording, "lock-convoy");
    EXPECT_NEAR(finding.value, 4, 0.1) << "four others go first each time";
}

TEST(LockConvoy, NotWhereHoldsAreLongAndNotWhereTheyAreFew) {
    EXPECT_THAT(kindsIn(*Line(5, 3 * kMs, 0, 20).finish()), Not(Contains("lock-convoy")));
    EXPECT_THAT(kindsIn(*Line(5, kMs / 10, 0, 2).finish()), Not(Contains("lock-convoy")));
}

/// Each holds one lock and waits for the other, to the end.
std::shared_ptr<const recording::Recording> circle(bool isClosed) {
    recording::RecordingBuilder builder;
    builder.info() = {.scenario = "circle", .model = "program", .cores = 2};
    const ObjectId knife = builder.addObject({"knife", "lock", 0});
    const ObjectId board = builder.addObject({"board", "lock", 0});
    const TaskId a = builder.addTask({"a", "a", State::Cancelled, 0, 50 * kMs});
    const TaskId b = builder.addTask({"b", "b", State::Cancelled, 0, 50 * kMs});
    const auto wait = [&](TaskId task, const char* lock) {
        builder.addTaskSpan({.range = {0, 10 * kMs}, .state = kRunning, .task = task});
        builder.addTaskSpan({.range = {10 * kMs, 50 * kMs},
                             .state = State::WaitingLock,
                             .task = task,
                             .cause = builder.intern(lock)});
    };
    wait(a, "board");
    if (isClosed) {
        wait(b, "knife");
    } else {
        builder.addTaskSpan({.range = {0, 50 * kMs}, .state = kRunning, .task = b});
    }
    const auto hold = [&](ObjectId lock, TaskId task) {
        builder.addObjectSpan(lock,
                              {.range = {5 * kMs, 50 * kMs}, .state = State::Held, .task = task});
    };
    hold(knife, a);
    hold(board, b);
    return builder.finish();
}

TEST(Deadlock, IsACircleOfWaitsThatLastsToTheEnd) {
    const auto recording = circle(true);
    const Finding finding = found(*recording, "deadlock");
    EXPECT_DOUBLE_EQ(finding.value, 2);
    EXPECT_EQ(finding.evidence.size(), 2u);
    EXPECT_EQ(findingsOf(*recording).front().kind, "deadlock") << "nothing is worse";
}

TEST(Deadlock, NotWhereTheHolderGoesOn) {
    EXPECT_THAT(kindsIn(*circle(false)), Not(Contains("deadlock")));
}

TEST(Deadlock, IsWhatTheRunSaysItself) {
    auto recording =
        std::make_shared<recording::Recording>(*support::sketch("a: RRLLLx\nb: RRLLLx\n", kMs));
    recording->diagnostics.push_back(
        {"deadlock", recording::Severity::Warning, 1, "a waits for b, b waits for a."});
    const Finding finding = found(*recording, "deadlock");
    EXPECT_THAT(finding.message, testing::StartsWith("a waits for b"));
    EXPECT_FALSE(finding.evidence.empty());
}

/// a holds a lock and gets no core for 16 ms, b waits for the lock, c computes or sleeps.
std::shared_ptr<const recording::Recording> holderWithoutCore(bool othersRun) {
    recording::RecordingBuilder builder;
    builder.info() = {
        .scenario = "inversion", .model = "threads", .cores = 1, .kernelTruth = "switches"};
    const ObjectId lock = builder.addObject({"stove", "lock", 0});
    for (const char* name : {"a", "b", "c"}) {
        builder.addTask({name, name, State::Done, 0, 22 * kMs});
        builder.addWorker({.name = name, .life = {0, 22 * kMs}});
    }
    const StringId cause = builder.intern("stove");
    const auto add = [&](std::uint32_t who, Nanoseconds begin, Nanoseconds end, State state) {
        const recording::Span span{.range = {begin * kMs, end * kMs},
                                   .state = state,
                                   .task = TaskId{who},
                                   .worker = WorkerId{who},
                                   .core = static_cast<std::int16_t>(state == kRunning ? 0 : -1),
                                   .cause = state == State::WaitingLock ? cause : StringId{}};
        builder.addTaskSpan(span);
        builder.addWorkerSpan(span);
        if (state == kRunning) {
            builder.addCoreSpan(span);
        }
    };
    add(1, 0, 2, kRunning);
    add(1, 2, 18, State::Ready);
    add(1, 18, 20, kRunning);
    add(2, 0, 20, State::WaitingLock);
    add(2, 20, 22, kRunning);
    add(3, 2, 18, othersRun ? kRunning : State::Sleeping);
    const auto hold = [&](std::uint32_t who, Nanoseconds begin, Nanoseconds end) {
        builder.addObjectSpan(lock, {.range = {begin * kMs, end * kMs},
                                     .state = State::Held,
                                     .task = TaskId{who},
                                     .worker = WorkerId{who}});
    };
    hold(1, 0, 20);
    hold(2, 20, 22);
    return builder.finish();
}

TEST(PriorityInversion, TheHolderWaitsForACoreBehindTasksThatNobodyWaitsFor) {
    const Finding finding = found(*holderWithoutCore(true), "priority-inversion");
    EXPECT_DOUBLE_EQ(finding.value, 16);
    EXPECT_THAT(kindsIn(*holderWithoutCore(false)), Not(Contains("priority-inversion")));
}

} // namespace
} // namespace interleave::findings
