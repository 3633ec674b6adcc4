// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/event_loop/event_loop.h"
#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <gmock/gmock.h>
#include <set>

namespace interleave::models {

namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::chrono::milliseconds kStopBudget{200};

ModelRun run(const std::string& text, RunSettings settings = {}) {
    ModelRun result = settings.stopAfter ? runAndStop(*makeEventLoop(), text, settings, kStopBudget)
                                         : runModel(*makeEventLoop(), text, std::move(settings));
    EXPECT_TRUE(result.outcome.has_value())
        << (result.outcome ? "" : result.outcome.error().message);
    EXPECT_THAT(result.illegalTransitions(), IsEmpty());
    return result;
}

/// Tasks in the order in which `kind` of them was recorded.
std::vector<std::uint32_t> orderOf(const ModelRun& run, record::EventKind kind) {
    std::vector<std::uint32_t> order;
    for (const RecordedEvent& event : run.events) {
        if (event.kind == kind) {
            order.push_back(event.a);
        }
    }
    return order;
}

/// No two tasks run at once: every running stretch ends before the next one begins.
bool runsOneAtATime(const ModelRun& run) {
    std::vector<TimeRange> running;
    for (const scenario::Task& task : run.program.tasks) {
        for (const Stretch& stretch : run.stretches(task.id, State::Running)) {
            running.push_back(stretch.range);
        }
    }
    std::ranges::sort(running, {}, &TimeRange::beginNs);
    for (std::size_t i = 1; i < running.size(); ++i) {
        if (running[i].beginNs < running[i - 1].endNs) {
            return false;
        }
    }
    return running.size() > 1;
}

} // namespace

TEST(EventLoop, ResumesTasksInTheOrderInWhichTheyBecameReady) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "a"
        count = 20
        steps = [ { compute = "100 us" }, { sleep = "1 ms" }, { compute = "100 us" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 20u);
    const auto ends = orderOf(result, record::kindOf(State::Done));
    EXPECT_TRUE(std::ranges::is_sorted(ends));
    EXPECT_TRUE(runsOneAtATime(result));
}

TEST(EventLoop, ShowsATaskAsReadyFromItsDeadlineWhileAnotherBlocksTheLoop) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "starved"
        steps = [ { sleep = "10 ms" } ]
        [[task]]
        name = "blocker"
        steps = [ { sleep = "50 ms", blocking = true } ]
    )");
    const TaskId starved = result.task("starved");
    EXPECT_GE(result.total(starved, State::Ready), 30'000'000);
    const auto sleeping = result.stretches(starved, State::Sleeping);
    ASSERT_EQ(sleeping.size(), 1u);
    EXPECT_LT(sleeping[0].range.durationNs(), 11'000'000); // to the deadline, not to the resume
    EXPECT_TRUE(sleeping[0].detail.isDetached);
    const auto blocking = result.stretches(result.task("blocker"), State::Sleeping);
    ASSERT_EQ(blocking.size(), 1u);
    EXPECT_FALSE(blocking[0].detail.isDetached); // it occupies the loop
}

TEST(EventLoop, DatesAnAnswerBackToTheMomentItWasSent) {
    // The queue makes sure that the request is on its way before the loop is blocked.
    const ModelRun result = run(R"(
        name = "t"
        [[queue]]
        name = "go"
        [[task]]
        name = "request"
        steps = [ { io = "1 ms" }, { put = "go" }, { io = "20 ms" } ]
        [[task]]
        name = "blocker"
        steps = [ { get = "go" }, { sleep = "200 ms", blocking = true } ]
    )");
    EXPECT_GE(result.total(result.task("request"), State::Ready), 20'000'000);
    EXPECT_EQ(result.countEnds(State::Done), 2u);
}

TEST(EventLoop, OverlapsAllRequestsOnOneThread) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "download"
        count = 40
        steps = [ { io = "50 ms", bytes = "100 kB" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 40u);
    std::set<std::string> streams;
    Nanoseconds waiting = 0;
    Nanoseconds last = 0;
    for (const scenario::Task& task : result.program.tasks) {
        for (const Stretch& stretch : result.stretches(task.id)) {
            if (stretch.state != State::Queued) {
                streams.insert(stretch.stream);
            }
            last = std::max(last, stretch.range.endNs);
        }
        waiting += result.total(task.id, State::WaitingIo);
    }
    EXPECT_EQ(streams.size(), 1u);
    EXPECT_TRUE(runsOneAtATime(result));
    EXPECT_GE(waiting, Nanoseconds{40} * 50'000'000);
    const Nanoseconds begin = result.stretches(TaskId{1}).front().range.beginNs;
    EXPECT_LT(last - begin, waiting / 4); // one after another would take all of it
}

TEST(EventLoop, LimitsConnectionsAsAsked) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "download"
        count = 6
        steps = [ { io = "20 ms" } ]
    )",
                                {.parameters = {{"connections", "2"}}});
    EXPECT_EQ(result.countEnds(State::Done), 6u);
    const Nanoseconds begin = result.stretches(TaskId{1}).front().range.beginNs;
    EXPECT_GE(result.events.back().ns - begin, 60'000'000); // three rounds of two
}

TEST(EventLoop, HandsALockOnInTheOrderOfArrival) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "stove"
        [[task]]
        name = "cook"
        count = 8
        steps = [ { lock = "stove", steps = [ { sleep = "1 ms" } ] } ]
    )");
    const auto acquired = orderOf(result, record::EventKind::LockAcquired);
    EXPECT_EQ(acquired.size(), 8u);
    EXPECT_TRUE(std::ranges::is_sorted(acquired));
    EXPECT_EQ(result.stretches(TaskId{1}, State::WaitingLock).size(), 0u);
    for (std::uint32_t i = 2; i <= 8; ++i) {
        const auto waits = result.stretches(TaskId{i}, State::WaitingLock);
        ASSERT_EQ(waits.size(), 1u);
        EXPECT_EQ(waits[0].detail.object, ObjectId{1});
    }
    int handoffs = 0;
    for (const RecordedEvent& event : result.events) {
        handoffs += event.kind == record::EventKind::LockAcquired &&
                    event.b >> 16 == static_cast<std::uint32_t>(record::Acquisition::Handoff);
    }
    EXPECT_EQ(handoffs, 7);
}

TEST(EventLoop, NamesTheTasksAndLocksOfADeadlockAndEnds) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "salt"
        [[lock]]
        name = "pepper"
        [[task]]
        name = "left"
        steps = [ { lock = "salt", steps = [ { sleep = "5 ms" }, { lock = "pepper", steps = [ { compute = "1 ms" } ] } ] } ]
        [[task]]
        name = "right"
        steps = [ { lock = "pepper", steps = [ { sleep = "5 ms" }, { lock = "salt", steps = [ { compute = "1 ms" } ] } ] } ]
        [[task]]
        name = "bystander"
        steps = [ { sleep = "60 s" } ]
    )");
    ASSERT_TRUE(result.outcome.has_value());
    for (const char* name : {"left", "right", "salt", "pepper"}) {
        EXPECT_THAT(result.outcome->deadlock, HasSubstr(name));
    }
    EXPECT_EQ(result.countEnds(State::Cancelled), 3u);
}

TEST(EventLoop, NamesAQueueThatIsNeverFilled) {
    const ModelRun result = run(R"(
        name = "t"
        [[queue]]
        name = "belt"
        capacity = 2
        [[task]]
        name = "eater"
        steps = [ { get = "belt" } ]
    )");
    ASSERT_TRUE(result.outcome.has_value());
    EXPECT_THAT(result.outcome->deadlock, HasSubstr("belt"));
}

TEST(EventLoop, BlocksAPutterWhileTheQueueIsFull) {
    const ModelRun result = run(R"(
        name = "t"
        [[queue]]
        name = "belt"
        capacity = 1
        [[task]]
        name = "cook"
        steps = [ { put = "belt" }, { put = "belt" }, { put = "belt" } ]
        [[task]]
        name = "eater"
        steps = [ { sleep = "2 ms" }, { get = "belt" }, { get = "belt" }, { get = "belt" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 2u);
    EXPECT_GE(result.stretches(result.task("cook"), State::Blocked).size(), 1u);
    int depth = 0;
    for (const RecordedEvent& event : result.events) {
        depth += event.kind == record::EventKind::QueuePut;
        depth -= event.kind == record::EventKind::QueueGot;
        EXPECT_LE(depth, 1);
        EXPECT_GE(depth, 0);
    }
    EXPECT_EQ(depth, 0);
}

TEST(EventLoop, ReleasesABarrierWithItsLastParty) {
    const ModelRun result = run(R"(
        name = "t"
        [[barrier]]
        name = "table"
        parties = 3
        [[task]]
        name = "guest"
        count = 3
        steps = [ { compute = "200 us" }, { barrier = "table" }, { compute = "200 us" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 3u);
    EXPECT_EQ(result.stretches(TaskId{3}, State::WaitingLock).size(), 0u);
    const Nanoseconds arrived = result.stretches(TaskId{3}, State::Running)[0].range.endNs;
    for (std::uint32_t i = 1; i <= 2; ++i) {
        const auto waits = result.stretches(TaskId{i}, State::WaitingLock);
        ASSERT_EQ(waits.size(), 1u);
        EXPECT_LE(waits[0].range.endNs, arrived + 1'000'000'000);
        EXPECT_GE(waits[0].range.endNs, result.stretches(TaskId{3})[1].range.beginNs);
    }
}

TEST(EventLoop, SpawnsAndAwaitsChildren) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "chef"
        steps = [ { spawn = "helper", count = 3 }, { await = "helper" }, { compute = "100 us" } ]
        [[task]]
        name = "helper"
        count = 0
        steps = [ { sleep = "2 ms" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_EQ(result.stretches(result.task("chef"), State::Suspended).size(), 1u);
}

TEST(EventLoop, SubmitsFollowersAfterTheirPredecessorsAndArrivalsInTime) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "chop"
        count = 3
        every = "5 ms"
        steps = [ { compute = "100 us" } ]
        [[task]]
        name = "cook"
        after = "chop"
        steps = [ { compute = "100 us" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    const Nanoseconds submitted = result.stretches(result.task("cook")).front().range.beginNs;
    for (std::uint32_t i = 1; i <= 3; ++i) {
        EXPECT_LE(result.stretches(TaskId{i}).back().range.beginNs, submitted);
    }
    EXPECT_GE(submitted - result.stretches(TaskId{1}).front().range.beginNs, 10'000'000);
}

TEST(EventLoop, NeverDatesAStartBeforeTheSubmission) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "a"
        steps = [ { compute = "1 us" } ]
        [[task]]
        name = "b"
        after = "a"
        steps = [ { compute = "1 us" } ]
        [[task]]
        name = "c"
        after = "b"
        steps = [ { spawn = "d" }, { await = "d" } ]
        [[task]]
        name = "d"
        count = 0
        steps = [ { compute = "1 us" } ]
    )");
    for (const scenario::Task& task : result.program.tasks) {
        EXPECT_EQ(result.stretches(task.id).front().state, State::Queued) << task.name;
        EXPECT_EQ(result.endOf(task.id), State::Done) << task.name;
    }
}

TEST(EventLoop, RetriesAFailedTaskAndFreesItsLock) {
    const ModelRun result = run(R"(
        name = "t"
        [[lock]]
        name = "stove"
        [[task]]
        name = "shaky"
        retries = 1
        retry_delay = "1 ms"
        steps = [ { lock = "stove", steps = [ { fail = "first-try" } ] } ]
        [[task]]
        name = "hopeless"
        steps = [ { lock = "stove", steps = [ { fail = "always" } ] } ]
        [[task]]
        name = "last"
        steps = [ { lock = "stove", steps = [ { compute = "100 us" } ] } ]
    )");
    EXPECT_EQ(result.endOf(result.task("shaky")), State::Done);
    EXPECT_EQ(result.stretches(result.task("shaky"), State::Retrying).size(), 1u);
    EXPECT_EQ(result.endOf(result.task("hopeless")), State::Failed);
    EXPECT_EQ(result.endOf(result.task("last")), State::Done);
}

TEST(EventLoop, StopsSoonWhateverItsTasksAreDoing) {
    for (const char* step : {R"({ compute = "60 s" })", R"({ sleep = "60 s" })",
                             R"({ sleep = "60 s", blocking = true })", R"({ io = "60 s" })",
                             R"({ io = "60 s", blocking = true })"}) {
        const ModelRun result = run(std::string(R"(
            name = "t"
            [[task]]
            name = "long"
            count = 3
            steps = [ )") + step + " ]\n",
                                    {.stopAfter = std::chrono::milliseconds(30)});
        EXPECT_EQ(result.countEnds(State::Cancelled), 3u) << step;
        EXPECT_LT(result.stopTookNs, 200'000'000) << step;
    }
}

TEST(EventLoop, RefusesACrashStepWithItsPlace) {
    const ModelRun result = runModel(*makeEventLoop(), R"(
name = "t"
[[task]]
name = "a"
steps = [ { crash = "always" } ]
)");
    ASSERT_FALSE(result.outcome.has_value());
    EXPECT_THAT(result.outcome.error().message, HasSubstr("test.toml:5:"));
}

TEST(EventLoop, EndsTenThousandTasks) {
    const ModelRun result = run(R"(
        name = "t"
        [[task]]
        name = "tiny"
        count = 10000
        steps = [ { compute = "2 us" }, { sleep = "1 ms" }, { compute = "2 us" } ]
    )");
    EXPECT_EQ(result.countEnds(State::Done), 10'000u);
}

} // namespace interleave::models
