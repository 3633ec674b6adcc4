// SPDX-License-Identifier: GPL-3.0-or-later
// Recording: what a run left. Immutable; shared between threads as shared_ptr<const Recording>.
// Built by RecordingBuilder. Spans lie in columns per track, sorted by begin.
#pragma once

#include "engine/base/id.h"
#include "engine/base/state.h"
#include "engine/base/string_table.h"
#include "engine/base/time.h"
#include "engine/recording/detail_texts.h"
#include "engine/recording/run_info.h"
#include "engine/recording/span_columns.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::recording {

enum class TrackKind : std::uint8_t { Task, Worker, Core, Lock, Queue };
std::string_view nameOf(TrackKind kind); // "task", "worker", ...

struct Track {
    TrackId id{};
    TrackKind kind = TrackKind::Task;
    std::uint32_t subject = 0; // value of the TaskId, WorkerId, ObjectId, or the core's number
    std::string name{};        // "dish 3", "worker 1", "core 0", "GIL"
    SpanColumns spans{};
};

enum class LinkKind : std::uint8_t {
    Submit,     // submission -> first start
    Spawn,      // a task creates another
    Steal,      // a task spawned on one worker starts on another
    Handoff,    // release of a lock -> its next holder's acquire
    Wake,       // somebody lets a waiting task go on
    Deliver,    // put into a queue -> taken out of it; of a broker's: published -> delivered
    Flow,       // a flow of a foreign trace, whatever it meant there
    Redeliver,  // a delivery that came to nothing -> the next one of the same message
    Ack,        // delivered -> acknowledged
    DeadLetter, // left one queue for good -> delivered from another
};
std::string_view nameOf(LinkKind kind);

struct LinkEnd {
    Nanoseconds timeNs = 0;
    TaskId task{};
    WorkerId worker{};
};

struct Link {
    LinkKind kind = LinkKind::Submit;
    LinkEnd from{};
    LinkEnd to{};
    ObjectId object{};     // the lock or queue, where there is one
    bool isForced = false; // a hand-over that the waiter asked for
};

/// What happened to a message of a broker, in the order of a message's life.
enum class MessageStep : std::uint8_t {
    Published,
    Unroutable, // no queue wanted it; dropped
    Returned,   // the same, given back to its publisher
    Confirmed,
    Refused, // by a negative confirm
    Queued,  // a copy lies in a queue
    Delivered,
    Acked,
    Requeued,
    Rejected,
    Expired,
    Overflowed,
    DeadLettered, // lies in another queue now
    Lost,
};
std::string_view nameOf(MessageStep step); // "published", "dead-lettered", ...

struct MessageEvent {
    Nanoseconds timeNs = 0;
    std::uint32_t message = 0; // 1-based; its copies in several queues share it
    MessageStep step = MessageStep::Published;
    bool isRedelivered = false; // Delivered
    ObjectId object{};          // Published: the exchange, none for the default one; else the queue
    TaskId task{};     // Published: of the publisher; else the task that the message carries
    WorkerId worker{}; // who did it; none: the broker, or not known
};

/// How messages get from an exchange into a queue.
struct Binding {
    ObjectId exchange{};
    ObjectId queue{};
    std::string key{}; // for headers exchanges: the headers as text
};

struct Consumer {
    ObjectId queue{};
    WorkerId worker{};
    std::uint32_t prefetch = 0; // 0: any number
    TimeRange life{};
};

/// Something that happened at one moment and has no duration.
struct Mark {
    Nanoseconds timeNs = 0;
    TrackId track{}; // none: of a whole process or of everything
    StringId name{};
    std::uint32_t pid = 0;    // of a mark of a whole process; 0: of everything, or of a track
    std::uint64_t detail = 0; // key of its text in Recording::details; 0: none
};

/// A step function of time: (time, value) points, sorted by time.
struct Counter {
    std::string name{};        // "rss", "pss", "other load", "ready queue", kReadyMessages
    std::string unit{};        // "bytes", "ratio", "tasks", "messages"
    std::uint32_t subject = 0; // the pid, the core or the message queue's id, as the name says
    std::vector<Nanoseconds> time{};
    std::vector<double> value{};
};

/// Counters of each message queue: what lies there for anybody, and what consumers hold.
inline constexpr const char* kReadyMessages = "ready messages";
inline constexpr const char* kUnackedMessages = "unacked messages";

/// A voluntary or forced departure from a core, as the kernel reports it.
struct Switch {
    Nanoseconds timeNs = 0;
    WorkerId worker{};
    std::int16_t core = -1;
    bool isPreempted = false;
};

struct TaskInfo {
    std::string name{};           // "dish 3"
    std::string group{};          // "dish"
    State end = State::Cancelled; // Done, Failed or Cancelled
    Nanoseconds submittedNs = 0;
    Nanoseconds endNs = 0;
};

struct WorkerInfo {
    std::string name{}; // "worker 1"
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
    TimeRange life{};
    std::optional<Nanoseconds> cpuTimeNs{}; // as the kernel accounts the thread; absent if unknown
    std::uint32_t voluntarySwitches = 0;
    std::uint32_t involuntarySwitches = 0;
    std::uint32_t migrations = 0;
    bool isControl = false; // submits and waits; executes no tasks and has no track
};

struct ObjectInfo {
    std::string name{}; // "stove"
    /// "gil", "lock", "semaphore", "barrier", "queue" (bounded, of the program itself), or of a
    /// broker: "message-queue", "direct-exchange", "fanout-exchange", "topic-exchange",
    /// "headers-exchange"
    std::string kind{};
    std::uint32_t capacity = 0; // permits, parties or places; 0 where it means nothing
};
inline constexpr std::string_view kMessageQueueKind = "message-queue";
bool isExchangeKind(std::string_view kind);
/// The kind of the track on which objects of a kind are; none for those that nobody holds or lies
/// in: barriers and exchanges.
std::optional<TrackKind> trackKindOf(std::string_view objectKind);

struct ProcessInfo {
    std::uint32_t pid = 0;
    std::string name{};
    std::uint64_t peakRssBytes = 0;
};

enum class Severity : std::uint8_t { Info, Warning, DataLoss };
std::string_view nameOf(Severity severity); // "info", "warning", "data-loss"

struct Diagnostic {
    std::string kind{}; // "dropped-events"
    Severity severity = Severity::Info;
    std::uint64_t count = 0;
    std::string message{};
};

class Recording {
public:
    RunInfo info;
    /// From the first submission (time 0) to the end of everything recorded. What the workers did
    /// before the first submission lies at negative times, outside of it.
    TimeRange range;
    std::vector<TaskInfo> tasks;     // index = TaskId.value - 1
    std::vector<WorkerInfo> workers; // index = WorkerId.value - 1
    std::vector<ObjectInfo> objects; // index = ObjectId.value - 1
    std::vector<ProcessInfo> processes;
    std::vector<Track> tracks;          // index = TrackId.value - 1; sorted by (kind, subject)
    std::vector<Link> links;            // sorted by from.timeNs
    std::vector<MessageEvent> messages; // sorted by time
    std::vector<Binding> bindings;
    std::vector<Consumer> consumers; // sorted by queue, then begin
    std::vector<Counter> counters;
    std::vector<Switch> switches; // sorted by time
    std::vector<Mark> marks;      // sorted by time
    std::vector<Diagnostic> diagnostics;
    StringTable strings;
    std::shared_ptr<const DetailTexts> details; // absent where no span has any
    bool isLive = false;                        // a snapshot of a run that goes on

    const TaskInfo& task(TaskId id) const { return tasks[id.value - 1]; }
    const WorkerInfo& worker(WorkerId id) const { return workers[id.value - 1]; }
    const ObjectInfo& object(ObjectId id) const { return objects[id.value - 1]; }
    const Track& track(TrackId id) const { return tracks[id.value - 1]; }
    /// Tracks of one kind, in order.
    std::vector<TrackId> tracksOf(TrackKind kind) const;
    /// The track of a subject, if there is one.
    std::optional<TrackId> trackOf(TrackKind kind, std::uint32_t subject) const;
};

} // namespace interleave::recording
