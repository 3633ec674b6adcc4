// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recording/recording_builder.h"

#include <gmock/gmock.h>

namespace interleave::recording {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

Span span(TaskId task, Nanoseconds begin, Nanoseconds end, State state) {
    return {.range = {begin, end}, .state = state, .task = task, .worker = WorkerId{1}};
}

TEST(RecordingBuilder, SortsSpansAndLinks) {
    RecordingBuilder builder;
    const TaskId task = builder.addTask({"a", "a", State::Done, 0, 30});
    builder.addTaskSpan(span(task, 20, 30, State::Running));
    builder.addTaskSpan(span(task, 0, 20, State::Queued));
    builder.addLink({.from = {.timeNs = 9}});
    builder.addLink({.from = {.timeNs = 3}});
    const auto recording = builder.finish();
    const SpanColumns& spans = recording->track(*recording->trackOf(TrackKind::Task, 1)).spans;
    EXPECT_EQ(spans.at(0).state, State::Queued);
    EXPECT_EQ(spans.at(1).range, (TimeRange{20, 30}));
    EXPECT_EQ(recording->links[0].from.timeNs, 3);
    EXPECT_EQ(recording->range, (TimeRange{0, 30}));
    EXPECT_THAT(recording->diagnostics, IsEmpty());
}

TEST(RecordingBuilder, SaysWhichTransitionIsIllegal) {
    RecordingBuilder builder;
    const TaskId task = builder.addTask({"dish 3", "dish", State::Done, 0, 30});
    builder.addTaskSpan(span(task, 0, 10, State::Running));
    builder.addTaskSpan(span(task, 10, 20, State::Reserved));
    builder.addTaskSpan(span(task, 20, 30, State::Running));
    const auto recording = builder.finish();
    ASSERT_THAT(recording->diagnostics, SizeIs(1));
    EXPECT_EQ(recording->diagnostics[0].kind, "illegal-transition");
    EXPECT_EQ(recording->diagnostics[0].count, 1u);
    EXPECT_THAT(recording->diagnostics[0].message, HasSubstr("dish 3"));
    EXPECT_THAT(recording->diagnostics[0].message, HasSubstr("from running to reserved"));
}

TEST(RecordingBuilder, ChecksTheEndMarkOfATask) {
    RecordingBuilder builder;
    const TaskId task = builder.addTask({"a", "a", State::Done, 0, 10});
    builder.addTaskSpan(span(task, 0, 10, State::Queued)); // nobody took it, yet it is done
    EXPECT_THAT(builder.finish()->diagnostics, SizeIs(1));
}

TEST(RecordingBuilder, CountsEmptySpansInTheSequenceAndLeavesThemOut) {
    RecordingBuilder builder;
    const TaskId task = builder.addTask({"a", "a", State::Done, 0, 10});
    builder.addTaskSpan(span(task, 0, 10, State::Queued));
    builder.addTaskSpan(span(task, 10, 10, State::Running));
    const auto recording = builder.finish();
    EXPECT_THAT(recording->diagnostics, IsEmpty());
    EXPECT_EQ(recording->tracks[0].spans.size(), 1u);
}

TEST(RecordingBuilder, SaysWhenAWorkerWasInTwoStatesAtOnce) {
    RecordingBuilder builder;
    builder.addTask({"a", "a", State::Done, 0, 10});
    builder.addWorker({.name = "worker 1"});
    builder.addWorkerSpan(span(TaskId{1}, 0, 10, State::Running));
    builder.addWorkerSpan(span(TaskId{1}, 5, 12, State::Ready));
    const auto recording = builder.finish();
    ASSERT_THAT(recording->diagnostics, SizeIs(1));
    EXPECT_EQ(recording->diagnostics[0].kind, "overlapping-spans");
}

TEST(RecordingBuilder, GivesTracksToAllButControlWorkersAndBarriers) {
    RecordingBuilder builder;
    builder.addTask({"a", "a"});
    builder.addWorker({.name = "control", .isControl = true});
    builder.addWorker({.name = "worker 1"});
    builder.addObject({"start line", "barrier", 3});
    builder.addObject({"stove", "lock", 1});
    builder.addObject({"orders", "queue", 4});
    builder.addCore(1);
    const auto recording = builder.finish();
    std::vector<std::string> names;
    for (const Track& track : recording->tracks) {
        names.emplace_back(std::string(nameOf(track.kind)) + " " + track.name);
    }
    EXPECT_THAT(names, testing::ElementsAre("task a", "worker worker 1", "core core 1",
                                            "lock stove", "queue orders"));
    EXPECT_EQ(recording->trackOf(TrackKind::Lock, 2), TrackId{4});
    EXPECT_EQ(recording->trackOf(TrackKind::Lock, 1), std::nullopt);
    EXPECT_THAT(recording->tracksOf(TrackKind::Worker), testing::ElementsAre(TrackId{2}));
}

TEST(RecordingBuilder, AllowsATaskToBeginAnewWhenItsMessageCameBack) {
    for (const bool cameBack : {false, true}) {
        RecordingBuilder builder;
        const TaskId task = builder.addTask({"dish 3", "dish", State::Done, 0, 50'000'000});
        builder.addTaskSpan(span(task, 0, 10'000'000, State::Running));
        builder.addTaskSpan(span(task, 40'000'000, 45'000'000, State::Reserved));
        builder.addTaskSpan(span(task, 45'000'000, 50'000'000, State::Running));
        Restarts restarts;
        restarts.add(TaskId{2}, 39'000'000); // another one
        restarts.add(task, cameBack ? 39'000'000 : 61'000'000);
        builder.setRestarts(std::move(restarts));
        EXPECT_THAT(builder.finish()->diagnostics, SizeIs(cameBack ? 0 : 1));
    }
}

TEST(RecordingBuilder, SortsMessagesAndConsumersAndGivesUnusedQueuesNoTrack) {
    RecordingBuilder builder;
    const ObjectId used = builder.addObject({"used", "message-queue", 0});
    const ObjectId unused = builder.addObject({"unused", "message-queue", 0});
    const ObjectId shop = builder.addObject({"shop", "fanout-exchange", 0});
    builder.addObject({"orders", "queue", 4});
    builder.addObjectSpan(used, {.range = {3, 9}, .state = State::Queued});
    builder.addMessage({.timeNs = 5, .message = 1, .step = MessageStep::Delivered, .object = used});
    builder.addMessage({.timeNs = 5, .message = 1, .step = MessageStep::Acked, .object = used});
    builder.addMessage({.timeNs = 3, .message = 1, .step = MessageStep::Published, .object = shop});
    builder.addConsumer({unused, {}, 1, {0, 9}});
    builder.addConsumer({used, {}, 1, {4, 9}});
    builder.addConsumer({used, {}, 1, {2, 9}});
    builder.addBinding({shop, used, ""});
    const auto recording = builder.finish();
    ASSERT_THAT(recording->tracks, SizeIs(2));
    EXPECT_EQ(recording->tracks[0].name, "used");
    EXPECT_EQ(recording->tracks[1].name, "orders") << "of the program itself: always";
    EXPECT_EQ(recording->messages[0].step, MessageStep::Published);
    EXPECT_EQ(recording->messages[1].step, MessageStep::Delivered);
    EXPECT_EQ(recording->messages[2].step, MessageStep::Acked);
    EXPECT_EQ(recording->consumers[0].life.beginNs, 2);
    EXPECT_EQ(recording->consumers[2].queue, unused);
    EXPECT_THAT(recording->diagnostics, IsEmpty());
}

TEST(RecordingBuilder, SaysWhichMessagesNameWhatIsOfAnotherKind) {
    RecordingBuilder builder;
    const ObjectId stove = builder.addObject({"stove", "lock", 1});
    const ObjectId queue = builder.addObject({"tasks", "message-queue", 0});
    builder.addMessage({.timeNs = 1, .message = 1, .step = MessageStep::Queued, .object = stove});
    builder.addMessage({.timeNs = 2, .message = 1, .step = MessageStep::Queued, .object = queue});
    builder.addMessage({.timeNs = 3, .message = 0, .step = MessageStep::Queued, .object = queue});
    builder.addMessage({.timeNs = 4,
                        .message = 1,
                        .step = MessageStep::Acked,
                        .object = queue,
                        .task = TaskId{5}});
    builder.addBinding({queue, queue, "k"});
    builder.addConsumer({stove, {}, 0, {0, 1}});
    const auto recording = builder.finish();
    ASSERT_THAT(recording->diagnostics, SizeIs(1));
    EXPECT_EQ(recording->diagnostics[0].kind, "unsound-messages");
    EXPECT_EQ(recording->diagnostics[0].count, 5u);
    EXPECT_THAT(recording->diagnostics[0].message, HasSubstr("message event 1"));
}

} // namespace
} // namespace interleave::recording
