// SPDX-License-Identifier: GPL-3.0-or-later
// Queues, retries, and what a broker's messages tell.
#include "tests/engine/findings/found.h"

namespace interleave::findings {
namespace {

using namespace recording;
using testing::Contains;
using testing::Not;

/// Tasks that come every so often and are served by one worker, each for so long.
std::shared_ptr<const Recording> arrivals(int every, int service) {
    RecordingBuilder builder;
    builder.info() = {.scenario = "arrivals", .model = "threads", .cores = 2};
    const WorkerId worker = builder.addWorker({.name = "w", .life = {0, 2000 * kMs}});
    Nanoseconds free = 0;
    for (int i = 0; i < 12; ++i) {
        const Nanoseconds came = i * every * kMs;
        const Nanoseconds begin = std::max(came, free);
        free = begin + service * kMs;
        const TaskId task = builder.addTask({"job", "job", State::Done, came, free});
        if (begin > came) {
            builder.addTaskSpan({.range = {came, begin}, .state = State::Queued, .task = task});
        }
        const Span span{
            .range = {begin, free}, .state = State::WaitingIo, .task = task, .worker = worker};
        builder.addTaskSpan(span);
        builder.addWorkerSpan(span);
    }
    return builder.finish();
}

TEST(QueueUnstable, EachWaitsLongerThanTheOneBefore) {
    const Finding finding = found(*arrivals(30, 70), "queue-unstable");
    EXPECT_DOUBLE_EQ(finding.value, 40 * 9.5) << "the last four waited 8 to 11 times 40 ms";
    EXPECT_THAT(finding.message, testing::HasSubstr("every 30.0 ms"));
}

TEST(QueueUnstable, NotWhereTheServiceKeepsUpAndNotWhereAllCameAtOnce) {
    EXPECT_THAT(kindsIn(*arrivals(30, 25)), Not(Contains("queue-unstable")));
    EXPECT_THAT(kindsIn(*arrivals(0, 70)), Not(Contains("queue-unstable")));
}

/// Twelve tasks that fail and try again: together, or each at a moment of its own.
RunOf retries(bool isTogether) {
    std::string text;
    for (int i = 0; i < 12; ++i) {
        const int pause = isTogether ? 40 : 20 + 7 * i;
        text += fmt::format("order {}: RR{}RRR\n", i, times(pause, "r"));
    }
    return {.sketch = text};
}

TEST(RetryStorm, AllTryAgainAtTheSameMoment) {
    auto together = std::make_shared<Recording>(*recordingOf(retries(true)));
    for (TaskInfo& task : together->tasks) {
        task.group = "order";
    }
    const Finding finding = found(*together, "retry-storm");
    EXPECT_DOUBLE_EQ(finding.value, 12);
    EXPECT_EQ(finding.evidence.size(), 12u);
    auto spread = std::make_shared<Recording>(*recordingOf(retries(false)));
    for (TaskInfo& task : spread->tasks) {
        task.group = "order";
    }
    EXPECT_THAT(kindsIn(*spread), Not(Contains("retry-storm")));
}

/// Tasks whose messages two consumers hold; times in milliseconds.
class Post {
public:
    Post() {
        m_builder.info() = {.scenario = "post", .model = "task-queue", .cores = 2};
        m_queue = m_builder.addObject({"tasks", "message-queue", 0});
        for (int i = 0; i < 2; ++i) {
            const WorkerId worker =
                m_builder.addWorker({.name = "w", .pid = 8, .life = {0, 400 * kMs}});
            m_builder.addConsumer({m_queue, worker, 4, {0, 400 * kMs}});
        }
    }
    TaskId task(Nanoseconds end, State how = State::Done) {
        const TaskId task = m_builder.addTask({"t", "t", how, 0, end * kMs});
        step(0, MessageStep::Queued, task, 0);
        return task;
    }
    void step(Nanoseconds at, MessageStep what, TaskId task, std::uint32_t worker) {
        m_builder.addMessage({.timeNs = at * kMs,
                              .message = task.value,
                              .step = what,
                              .object = m_queue,
                              .task = task,
                              .worker = WorkerId{worker}});
    }
    void span(TaskId task, Nanoseconds begin, Nanoseconds end, State state,
              std::uint32_t worker = 0) {
        const Span span{.range = {begin * kMs, end * kMs},
                        .state = state,
                        .task = task,
                        .worker = WorkerId{worker}};
        m_builder.addTaskSpan(span);
        if (worker != 0) {
            m_builder.addWorkerSpan(span);
        }
    }
    std::shared_ptr<const Recording> finish() { return m_builder.finish(); }

private:
    RecordingBuilder m_builder;
    ObjectId m_queue;
};

TEST(RanTwice, ItsMessageCameBackBeforeItWasAcknowledged) {
    Post post;
    const TaskId task = post.task(60);
    post.step(5, MessageStep::Delivered, task, 1);
    post.span(task, 0, 5, State::Queued);
    post.span(task, 5, 25, State::Running, 1);
    post.step(25, MessageStep::Requeued, task, 0);
    post.span(task, 25, 30, State::Queued);
    post.step(30, MessageStep::Delivered, task, 2);
    post.span(task, 30, 60, State::Running, 2);
    post.step(60, MessageStep::Acked, task, 2);
    const auto recording = post.finish();
    const Finding finding = found(*recording, "ran-twice");
    EXPECT_DOUBLE_EQ(finding.value, 1);
    EXPECT_EQ(finding.evidence.size(), 2u);
    EXPECT_EQ(finding.tryIt, (Cure{{"acks", "early"}}));
    EXPECT_THAT(kindsIn(*recording), Not(Contains("lost-early-ack")));
}

TEST(RanTwice, NotWhereItCameBackBeforeItWasBegun) {
    Post post;
    const TaskId task = post.task(60);
    post.step(5, MessageStep::Delivered, task, 1);
    post.span(task, 0, 5, State::Queued);
    post.span(task, 5, 25, State::Reserved);
    post.step(25, MessageStep::Requeued, task, 0);
    post.span(task, 25, 30, State::Queued);
    post.step(30, MessageStep::Delivered, task, 2);
    post.span(task, 30, 60, State::Running, 2);
    post.step(60, MessageStep::Acked, task, 2);
    EXPECT_THAT(kindsIn(*post.finish()), Not(Contains("ran-twice")));
}

TEST(LostEarlyAck, AcknowledgedAndThenItsWorkerDied) {
    Post post;
    const TaskId task = post.task(25, State::Failed);
    post.step(5, MessageStep::Delivered, task, 1);
    post.step(5, MessageStep::Acked, task, 1);
    post.span(task, 0, 5, State::Queued);
    post.span(task, 5, 25, State::Running, 1);
    post.step(25, MessageStep::Lost, task, 0);
    const auto recording = post.finish();
    EXPECT_DOUBLE_EQ(found(*recording, "lost-early-ack").value, 1);
    EXPECT_THAT(kindsIn(*recording), Not(Contains("ran-twice")));
    EXPECT_THAT(kindsIn(*recording), Not(Contains("near-ideal")));
}

/// One consumer keeps three tasks, the other has none; or each takes one at a time.
std::shared_ptr<const Recording> reserving(bool inAdvance) {
    Post post;
    for (int i = 0; i < 4; ++i) {
        const std::uint32_t worker = inAdvance ? 1 : static_cast<std::uint32_t>(i % 2) + 1;
        const Nanoseconds begin = inAdvance ? 40 * i : 40 * (i / 2);
        const TaskId task = post.task(begin + 40);
        const Nanoseconds delivered = inAdvance ? 0 : begin;
        post.step(delivered, MessageStep::Delivered, task, worker);
        if (begin > 0) {
            post.span(task, 0, begin, inAdvance ? State::Reserved : State::Queued);
        }
        post.span(task, begin, begin + 40, State::Running, worker);
        post.step(begin + 40, MessageStep::Acked, task, worker);
    }
    return post.finish();
}

TEST(PrefetchStarvation, OneIdlesWhileAnotherHasTasksReserved) {
    const Finding finding = found(*reserving(true), "prefetch-starvation");
    EXPECT_DOUBLE_EQ(finding.value, 120);
    EXPECT_EQ(finding.tryIt, (Cure{{"prefetch", "1"}}));
    EXPECT_THAT(kindsIn(*reserving(false)), Not(Contains("prefetch-starvation")));
}

TEST(SlowBroker, MessagesLieThereAndNobodyHasAnythingToDo) {
    const auto delivering = [](Nanoseconds delivered) {
        Post post;
        const TaskId task = post.task(delivered + 40);
        post.step(delivered, MessageStep::Delivered, task, 1);
        post.span(task, 0, delivered, State::Queued);
        post.span(task, delivered, delivered + 40, State::Running, 1);
        post.step(delivered + 40, MessageStep::Acked, task, 1);
        return post.finish();
    };
    const Finding finding = found(*delivering(60), "slow-broker");
    EXPECT_DOUBLE_EQ(finding.value, 60);
    EXPECT_THAT(kindsIn(*delivering(3)), Not(Contains("slow-broker")));
    EXPECT_THAT(kindsIn(*reserving(false)), Not(Contains("slow-broker"))) << "all were at work";
}

} // namespace
} // namespace interleave::findings
