// SPDX-License-Identifier: GPL-3.0-or-later
// What workers and clients of a Celery cluster tell through its event exchange: one message is one
// event as a JSON object, or several as an array. Anybody may publish there, so nothing is taken on
// trust: what has not the shape of an event is counted and left out.
#pragma once

#include "engine/base/time.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::celery_events {

enum class EventType : std::uint8_t {
    TaskSent, // by a client, or a worker that retries
    TaskReceived,
    TaskStarted,
    TaskSucceeded,
    TaskFailed,
    TaskRejected,
    TaskRevoked,
    TaskRetried,
    TaskCancelled, // its worker lost the broker; the task comes back
    WorkerOnline,
    WorkerHeartbeat,
    WorkerOffline,
};

struct ClusterEvent {
    EventType type = EventType::WorkerHeartbeat;
    std::string node;          // "celery@host"; of a client "gen123@host"
    std::uint32_t pid = 0;     // of the node's main process; 0: unknown
    Nanoseconds stampNs = 0;   // since 1970 by the node's own clock
    Nanoseconds arrivalNs = 0; // CLOCK_MONOTONIC here; filled in by who received it

    // Of a task.
    std::string uuid{};
    std::string name{};      // only where it is sent or received
    std::string queue{};     // only where it is sent, like the next two
    std::string exchange{};  // empty: the default one
    std::string key{};       // by which the exchange routes
    std::string parent{};    // uuid of the task that called it
    std::string exception{}; // "ValueError('no')"
    std::uint32_t retries = 0;
    std::optional<Nanoseconds> etaNs{};     // not before; since 1970
    std::optional<Nanoseconds> runtimeNs{}; // as the worker measured it
    bool isRequeued = false;
    bool isExpired = false;

    // Of a worker.
    std::optional<std::uint32_t> active{};    // tasks that it executes
    std::optional<std::uint32_t> processed{}; // since it began
    std::optional<double> load{};             // of its machine, over one minute
    std::optional<Nanoseconds> everyNs{};     // between its heartbeats

    bool isOfTask() const { return type <= EventType::TaskCancelled; }
};

struct ParsedMessage {
    std::vector<ClusterEvent> events;
    std::uint64_t faults = 0;   // messages or parts of one that are no events
    std::uint64_t unknowns = 0; // events of other types: applications have their own
};

/// The body of one message.
ParsedMessage parseMessage(std::span<const std::byte> body);

/// "2026-11-23T15:00:00.25+01:00" in ns since 1970; without an offset it is UTC.
std::optional<Nanoseconds> parseIsoTime(std::string_view text);

} // namespace interleave::celery_events
