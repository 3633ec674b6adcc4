// SPDX-License-Identifier: GPL-3.0-or-later
// What a task queue promises, on real runs with both pools.
#include "engine/models/task_queue/task_queue.h"
#include "tests/engine/models_async/model_run.h"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <set>

namespace interleave::models {
namespace {

using record::EventKind;
using testing::HasSubstr;
using testing::IsEmpty;

class TaskQueuePools : public testing::TestWithParam<const char*> {
protected:
    ModelRun run(const std::string& text, RunSettings settings = {}) {
        settings.parameters["pool"] = GetParam();
        const auto model = makeTaskQueue();
        ModelRun result = runModel(*model, "name = \"t\"\n" + text, std::move(settings));
        EXPECT_TRUE(result.outcome.has_value()) << result.outcome.error().message;
        EXPECT_THAT(result.illegalTransitions(), IsEmpty());
        EXPECT_THAT(result.diagnostics, testing::Not(testing::Contains(HasSubstr("account"))));
        return result;
    }
};

std::size_t countOf(const ModelRun& run, EventKind kind) {
    return static_cast<std::size_t>(std::ranges::count(run.events, kind, &RecordedEvent::kind));
}

/// Of every message one event of a kind at most, and how many.
std::size_t messagesWith(const ModelRun& run, EventKind kind) {
    std::set<std::uint32_t> messages;
    for (const RecordedEvent& event : run.events) {
        if (event.kind == kind) {
            EXPECT_TRUE(messages.insert(event.a).second) << "message " << event.a << " twice";
        }
    }
    return messages.size();
}

} // namespace

TEST_P(TaskQueuePools, EveryMessageGoesItsWayOnce) {
    const ModelRun result = run(R"(
        [[task]]
        name = "a"
        count = 20
        payload = "10 kB"
        result = "2 kB"
        steps = [ { compute = "200 us" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 20u);
    for (const EventKind kind : {EventKind::MessagePublished, EventKind::MessageRouted,
                                 EventKind::MessageDelivered, EventKind::MessageAcked}) {
        EXPECT_EQ(messagesWith(result, kind), 40u) << "20 tasks and 20 results";
    }
    EXPECT_EQ(countOf(result, EventKind::MessageCarries), 20u);
    const auto states = result.stretches(result.task("a 1"));
    std::vector<State> order;
    for (const Stretch& stretch : states) {
        if (order.empty() || order.back() != stretch.state) {
            order.push_back(stretch.state);
        }
    }
    EXPECT_THAT(order, testing::IsSupersetOf({State::Queued, State::Reserved, State::Running,
                                              State::Transfer, State::Done}));
    EXPECT_LT(std::ranges::find(order, State::Queued), std::ranges::find(order, State::Reserved));
    EXPECT_LT(std::ranges::find(order, State::Reserved), std::ranges::find(order, State::Running));
}

TEST_P(TaskQueuePools, ReservesNoMoreThanThePrefetchLimit) {
    for (const std::uint32_t prefetch : {1u, 3u}) {
        const ModelRun result =
            run(R"(
            [[task]]
            name = "a"
            count = 24
            steps = [ { sleep = "2 ms" } ])",
                {.workers = 2,
                 .parameters = {{"prefetch", fmt::to_string(prefetch)}, {"acks", "late"}}});
        int held = 0;
        int most = 0;
        for (const RecordedEvent& event : result.events) {
            const bool isTask = (event.b & 0x7fff) == result.program.objects.size() + 2;
            held += isTask && event.kind == EventKind::MessageDelivered ? 1 : 0;
            held -= isTask && event.kind == EventKind::MessageAcked ? 1 : 0;
            most = std::max(most, held);
        }
        EXPECT_EQ(most, static_cast<int>(2 * prefetch));
    }
}

TEST_P(TaskQueuePools, AcknowledgesAtTheStartOrAtTheEnd) {
    for (const bool isLate : {false, true}) {
        const ModelRun result = run(R"(
            [[task]]
            name = "a"
            steps = [ { sleep = "20 ms" } ])",
                                    {.parameters = {{"acks", isLate ? "late" : "early"}}});
        const auto acked = std::ranges::find_if(result.events, [](const RecordedEvent& event) {
            return event.kind == EventKind::MessageAcked && event.a == 1;
        });
        ASSERT_NE(acked, result.events.end());
        const TimeRange work = result.stretches(result.task("a"), State::Sleeping).front().range;
        if (isLate) {
            EXPECT_GE(acked->ns, work.endNs);
        } else {
            EXPECT_LT(acked->ns, work.endNs - 10 * kMs);
        }
    }
}

TEST_P(TaskQueuePools, RetriesAfterTheirPausesAndCountsThem) {
    const ModelRun result = run(R"(
        [[task]]
        name = "a"
        retries = 3
        retry_delay = "10 ms"
        steps = [ { compute = "50 us" }, { fail = "always" } ])");
    const TaskId task = result.task("a");
    EXPECT_EQ(result.endOf(task), State::Failed);
    const auto pauses = result.stretches(task, State::Retrying);
    ASSERT_EQ(pauses.size(), 3u);
    for (const Stretch& pause : pauses) {
        EXPECT_GE(pause.range.durationNs(), 10 * kMs);
    }
    EXPECT_EQ(countOf(result, EventKind::MessageCarries), 4u) << "each try has its own message";
}

TEST_P(TaskQueuePools, SpawnedTasksAreMessagesToo) {
    const ModelRun result = run(R"(
        [[task]]
        name = "parent"
        steps = [ { spawn = "child", count = 3 }, { compute = "50 us" }, { await = "child" } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { compute = "50 us" } ])");
    EXPECT_EQ(result.countEnds(State::Done), 4u);
    EXPECT_EQ(countOf(result, EventKind::MessageCarries), 4u);
}

TEST_P(TaskQueuePools, ATaskThatIsWaitedForByEverySlotIsNamedAsADeadlock) {
    const ModelRun result = run(R"(
        [[task]]
        name = "parent"
        steps = [ { spawn = "child" }, { await = "child" } ]
        [[task]]
        name = "child"
        count = 0
        steps = [ { compute = "50 us" } ])",
                                {.workers = 1});
    EXPECT_THAT(result.outcome->deadlock, HasSubstr("waiting tasks take every worker"));
}

TEST_P(TaskQueuePools, ManySmallTasksAllEnd) {
    const ModelRun result = run(R"(
        [[task]]
        name = "a"
        count = 3000
        steps = [])",
                                {.parameters = {{"prefetch", "100"}}});
    EXPECT_EQ(result.countEnds(State::Done), 3000u);
    EXPECT_EQ(messagesWith(result, EventKind::MessageAcked), 6000u);
}

TEST_P(TaskQueuePools, TheProducerWaitsForConfirmsWhereManyAreOnTheirWay) {
    const ModelRun result = run(R"(
        [[task]]
        name = "a"
        count = 3000
        steps = [])");
    const auto spawned = std::ranges::find(result.events, EventKind::Spawned, &RecordedEvent::kind);
    ASSERT_NE(spawned, result.events.end());
    int onTheirWay = 0;
    int most = 0;
    for (const RecordedEvent& event : result.events) {
        if (event.pid == spawned->pid && event.streamId == spawned->streamId) {
            onTheirWay += event.kind == EventKind::MessagePublished ? 1 : 0;
            onTheirWay -= event.kind == EventKind::MessageConfirmed ? 1 : 0;
            most = std::max(most, onTheirWay);
        }
    }
    EXPECT_EQ(onTheirWay, 0);
    EXPECT_EQ(most, 512) << "all 3000 are due at once";
}

INSTANTIATE_TEST_SUITE_P(Both, TaskQueuePools, testing::Values("processes", "threads"),
                         [](const auto& each) { return std::string(each.param); });

} // namespace interleave::models
