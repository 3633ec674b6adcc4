// SPDX-License-Identifier: GPL-3.0-or-later
// Each test is a story of messages: what several processes tell, and what is seen of it.
#include "engine/collector/assemble.h"
#include "engine/collector/message_tracks.h"
#include "engine/recording/message_lives.h"
#include "tests/engine/collector/session_text.h"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>
#include <gmock/gmock.h>

namespace interleave::collector {
namespace {

using recording::Counter;
using recording::LinkKind;
using recording::Recording;
using recording::Span;
using recording::TrackKind;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::uint32_t kTasks = 5; // the queue "tasks" in kitchen()
constexpr std::uint32_t kDead = 6;

std::string nameOfTask(const Recording& recording, TaskId task) {
    return task ? recording.task(task).name : "-";
}
std::string nameOfWorker(const Recording& recording, WorkerId worker) {
    return worker ? recording.worker(worker).name : "-";
}

/// "0-4 queued a - delivered": times in us, state, task, worker, cause.
std::vector<std::string> spansOf(const Recording& recording, std::uint32_t queue) {
    std::vector<std::string> lines;
    const auto track = recording.trackOf(TrackKind::Queue, queue);
    if (!track) {
        return lines;
    }
    const recording::SpanColumns& spans = recording.track(*track).spans;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const Span span = spans.at(i);
        lines.push_back(fmt::format(
            "{}-{} {} {} {} {}", span.range.beginNs / kUnitNs, span.range.endNs / kUnitNs,
            nameOf(span.state), nameOfTask(recording, span.task),
            nameOfWorker(recording, span.worker), recording.strings.text(span.cause)));
    }
    return lines;
}

/// "deliver 0 a control -> 4 b w0 in tasks"
std::vector<std::string> linksOf(const Recording& recording) {
    std::vector<std::string> lines;
    for (const recording::Link& link : recording.links) {
        if (link.kind == LinkKind::Submit) {
            continue;
        }
        const auto end = [&](const recording::LinkEnd& each) {
            return fmt::format("{} {} {}", each.timeNs / kUnitNs, nameOfTask(recording, each.task),
                               nameOfWorker(recording, each.worker));
        };
        lines.push_back(fmt::format("{} {} -> {} in {}", nameOf(link.kind), end(link.from),
                                    end(link.to), recording.object(link.object).name));
    }
    return lines;
}

/// "0:1 4:0"
std::string counterOf(const Recording& recording, const char* name, std::uint32_t queue) {
    std::string text;
    for (const Counter& counter : recording.counters) {
        if (counter.name != name || counter.subject != queue) {
            continue;
        }
        EXPECT_EQ(counter.unit, "messages");
        for (std::size_t i = 0; i < counter.time.size(); ++i) {
            text += fmt::format("{}{}:{}", i == 0 ? "" : " ", counter.time[i] / kUnitNs,
                                counter.value[i]);
        }
    }
    return text;
}

std::vector<std::string> diagnosticsOf(const Recording& recording) {
    std::vector<std::string> kinds;
    for (const recording::Diagnostic& diagnostic : recording.diagnostics) {
        kinds.push_back(fmt::format("{} {}", diagnostic.kind, diagnostic.count));
    }
    return kinds;
}

TEST(Messages, ShowEachStepOfATasksMessage) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 b queued
        0 a queued
        1 published 1 shop
        1 carries 1 a
        2 routed 1 tasks
        3 confirmed 1
        stream worker w0 tid 10
        0 start
        0 consumes tasks 4
        4 delivered 1 tasks
        4 a reserved
        6 a running
        8 a done
        9 acked 1 tasks
        9 leaves tasks
        9 end
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("2-4 queued a - delivered", "4-9 reserved a w0 acked"));
    EXPECT_THAT(linksOf(*recording), ElementsAre("deliver 1 - control -> 4 a w0 in tasks",
                                                 "ack 4 a w0 -> 9 a w0 in tasks"));
    EXPECT_EQ(counterOf(*recording, recording::kReadyMessages, kTasks), "2:1 4:0");
    EXPECT_EQ(counterOf(*recording, recording::kUnackedMessages, kTasks), "4:1 9:0");
    std::vector<std::string> steps;
    for (const recording::MessageEvent& event : recording->messages) {
        EXPECT_EQ(event.message, 1u);
        steps.push_back(fmt::format("{} {} {} {}", event.timeNs / kUnitNs, nameOf(event.step),
                                    nameOfTask(*recording, event.task),
                                    nameOfWorker(*recording, event.worker)));
    }
    EXPECT_THAT(steps, ElementsAre("1 published - control", "2 queued a -", "3 confirmed a control",
                                   "4 delivered a w0", "9 acked a w0"));
    EXPECT_EQ(recording->messages[0].object, ObjectId{7});
    EXPECT_EQ(recording->messages[1].object, ObjectId{kTasks});
    ASSERT_EQ(recording->bindings.size(), 1u);
    EXPECT_EQ(recording->bindings[0].key, "dish.#");
    ASSERT_EQ(recording->consumers.size(), 1u);
    EXPECT_EQ(recording->consumers[0].prefetch, 4u);
    EXPECT_EQ(recording->consumers[0].life, (TimeRange{0, 9 * kUnitNs}));
    EXPECT_THAT(diagnosticsOf(*recording), ElementsAre("unsubmitted-tasks 1", "unfinished-tasks 1"))
        << "b and c of the kitchen are no concern of this";
}

TEST(Messages, KeepADeclaredQueueWithoutMessagesAndExchangesOffTheTracks) {
    const auto recording =
        recordingOf("stream worker w0 tid 10\n0 a queued\n1 a running\n2 a done");
    EXPECT_FALSE(recording->trackOf(TrackKind::Queue, kTasks));
    EXPECT_TRUE(recording->trackOf(TrackKind::Queue, 4)) << "the queue of the program itself";
    for (const recording::Track& track : recording->tracks) {
        EXPECT_NE(track.name, "shop");
    }
    EXPECT_TRUE(recording->messages.empty());
    EXPECT_EQ(recording->bindings.size(), 1u);
}

TEST(Messages, SayWhoPublishedThem) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        1 a running
        2 published 7 -
        2 routed 7 tasks
        5 a done
        6 end
        stream worker w1 tid 11
        0 start
        0 b queued
        3 delivered 7 tasks
        3 carries 7 b
        3 b running
        4 b done
        4 acked 7 tasks
        6 end
    )");
    EXPECT_THAT(linksOf(*recording),
                ElementsAre("deliver 2 a w0 -> 3 b w1 in tasks", "ack 3 b w1 -> 4 b w1 in tasks"));
    EXPECT_EQ(recording->messages[0].task, TaskId{1});
    EXPECT_TRUE(recording->messages[0].object.isNone()) << "the default exchange";
}

// Late ack: the worker is killed in the middle, the message comes back and runs twice.
TEST(Messages, ThatComeBackRunTwice) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        0 published 1 -
        0 carries 1 a
        0 routed 1 tasks
        6 requeued 1 tasks
        6 a queued
        stream worker w0 tid 10
        0 start
        1 delivered 1 tasks
        1 a reserved
        2 a running
        4 cpu 1
        stream worker w1 tid 11
        0 start
        8 delivered 1 tasks again
        8 a reserved
        9 a running
        12 a done
        13 acked 1 tasks
        14 end
        stream kernel k tid 99
        2 in 10 0
        4 out 10 0
        9 in 11 1
        14 out 11 1
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("0-1 queued a - delivered", "1-6 reserved a w0 requeued",
                            "6-8 queued a - delivered", "8-13 reserved a w1 acked"));
    EXPECT_THAT(linksOf(*recording), ElementsAre("deliver 0 - control -> 1 a w0 in tasks",
                                                 "redeliver 1 a w0 -> 8 a w1 in tasks",
                                                 "ack 8 a w1 -> 13 a w1 in tasks"));
    EXPECT_EQ(counterOf(*recording, recording::kReadyMessages, kTasks), "0:1 1:0 6:1 8:0");
    EXPECT_EQ(counterOf(*recording, recording::kUnackedMessages, kTasks), "1:1 6:0 8:1 13:0");
    std::size_t executions = 0;
    const auto& spans = recording->track(*recording->trackOf(TrackKind::Task, 1)).spans;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        executions += spans.state[i] == State::Running ? 1U : 0U;
    }
    EXPECT_EQ(executions, 2u);
    EXPECT_EQ(recording->task(TaskId{1}).end, State::Done);
    EXPECT_THAT(diagnosticsOf(*recording), ElementsAre("unsubmitted-tasks 2", "killed-workers 1"));
}

// The result was stored, then the worker died before its acknowledgement.
TEST(Messages, LetADoneTaskBeginAnewWhenTheyComeBack) {
    constexpr const char* kFirst = R"(
        stream control control tid 1
        0 a queued
        0 published 1 -
        0 carries 1 a
        0 routed 1 tasks
        stream worker w0 tid 10
        0 start
        1 delivered 1 tasks
        1 a reserved
        2 a running
        4 a done
        stream worker w1 tid 11
        0 start
    )";
    const auto again = recordingOf(std::string(kFirst) + R"(
        8 delivered 1 tasks again
        8 a reserved
        9 a running
        12 a done
        13 acked 1 tasks
        14 end
    )");
    EXPECT_THAT(spansOf(*again, kTasks),
                ElementsAre("0-1 queued a - delivered", "1-8 reserved a w0 requeued",
                            "8-13 reserved a w1 acked"));
    EXPECT_THAT(diagnosticsOf(*again), ElementsAre("unsubmitted-tasks 2", "killed-workers 1"));
    EXPECT_EQ(again->task(TaskId{1}).endNs, 12 * kUnitNs);

    const auto withoutReason = recordingOf(std::string(kFirst) + R"(
        8 a reserved
        9 a running
        12 a done
        14 end
    )");
    EXPECT_THAT(diagnosticsOf(*withoutReason),
                testing::IsSupersetOf({"illegal-transition 1", "events-after-end 1"}))
        << "nothing was delivered again";
}

// Early ack: acknowledged before the work was done, by a worker that died.
TEST(Messages, AreLostByAnEarlyAcknowledgement) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        0 published 1 -
        0 carries 1 a
        0 routed 1 tasks
        9 gone 1 tasks
        9 a failed
        stream worker w0 tid 10
        0 start
        1 delivered 1 tasks
        2 acked 1 tasks
        2 a running
        4 cpu 1
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("0-1 queued a - delivered", "1-2 reserved a w0 acked"));
    const auto lives = recording::MessageLives::of(recording->messages);
    ASSERT_EQ(lives.copies.size(), 1u);
    EXPECT_EQ(lives.copies[0].end, recording::CopyEnd::Lost);
    EXPECT_TRUE(lives.copies[0].isAcked);
    EXPECT_EQ(lives.copies[0].lostNs, 9 * kUnitNs);
    ASSERT_EQ(recording->marks.size(), 1u);
    EXPECT_EQ(recording->strings.text(recording->marks[0].name), "message lost");
    EXPECT_EQ(recording->marks[0].timeNs, 9 * kUnitNs);
    EXPECT_EQ(recording->marks[0].pid, 100u);
}

TEST(Messages, GoOnAsDeadLetters) {
    const auto recording = recordingOf(R"(
        stream control control tid 1
        0 a queued
        0 published 1 -
        0 carries 1 a
        0 routed 1 tasks
        0 published 2 -
        0 routed 2 tasks
        5 expired 2 tasks
        5 dead-lettered 2 dead
        stream worker w0 tid 10
        0 start
        1 delivered 1 tasks
        3 rejected 1 tasks
        3 dead-lettered 1 dead
        4 delivered 1 dead
        6 acked 1 dead
        7 delivered 2 dead
        8 rejected 2 dead
        9 end
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("0-1 queued a - delivered", "1-3 reserved a w0 rejected",
                            "0-5 queued - - expired"));
    EXPECT_THAT(spansOf(*recording, kDead),
                testing::UnorderedElementsAre("3-4 queued a - delivered", "4-6 reserved a w0 acked",
                                              "5-7 queued - - delivered",
                                              "7-8 reserved - w0 rejected"));
    EXPECT_THAT(linksOf(*recording),
                ElementsAre("deliver 0 - control -> 1 a w0 in tasks",
                            "dead-letter 3 a w0 -> 4 a w0 in dead", "ack 4 a w0 -> 6 a w0 in dead",
                            "dead-letter 5 - - -> 7 - w0 in dead"));
    const auto lives = recording::MessageLives::of(recording->messages);
    ASSERT_EQ(lives.copies.size(), 4u);
    EXPECT_EQ(lives.copies[0].end, recording::CopyEnd::DeadLettered);
    EXPECT_EQ(lives.copies[0].whyDeadLettered, recording::MessageStep::Rejected);
    EXPECT_EQ(lives.copies[2].end, recording::CopyEnd::DeadLettered);
    EXPECT_EQ(lives.copies[2].whyDeadLettered, recording::MessageStep::Expired);
    EXPECT_EQ(lives.copies[3].end, recording::CopyEnd::Rejected) << "nowhere to go from there";
}

TEST(Messages, LieInSeveralQueuesAsCopiesWithTasksOfTheirOwn) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        0 b queued
        0 c queued
        0 c running
        1 published 1 shop
        1 routed 1 tasks
        1 routed 1 dead
        2 c done
        9 end
        stream worker w1 tid 11
        0 start
        3 delivered 1 tasks
        3 carries 1 a
        3 a running
        4 a done
        4 acked 1 tasks
        9 end
        stream worker w2 tid 12
        0 start
        5 delivered 1 dead
        5 carries 1 b
        5 b running
        6 b done
        6 acked 1 dead
        9 end
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("1-3 queued a - delivered", "3-4 reserved a w1 acked"));
    EXPECT_THAT(spansOf(*recording, kDead),
                ElementsAre("1-5 queued b - delivered", "5-6 reserved b w2 acked"));
    EXPECT_THAT(linksOf(*recording),
                ElementsAre("deliver 1 c w0 -> 3 a w1 in tasks", "deliver 1 c w0 -> 5 b w2 in dead",
                            "ack 3 a w1 -> 4 a w1 in tasks", "ack 5 b w2 -> 6 b w2 in dead"));
    EXPECT_THAT(diagnosticsOf(*recording), IsEmpty());
}

TEST(Messages, AreNotDrawnBackwardsWhenTheirPublisherTellsLate) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        0 a running
        7 published 1 -
        7 routed 1 tasks
        9 a done
        9 end
        stream worker w1 tid 11
        0 start
        5 delivered 1 tasks
        6 acked 1 tasks
        8 b queued
        9 end
    )");
    EXPECT_THAT(linksOf(*recording),
                ElementsAre("deliver 7 a w0 -> 7 - w1 in tasks", "ack 7 - w1 -> 7 - w1 in tasks"));
    EXPECT_THAT(spansOf(*recording, kTasks), IsEmpty());
    EXPECT_THAT(diagnosticsOf(*recording),
                testing::Not(testing::Contains(testing::HasSubstr("messages"))));
}

TEST(Messages, ThatAreToldFarTooLateAreCounted) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        50000 published 1 -
        50000 routed 1 tasks
        stream worker w1 tid 11
        5 delivered 1 tasks
        6 acked 1 tasks
        50001 b queued
    )");
    EXPECT_THAT(linksOf(*recording),
                testing::Contains("deliver 50000 - w0 -> 50000 - w1 in tasks"));
    EXPECT_THAT(diagnosticsOf(*recording), testing::Contains("late-messages 1"));
}

// Who gives a message back tells so after the broker has handed it on.
TEST(Messages, AreGivenBackBeforeTheyAreDeliveredAgain) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 a queued
        0 routed 1 tasks
        1 delivered 1 tasks
        4 requeued 1 tasks
        9 b queued
        stream worker w1 tid 11
        3 delivered 1 tasks again
        6 acked 1 tasks
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("0-1 queued - - delivered", "1-4 reserved - w0 requeued",
                            "4-6 reserved - w1 acked"));
    EXPECT_THAT(diagnosticsOf(*recording),
                testing::Not(testing::Contains(testing::HasSubstr("messages"))));
}

TEST(Messages, ThatMakeNoSenseAreCountedAndNoMore) {
    const Manifest manifest = kitchen();
    auto streams = streamsOf(R"(
        stream worker w0 tid 10
        0 a queued
        0 routed 1 tasks
        1 routed 1 tasks
        2 acked 2 tasks
        3 requeued 3 tasks
        4 delivered 1 tasks
        5 acked 1 tasks
        6 acked 1 tasks
        7 leaves tasks
        9 a cancelled
    )",
                             manifest);
    const auto add = [&](record::EventKind kind, std::uint32_t a, std::uint32_t b) {
        streams[0].events.push_back({8 * kUnitNs, a, b, kind});
    };
    add(record::EventKind::MessageRouted, 5, 99);
    add(record::EventKind::MessageRouted, 5, 1); // a lock
    add(record::EventKind::MessagePublished, 5, kTasks);
    add(record::EventKind::MessageRouted, 0, kTasks);
    add(record::EventKind::MessageCarries, 5, 99);
    add(record::EventKind::ConsumerBegan, 5, 1);
    const auto recording = assemble(manifest, streams, {});
    EXPECT_THAT(
        diagnosticsOf(*recording),
        testing::IsSupersetOf({"unknown-id 6", "unpaired-messages 3", "repeated-messages 2"}));
}

TEST(Messages, StayWhereTheyAreAtTheEnd) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        1 routed 1 tasks
        1 routed 2 tasks
        2 consumes tasks 1
        3 delivered 1 tasks
        9 a cancelled
        10 end
    )");
    EXPECT_THAT(spansOf(*recording, kTasks),
                ElementsAre("1-3 queued - - delivered", "3-10 reserved - w0 ", "1-10 queued - - "));
    ASSERT_EQ(recording->consumers.size(), 1u);
    EXPECT_EQ(recording->consumers[0].life, (TimeRange{2 * kUnitNs, 10 * kUnitNs}));
}

TEST(Messages, ThatWereSubscribedToAgainHadTheirConnectionCut) {
    const auto recording = recordingOf(R"(
        stream worker w0 tid 10
        0 start
        0 a queued
        1 consumes tasks 1
        5 consumes tasks 2
        8 leaves tasks
        9 a cancelled
        10 end
    )");
    ASSERT_EQ(recording->consumers.size(), 2u);
    EXPECT_EQ(recording->consumers[0].life, (TimeRange{1 * kUnitNs, 5 * kUnitNs}));
    EXPECT_EQ(recording->consumers[1].life, (TimeRange{5 * kUnitNs, 8 * kUnitNs}));
    EXPECT_EQ(recording->consumers[1].prefetch, 2u);
    EXPECT_FALSE(recording->trackOf(TrackKind::Queue, kTasks)) << "nothing ever lay in it";
}

/// A publisher that is faster than the consumer; every message is acknowledged.
std::vector<StreamEvents> manyMessages(std::uint32_t count, std::uint32_t backlog) {
    std::vector<StreamEvents> streams(2);
    for (std::uint32_t i = 0; i < 2; ++i) {
        streams[i].info = {.role = record::StreamRole::Worker, .name = i == 0 ? "w0" : "w1"};
        streams[i].tid = 10 + i;
        streams[i].pid = 100;
    }
    const auto add = [&](std::uint32_t stream, Nanoseconds ns, record::EventKind kind,
                         std::uint32_t a, std::uint32_t b) {
        streams[stream].events.push_back({ns, a, b, kind});
    };
    add(0, 0, record::kindOf(State::Queued), 1, 0);
    add(0, 0, record::kindOf(State::Running), 1, 0);
    for (std::uint32_t i = 1; i <= count; ++i) {
        const Nanoseconds at = Nanoseconds{i} * 1000;
        add(0, at, record::EventKind::MessagePublished, i, 7);
        add(0, at + 10, record::EventKind::MessageRouted, i, kTasks);
        add(0, at + 20, record::EventKind::MessageConfirmed, i, 1);
        const Nanoseconds got = at + Nanoseconds{backlog} * 1000 + 500;
        add(1, got, record::EventKind::MessageDelivered, i, kTasks);
        add(1, got, record::EventKind::MessageCarries, i, 2);
        add(1, got + 300, record::EventKind::MessageAcked, i, kTasks);
    }
    add(0, Nanoseconds{count + backlog} * 1000 + 9000, record::kindOf(State::Done), 1, 0);
    return streams;
}

TEST(Messages, InThousandsShareOneLevelBelowThoseThatHaveTheirOwn) {
    const auto recording = assemble(kitchen(), manyMessages(2000, 500), {});
    const auto& spans = recording->track(*recording->trackOf(TrackKind::Queue, kTasks)).spans;
    EXPECT_EQ(spans.lanes().size(), kMessageLevels + 1u);
    const recording::SpanLane& more = spans.lanes().back();
    ASSERT_EQ(more.end() - more.first, 1u) << "they overlap all the time";
    EXPECT_EQ(recording->strings.text(spans.name[more.first]), kMoreMessages);
    EXPECT_GT(spans.duration[more.first], 2'000'000);
    double most = 0;
    for (const Counter& counter : recording->counters) {
        if (counter.name == recording::kReadyMessages) {
            most = *std::ranges::max_element(counter.value);
        }
    }
    EXPECT_NEAR(most, 501, 1) << "the counter knows how many there are";
}

TEST(Messages, InMillionsAreCollectedInSeconds) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the speed under ThreadSanitizer says nothing of ours";
#endif
    const auto secondsFor = [](std::uint32_t count) {
        auto streams = manyMessages(count, 1000);
        const auto begin = std::chrono::steady_clock::now();
        const auto recording = assemble(kitchen(), std::move(streams), {});
        EXPECT_EQ(recording->messages.size(), 5u * count);
        EXPECT_EQ(recording->links.size(), 2u * count + 1) << "and the publisher's submission";
        return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    };
    const double small = secondsFor(20'000);
    const double large = secondsFor(200'000);
    RecordProperty("seconds_per_million_messages", std::to_string(5 * large));
    EXPECT_LT(large, 60 * std::max(small, 0.01)) << "ten times the messages";
}

} // namespace
} // namespace interleave::collector
