// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/celery_events/cluster_event.h"

#include <gtest/gtest.h>
#include <string>
#include <string_view>

namespace interleave::celery_events {
namespace {

ParsedMessage parse(std::string_view text) {
    return parseMessage(std::as_bytes(std::span(text)));
}

TEST(ClusterEvent, TaskThatWasReceivedHasItsNameAndItsMoment) {
    // As Celery 5.2 writes it.
    const auto parsed = parse(R"json({"hostname": "celery@w1", "utcoffset": 0, "pid": 4711,
        "clock": 12, "uuid": "a-b", "name": "mail.send", "args": "()", "kwargs": "{}",
        "root_id": "a-b", "parent_id": "p-q", "retries": 2,
        "eta": "2026-11-23T15:00:00.250000+00:00", "expires": null,
        "timestamp": 1700000000.5, "type": "task-received"})json");
    ASSERT_EQ(parsed.events.size(), 1u);
    const ClusterEvent& event = parsed.events[0];
    EXPECT_EQ(event.type, EventType::TaskReceived);
    EXPECT_EQ(event.node, "celery@w1");
    EXPECT_EQ(event.pid, 4711u);
    EXPECT_EQ(event.uuid, "a-b");
    EXPECT_EQ(event.name, "mail.send");
    EXPECT_EQ(event.parent, "p-q");
    EXPECT_EQ(event.retries, 2u);
    EXPECT_EQ(event.stampNs, 1'700'000'000'500'000'000);
    EXPECT_EQ(event.etaNs, 1'795'446'000'250'000'000);
}

TEST(ClusterEvent, HeartbeatSaysWhatTheWorkerDoes) {
    const auto parsed = parse(R"({"type": "worker-heartbeat", "hostname": "celery@w1", "pid": 1,
        "timestamp": 5.0, "freq": 2.0, "active": 3, "processed": 40,
        "loadavg": [1.25, 1.0, 0.5], "sw_ident": "py-celery"})");
    ASSERT_EQ(parsed.events.size(), 1u);
    const ClusterEvent& event = parsed.events[0];
    EXPECT_FALSE(event.isOfTask());
    EXPECT_EQ(event.active, 3u);
    EXPECT_EQ(event.processed, 40u);
    EXPECT_EQ(event.load, 1.25);
    EXPECT_EQ(event.everyNs, 2'000'000'000);
}

TEST(ClusterEvent, OneMessageMayHoldMany) {
    const auto parsed = parse(R"([
        {"type": "task-started", "hostname": "w", "timestamp": 1, "uuid": "a"},
        {"type": "task-succeeded", "hostname": "w", "timestamp": 2, "uuid": "a", "runtime": 0.75},
        {"type": "task-progress", "hostname": "w", "timestamp": 2, "uuid": "a"},
        {"type": "task-failed", "hostname": "w", "timestamp": 2},
        17])");
    ASSERT_EQ(parsed.events.size(), 2u);
    EXPECT_EQ(parsed.events[1].runtimeNs, 750'000'000);
    EXPECT_EQ(parsed.unknowns, 1u) << "an application's own event";
    EXPECT_EQ(parsed.faults, 2u) << "no uuid; no object";
}

TEST(ClusterEvent, WhatIsNoEventIsCounted) {
    for (const char* const text :
         {"", "null", "{", "{}", "[[]]", R"({"type": 1})", "\x80\x81",
          R"({"type": "task-sent", "hostname": "w", "uuid": "a"})",
          R"({"type": "task-sent", "hostname": "w", "uuid": "a", "timestamp": -1})",
          R"({"type": "task-sent", "hostname": "w", "uuid": "a", "timestamp": 1e300})",
          R"({"type": "task-sent", "hostname": 7, "uuid": "a", "timestamp": 1})"}) {
        const auto parsed = parse(text);
        EXPECT_TRUE(parsed.events.empty()) << text;
        EXPECT_EQ(parsed.faults, 1u) << text;
    }
    EXPECT_EQ(parse(std::string(std::size_t{17} << 20, ' ')).faults, 1u);
}

TEST(ClusterEvent, TextsOfAnyLengthAreCut) {
    const auto parsed = parse(R"({"type": "task-failed", "hostname": "w", "timestamp": 1,
        "uuid": "a", "exception": ")" +
                              std::string(100'000, 'x') + "\"}");
    ASSERT_EQ(parsed.events.size(), 1u);
    EXPECT_LT(parsed.events[0].exception.size(), 200u);
}

TEST(IsoTime, IsReadWithItsOffset) {
    EXPECT_EQ(parseIsoTime("1970-01-01T00:00:01"), 1'000'000'000);
    EXPECT_EQ(parseIsoTime("1970-01-01T01:00:01+01:00"), 1'000'000'000);
    EXPECT_EQ(parseIsoTime("1970-01-01 00:00:00.5Z"), 500'000'000);
    EXPECT_EQ(parseIsoTime("1970-01-02T00:00:00-00:30"), 88'200'000'000'000);
    for (const char* const text :
         {"", "now", "2026-13-01T00:00:00", "2026-02-30T00:00:00", "2026-01-01", "1970-01-01T00:00",
          "1970-01-01T00:00:00+1", "1970-01-01T00:00:00 extra", "0000-01-01T00:00:00"}) {
        EXPECT_FALSE(parseIsoTime(text)) << text;
    }
}

} // namespace
} // namespace interleave::celery_events
