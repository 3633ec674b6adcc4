// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/engine/record/session_sketch.h"

#include <thread>

namespace interleave::record {

TEST(Writer, GivesBackWhatWasEmitted) {
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ASSERT_TRUE(session) << session.error().message;
        Writer writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "worker 1"});
        const StateDetail detail{ObjectId{7}, StepId{300}, true};
        writer.state(TaskId{5}, State::WaitingLock, detail);
        writer.acquired(TaskId{5}, ObjectId{7}, Acquisition::Forced);
        writer.released(TaskId{5}, ObjectId{7});
        writer.emitAt(42, EventKind::Woken, 1, 2);
        const std::uint64_t stamp = writer.now();
        writer.stateAt(stamp, TaskId{5}, State::Done);
        writer.stateAt(stamp, TaskId{6}, State::Running, {{}, StepId{1}});
    }
    const ReadSession session = readAll(folder.session());
    ASSERT_EQ(session.streams.size(), 1u);
    const auto& [header, events] = session.streams[0];
    EXPECT_EQ(header.info.name, "worker 1");
    EXPECT_EQ(header.info.role, StreamRole::Worker);
    EXPECT_EQ(header.pid, static_cast<std::uint32_t>(getpid()));
    EXPECT_EQ(header.tid, static_cast<std::uint32_t>(gettid()));
    // ThreadStarted, ThreadCpuTime, six of ours, ThreadCpuTime, ThreadEnded
    ASSERT_EQ(events.size(), 10u);
    EXPECT_EQ(events[0].kind(), EventKind::ThreadStarted);
    EXPECT_EQ(events[0].a, header.tid);
    EXPECT_EQ(events[1].kind(), EventKind::ThreadCpuTime);
    EXPECT_EQ(stateOf(events[2].kind()), State::WaitingLock);
    EXPECT_EQ(StateDetail::unpack(events[2].b).object, ObjectId{7});
    EXPECT_EQ(StateDetail::unpack(events[2].b).step, StepId{300});
    EXPECT_TRUE(StateDetail::unpack(events[2].b).isDetached);
    EXPECT_EQ(events[3].b, 7u | 2u << 16);
    EXPECT_EQ(events[4].kind(), EventKind::LockReleased);
    EXPECT_EQ(events[5].stamp(), 42u);
    EXPECT_EQ(events[6].stamp(), events[7].stamp());
    EXPECT_EQ(events[9].kind(), EventKind::ThreadEnded);
    EXPECT_LE(events[2].stamp(), events[3].stamp());
}

TEST(Writer, KeepsEveryEventOfEightThreadsInOrder) {
    constexpr std::uint32_t threads = 8;
    constexpr std::uint32_t eventsEach = 100'000;
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session) << session.error().message;
    auto reader = SessionReader::open(folder.session());
    ASSERT_TRUE(reader);
    ReadSession result;
    const EventSink sink = result.sink();
    std::atomic<std::uint32_t> running = threads;
    std::vector<std::jthread> workers;
    for (std::uint32_t thread = 1; thread <= threads; ++thread) {
        workers.emplace_back([&session, &running, thread] {
            {
                Writer writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "worker"});
                for (std::uint32_t i = 0; i < eventsEach; ++i) {
                    writer.emit(EventKind::Level, thread, i);
                }
            }
            --running;
        });
    }
    while (running > 0) { // the reader tails while they write
        reader->poll(sink);
    }
    workers.clear();
    reader->poll(sink);
    ASSERT_EQ(result.streams.size(), threads);
    for (const ReadStream& stream : result.streams) {
        const std::vector<Event> events = stream.ofKind(EventKind::Level);
        ASSERT_EQ(events.size(), eventsEach);
        for (std::uint32_t i = 0; i < eventsEach; ++i) {
            ASSERT_EQ(events[i].b, i);
            ASSERT_EQ(events[i].a, events[0].a);
            ASSERT_TRUE(i == 0 || events[i].stamp() >= events[i - 1].stamp());
        }
    }
    EXPECT_EQ(reader->droppedEvents(), 0u);
    EXPECT_TRUE(reader->problems().empty());
}

TEST(Writer, RecordsNothingWithoutASession) {
    Writer writer;
    writer.emit(EventKind::Level, 1, 2);
    writer.emitAt(3, EventKind::Level, 1, 2);
    EXPECT_FALSE(writer.isEnabled());
    EXPECT_EQ(writer.now(), 0u);
    EXPECT_EQ(writer.stampOfMonotonic(5), 0u);
}

TEST(Writer, CanBeMovedAndThenWritesOnInItsStream) {
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ASSERT_TRUE(session);
        Writer first = session->openStream({StreamRole::Control, ClockKind::Tsc, "control"});
        first.emit(EventKind::Level, 1, 1);
        Writer second = std::move(first);
        first.emit(EventKind::Level, 9, 9); // NOLINT(bugprone-use-after-move): records nothing
        second.emit(EventKind::Level, 1, 2);
        Writer third;
        third = std::move(second);
        third.emit(EventKind::Level, 1, 3);
    }
    const ReadSession session = readAll(folder.session());
    ASSERT_EQ(session.streams.size(), 1u);
    const auto levels = session.streams[0].ofKind(EventKind::Level);
    ASSERT_EQ(levels.size(), 3u);
    EXPECT_EQ(levels[2].b, 3u);
    EXPECT_EQ(session.streams[0].ofKind(EventKind::ThreadEnded).size(), 1u);
}

TEST(Writer, MayOutliveItsSession) {
    const TemporaryFolder folder;
    Writer writer;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ASSERT_TRUE(session);
        writer = session->openStream({StreamRole::Worker, ClockKind::Tsc, "late"});
    }
    writer.emit(EventKind::Level, 1, 1);
    writer = Writer();
    EXPECT_EQ(readAll(folder.session()).streams[0].ofKind(EventKind::Level).size(), 1u);
}

TEST(Writer, KeepsOnlyWholeCharactersOfALongName) {
    const TemporaryFolder folder;
    auto session = SessionWriter::create(folder.session(), smallSession());
    ASSERT_TRUE(session);
    const Writer writer = session->openStream(
        {StreamRole::Worker, ClockKind::Tsc, "123456789012345678901234567890é"});
    const ReadSession result = readAll(folder.session());
    EXPECT_EQ(result.streams.at(0).header.info.name, "123456789012345678901234567890");
}

TEST(Writer, SaysTheTimeOfItsThread) {
    const TemporaryFolder folder;
    {
        auto session = SessionWriter::create(folder.session(), smallSession());
        ASSERT_TRUE(session);
        std::jthread([&] {
            const Writer writer =
                session->openStream({StreamRole::Worker, ClockKind::Tsc, "worker"});
            const std::int64_t end = monotonicNow() + 5'000'000;
            while (monotonicNow() < end) {
            }
        });
    }
    const ReadSession session = readAll(folder.session());
    const auto times = session.streams.at(0).ofKind(EventKind::ThreadCpuTime);
    ASSERT_EQ(times.size(), 2u);
    const auto ns = [](const Event& event) {
        return event.a | static_cast<std::uint64_t>(event.b) << 32;
    };
    EXPECT_GT(ns(times[1]), ns(times[0]));
    EXPECT_LT(ns(times[1]), 10'000'000'000u); // its own, not the process'
}

} // namespace interleave::record
