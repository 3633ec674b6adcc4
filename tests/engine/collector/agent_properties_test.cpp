// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever a program writes into the agent's streams, and in however many pieces it is read.
#include "engine/collector/assemble.h"
#include "engine/collector/live_recording.h"
#include "tests/engine/collector/agent_story.h"

#include <algorithm>
#include <ctime>
#include <gtest/gtest.h>
#include <random>

namespace interleave::collector {
namespace {

using record::Event;
using record::EventKind;
using recording::Recording;
using recording::Track;
using recording::TrackKind;

Event randomEvent(std::mt19937_64& random, std::uint64_t& stamp) {
    constexpr EventKind kUsual[] = {EventKind::LockAcquired,
                                    EventKind::LockReleased,
                                    EventKind::LockWaited,
                                    EventKind::LockGaveUp,
                                    EventKind::CallBegan,
                                    EventKind::CallEnded,
                                    EventKind::ThreadStarted,
                                    EventKind::ThreadEnded,
                                    EventKind::Spawned,
                                    EventKind::Woken,
                                    EventKind::Dropped,
                                    EventKind::TaskNamed,
                                    EventKind::ObjectNamed,
                                    EventKind::StepNamed,
                                    EventKind::Text,
                                    EventKind::ThreadNamed,
                                    EventKind::LockFailed,
                                    EventKind::Marked,
                                    EventKind::MessagePublished,
                                    EventKind::MessageRouted,
                                    EventKind::MessageDelivered,
                                    EventKind::MessageAcked,
                                    EventKind::MessageRequeued,
                                    EventKind::MessageCarries,
                                    EventKind::ConsumerBegan,
                                    EventKind::FirstState,
                                    EventKind::LastState,
                                    record::kindOf(State::Running),
                                    record::kindOf(State::Ready)};
    stamp += random() % 50;
    const std::uint64_t at =
        random() % 8 == 0 ? stamp - std::min<std::uint64_t>(stamp, 200) : stamp;
    const bool isWild = random() % 16 == 0;
    const auto kind =
        isWild ? random() % 128 : static_cast<std::uint64_t>(kUsual[random() % std::size(kUsual)]);
    const auto word = [&] { return static_cast<std::uint32_t>(isWild ? random() : random() % 6); };
    const std::uint32_t a = word();
    return {at << 8 | kind, a, word() | (random() % 9 == 0 ? 0x10000u : 0u)};
}

std::vector<AgentStream> randomSession(std::mt19937_64& random, std::size_t events) {
    std::vector<AgentStream> streams = agentStreams(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        0 object 2 lock lock_1
        0 object 3 semaphore permits
        0 object 4 condition condition_1
        0 object 5 message-queue tasks
        0 message 1 first
        0 message 2 second
        0 task 1 one asyncio
        0 task 2 two pool_item key
        0 step 1 app.py:1
        thread 101 other made-by 100
        0 start
        process 200 python3 parent 100 forked-by 101
        thread 200 MainThread
        0 start
        0 object 1 gil GIL
        0 object 5 message-queue tasks
        0 message 1 second
        0 task 1 three pool_item key
        thread 101 reuse
        0 start
    )");
    for (AgentStream& stream : streams) {
        std::uint64_t stamp = 1000;
        for (std::size_t i = 0; i < events; ++i) {
            stream.events.push_back(randomEvent(random, stamp));
        }
    }
    AgentStream kernel;
    kernel.header.segment = 9;
    kernel.header.id = 99;
    kernel.header.info.role = record::StreamRole::Kernel;
    for (std::size_t i = 0; i < events; ++i) {
        constexpr std::uint32_t kThreads[] = {100, 101, 200, 7};
        kernel.events.push_back(
            {(1000 + i * 25) << 8 | static_cast<std::uint64_t>(i % 2 == 0 ? EventKind::SwitchedIn
                                                                          : EventKind::SwitchedOut),
             kThreads[random() % 4], static_cast<std::uint32_t>(random() % 2)});
    }
    streams.push_back(kernel);
    return streams;
}

void expectOrderedSpans(const Recording& recording) {
    for (const Track& track : recording.tracks) {
        for (const recording::SpanLane& lane : track.spans.lanes()) {
            for (std::size_t i = lane.first; i < lane.end(); ++i) {
                ASSERT_GT(track.spans.duration[i], 0) << track.name;
                ASSERT_TRUE(i == lane.first ||
                            track.spans.rangeAt(i - 1).endNs <= track.spans.begin[i]);
            }
        }
        if (track.kind == TrackKind::Worker || track.kind == TrackKind::Task) {
            ASSERT_TRUE(track.spans.isFlat()) << track.name;
        }
    }
}

TEST(AgentGarbage, GivesARecordingWhoseSpansAreInOrder) {
    std::mt19937_64 random(7);
    for (int round = 0; round < 200; ++round) {
        AgentReplay replay;
        for (const AgentStream& stream : randomSession(random, 150)) {
            replay.add(stream, 0, stream.events.size());
        }
        replay.translate(true);
        SessionFacts facts = replay.facts();
        facts.isLive = round % 4 == 0;
        expectOrderedSpans(*assemble(replay.manifest(), replay.streams(), facts));
    }
}

TEST(AgentGarbage, GivesALiveRecordingToo) {
    std::mt19937_64 random(11);
    for (int round = 0; round < 50; ++round) {
        const std::vector<AgentStream> session = randomSession(random, 150);
        AgentReplay replay;
        for (std::size_t first = 0; first < 170; first += 20) {
            for (const AgentStream& stream : session) {
                const std::size_t from = std::min(first, stream.events.size());
                replay.add(stream, from, std::min<std::size_t>(20, stream.events.size() - from));
            }
            replay.translate(false);
            SessionFacts facts = replay.facts();
            facts.isLive = true;
            expectOrderedSpans(*assemble(replay.manifest(), replay.streams(), facts));
        }
    }
}

/// Two threads that take turns with the GIL; the second one runs asyncio's steps, of which new
/// ones come up all the time.
std::vector<AgentStream> turns(std::uint32_t rounds) {
    std::vector<AgentStream> streams = agentStreams(R"(
        process 100 python3
        thread 100 MainThread
        0 start
        0 object 1 gil GIL
        thread 101 Loop made-by 100
        0 start
        kernel
        0 in 100 0
        0 in 101 1
    )");
    const auto put = [&](std::size_t stream, std::uint64_t ns, EventKind kind, std::uint32_t a,
                         std::uint32_t b) {
        streams[stream].events.push_back({ns << 8 | static_cast<std::uint64_t>(kind), a, b});
    };
    for (std::uint32_t i = 0; i < rounds; ++i) {
        const std::uint64_t at = 10'000 + std::uint64_t{i} * 100'000;
        put(0, at, EventKind::LockAcquired, 0, 1 | 2u << 16);
        put(1, at + 10'000, EventKind::LockWaited, 100, 1);
        put(0, at + 50'000, EventKind::LockReleased, 0, 1);
        put(1, at + 50'100, EventKind::LockAcquired, 0, 1 | 2u << 16);
        put(0, at + 50'200, EventKind::LockWaited, 101, 1);
        const std::uint32_t task = i / 8 + 1;
        if (i % 8 == 0) {
            put(1, at + 50'300, EventKind::TaskNamed, task, 4);
            streams[1].events.push_back({(0x6b736174ull | std::uint64_t{0}) << 8 |
                                             static_cast<std::uint64_t>(EventKind::Text),
                                         0, 0});
        }
        put(1, at + 60'000, record::kindOf(State::Running), task, 0);
        put(1, at + 80'000,
            i % 8 == 7 ? record::kindOf(State::Done) : record::kindOf(State::Suspended), task,
            record::StateDetail{{}, {}, true}.pack());
        put(1, at + 99'000, EventKind::LockReleased, 0, 1);
        put(2, at + 99'100, EventKind::SwitchedOut, 101, 1);
        put(2, at + 99'200, EventKind::SwitchedIn, 101, 1);
    }
    return streams;
}

using Spans = std::vector<std::tuple<std::string, Nanoseconds, Nanoseconds, State, std::string>>;

Spans spansOf(const Recording& recording) {
    Spans spans;
    for (const Track& track : recording.tracks) {
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            spans.emplace_back(track.name, track.spans.rangeAt(i).beginNs,
                               track.spans.rangeAt(i).endNs, track.spans.state[i],
                               std::string(recording.strings.text(track.spans.cause[i])));
        }
    }
    std::ranges::sort(spans);
    return spans;
}

TEST(AgentLive, ASnapshotShowsWhatAllEventsWouldHaveMade) {
    const std::vector<AgentStream> session = turns(12'000);
    AgentReplay replay;
    LiveRecording live(replay.manifest());
    std::map<std::uint32_t, std::size_t> shown;
    std::vector<std::size_t> read(session.size(), 0);
    int settled = 0;
    for (Nanoseconds until = 300'000'000; until <= 1'500'000'000; until += 240'000'000) {
        for (std::size_t s = 0; s < session.size(); ++s) {
            std::size_t end = read[s];
            while (end < session[s].events.size() &&
                   (session[s].events[end].kind() == EventKind::Text ||
                    session[s].events[end].stamp() <= static_cast<std::uint64_t>(until))) {
                ++end;
            }
            replay.add(session[s], read[s], end - read[s]);
            read[s] = end;
        }
        replay.translate(false);
        const std::vector<StreamEvents> all = replay.streams();
        for (std::uint32_t s = 0; s < all.size(); ++s) {
            StreamEvents news = all[s];
            news.events.erase(news.events.begin(),
                              news.events.begin() + static_cast<std::ptrdiff_t>(shown[s]));
            shown[s] = all[s].events.size();
            live.add({all[s].segment, s}, news);
        }
        const std::size_t open = live.openEvents();
        SessionFacts facts = replay.facts();
        facts.isLive = true;
        const auto snapshot = live.snapshot(facts);
        ASSERT_NE(snapshot, nullptr);
        settled += live.openEvents() < open ? 1 : 0;
        const auto whole = assemble(replay.manifest(), all, facts);
        EXPECT_EQ(snapshot->tasks.size(), whole->tasks.size());
        EXPECT_GT(snapshot->tasks.size(), 100u);
        const Spans liveSpans = spansOf(*snapshot);
        const Spans wholeSpans = spansOf(*whole);
        ASSERT_EQ(liveSpans.size(), wholeSpans.size());
        const auto differing = std::ranges::mismatch(liveSpans, wholeSpans);
        ASSERT_EQ(differing.in1, liveSpans.end())
            << std::get<0>(*differing.in1) << ' ' << std::get<1>(*differing.in1) << " or "
            << std::get<0>(*differing.in2) << ' ' << std::get<1>(*differing.in2);
    }
    EXPECT_GE(settled, 2) << "nothing was ever settled";
}

TEST(AgentSpeed, TranslatesMillionsOfEventsASecond) {
#if defined(__SANITIZE_THREAD__)
    GTEST_SKIP() << "the speed under ThreadSanitizer says nothing of ours";
#endif
    const std::vector<AgentStream> session = turns(60'000);
    std::size_t count = 0;
    AgentReplay replay;
    const std::clock_t begin = std::clock(); // CPU time: the machine is shared
    for (const AgentStream& stream : session) {
        if (stream.process.writer == record::WriterKind::Agent) {
            replay.session().add(
                stream.header, stream.process, stream.events,
                [](std::uint64_t stamp) { return static_cast<Nanoseconds>(stamp); });
            count += stream.events.size();
        }
    }
    std::size_t made = 0;
    replay.session().translate(
        true,
        [&](AgentSession::StreamKey, const std::vector<Event>& events) { made += events.size(); });
    const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    const double millions = static_cast<double>(count) * 1e-6 / seconds;
    RecordProperty("million_events_per_second", std::to_string(millions));
    std::printf("%.1f million events a second\n", millions);
    EXPECT_GT(made, count);
    EXPECT_GT(millions, 1.0);
}

} // namespace
} // namespace interleave::collector
