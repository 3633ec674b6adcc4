// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever the events are, a recording comes out.
#include "engine/collector/assemble.h"
#include "engine/recording/message_lives.h"
#include "tests/engine/collector/session_text.h"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <random>

namespace interleave::collector {
namespace {

using recording::Track;
using recording::TrackKind;

StreamEvents randomStream(std::mt19937_64& random, std::size_t count, bool isPlausible) {
    StreamEvents stream;
    stream.info.role = static_cast<record::StreamRole>(random() % 4);
    stream.info.name = "s";
    stream.tid = static_cast<std::uint32_t>(random() % 3);
    for (std::size_t i = 0; i < count; ++i) {
        TimedEvent event;
        event.ns = isPlausible ? static_cast<Nanoseconds>(random() % 1000)
                               : static_cast<Nanoseconds>(random() >> (7 + random() % 57));
        event.kind = static_cast<record::EventKind>(random() % 128);
        event.a = static_cast<std::uint32_t>(isPlausible ? random() % 5 : random());
        event.b = static_cast<std::uint32_t>(isPlausible ? random() % 8 : random());
        stream.events.push_back(event);
    }
    return stream;
}

void expectSoundMessages(const recording::Recording& recording) {
    EXPECT_TRUE(std::ranges::is_sorted(recording.messages, {}, &recording::MessageEvent::timeNs));
    EXPECT_EQ(
        std::ranges::find(recording.diagnostics, "unsound-messages", &recording::Diagnostic::kind),
        recording.diagnostics.end());
    const auto lives = recording::MessageLives::of(recording.messages);
    for (const recording::MessageCopy& copy : lives.copies) {
        Nanoseconds at = copy.queuedNs;
        for (const recording::MessageDelivery& delivery : lives.deliveriesOf(copy)) {
            ASSERT_LE(at, delivery.readySinceNs);
            ASSERT_LE(delivery.readySinceNs, delivery.timeNs);
            ASSERT_LE(delivery.timeNs, delivery.endNs);
            at = delivery.timeNs;
        }
        ASSERT_LE(at, copy.endNs);
    }
    for (const recording::Link& link : recording.links) {
        const bool isOfMessage = link.kind == recording::LinkKind::Redeliver ||
                                 link.kind == recording::LinkKind::Ack ||
                                 link.kind == recording::LinkKind::DeadLetter;
        ASSERT_TRUE(!isOfMessage || link.from.timeNs <= link.to.timeNs);
    }
}

TEST(Garbage, GivesARecordingWhoseSpansAreInOrder) {
    std::mt19937_64 random(1);
    for (int round = 0; round < 400; ++round) {
        std::vector<StreamEvents> streams;
        for (int i = 0; i < 4; ++i) {
            streams.push_back(randomStream(random, 120, round % 2 == 0));
        }
        SessionFacts facts;
        facts.isLive = round % 3 == 0;
        const auto recording = assemble(kitchen(), std::move(streams), facts);
        for (const Track& track : recording->tracks) {
            for (const recording::SpanLane& lane : track.spans.lanes()) {
                for (std::size_t i = lane.first; i < lane.end(); ++i) {
                    ASSERT_GT(track.spans.duration[i], 0) << track.name;
                    ASSERT_TRUE(i == lane.first ||
                                track.spans.rangeAt(i - 1).endNs <= track.spans.begin[i]);
                }
            }
            if (track.kind == TrackKind::Worker || track.kind == TrackKind::Task) {
                ASSERT_TRUE(track.spans.isFlat()) << nameOf(track.kind) << round;
            }
        }
        ASSERT_NO_FATAL_FAILURE(expectSoundMessages(*recording)) << round;
    }
}

TEST(Garbage, AssemblesAMillionEventsInOrderNLogN) {
    const auto millisecondsFor = [](std::size_t eventCount) {
        std::vector<StreamEvents> streams(3);
        streams[0].info.role = record::StreamRole::Worker;
        streams[0].tid = 10;
        streams[1].info.role = record::StreamRole::Kernel;
        streams[2].info.role = record::StreamRole::Worker;
        streams[2].tid = 11;
        for (std::size_t i = 0; i < eventCount / 2; ++i) {
            const auto at = static_cast<Nanoseconds>(i) * 100;
            const auto task = static_cast<std::uint32_t>(i / 1000 % 3 + 1);
            streams[0].events.push_back(
                {at, task, 0, record::kindOf(i % 2 == 0 ? State::Running : State::WaitingIo)});
            streams[1].events.push_back(
                {at + 10, 10, 0,
                 i % 2 == 0 ? record::EventKind::SwitchedIn : record::EventKind::SwitchedOut});
        }
        const auto begin = std::chrono::steady_clock::now();
        const auto recording = assemble(kitchen(), std::move(streams), {});
        EXPECT_GT(recording->range.endNs, 0);
        return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin)
            .count();
    };
    const double small = millisecondsFor(100'000);
    const double large = millisecondsFor(1'000'000);
    RecordProperty("milliseconds_per_million_events", std::to_string(large));
    EXPECT_LT(large, 60 * std::max(small, 1.0)) << "ten times the events";
}

} // namespace
} // namespace interleave::collector
