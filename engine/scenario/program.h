// SPDX-License-Identifier: GPL-3.0-or-later
// Program: a scenario expanded into its tasks, with every varied value drawn from the seed. The
// same seed gives the same program under every model, in every process, so that runs can be
// compared and a spawned worker process can expand it again by itself.
#pragma once

#include "engine/base/id.h"
#include "engine/scenario/scenario.h"

#include <memory>
#include <vector>

namespace interleave::scenario {

/// A message that a Publish action sends, and who will get it by the routing rules.
struct PublishedMessage {
    struct Copy {
        ObjectId queue;
        TaskId handler; // none: nobody in the scenario handles that queue
    };
    std::uint32_t number = 0; // 1-based, unique in the program
    ObjectId exchange;        // none: the default exchange
    std::string key;
    /// Where it lies at first. It may go on from there by dead-letter exchanges, whose copies
    /// follow in the same list: every queue that it can ever reach is in it once.
    std::vector<Copy> copies;
    std::uint32_t routedCopies = 0; // of them, the ones that lie there at once
};

/// A step of one task, ready to execute: durations drawn, names resolved to ids.
struct Action {
    enum class Kind : std::uint8_t {
        Compute,
        Io,
        Sleep,
        Acquire,
        Release, // lock (begin and end of a lock step) or semaphore
        Barrier,
        Put,
        Get,
        Spawn,
        Await,
        Publish,
        Fail,
        Crash,
    };
    Kind kind = Kind::Compute;
    StepId step;                // for the recorder; Program::stepNames
    Nanoseconds durationNs = 0; // Compute: work in ns of an idle core; Io: latency; Sleep: length
    Kernel kernel = Kernel::Integers;
    bool releasesGil = false;               // Compute
    bool isBlocking = false;                // Io, Sleep: do not yield, even in an event loop
    std::uint64_t bytes = 0;                // Io, Publish
    ObjectId object;                        // Acquire, Release, Barrier, Put, Get
    std::vector<TaskId> tasks;              // Spawn: those created; Await: those waited for
    std::vector<PublishedMessage> messages; // Publish, in order
    /// Fail, Crash: strikes in try i (0-based) iff i < strikes.size() ? strikes[i] :
    /// strikes.back().
    std::vector<bool> strikes;
    const Step* source = nullptr; // for messages with line and column
};

struct Task {
    TaskId id;
    std::string name;  // "dish 3"; the template's name alone when there is only one
    std::string group; // the template's name
    std::size_t templateIndex = 0;
    TaskId parent;             // that spawns it or publishes its message; none: the run submits it
    Nanoseconds arrivalNs = 0; // submitted that long after the run (or its predecessor's end) began
    std::vector<TaskId> after; // submitted when all these have ended
    std::uint64_t payloadBytes = 0;
    std::uint64_t resultBytes = 0;
    std::uint32_t retries = 0;
    Nanoseconds retryDelayNs = 0;
    /// Before try i + 1 (0-based try i has failed); as many as retries, back-off and jitter drawn.
    /// Empty: retryDelayNs before each.
    std::vector<Nanoseconds> retryDelays;
    TaskId then;                 // submitted when this one has ended well; none: nothing
    bool isChained = false;      // some task's `then`: nobody else submits it
    ObjectId handles;            // the queue whose message it handles; none: it is submitted
    ObjectId queue;              // that its messages go to; none: the model's own
    std::vector<Action> actions; // lock steps flattened to Acquire ... Release
};

/// How long to wait after try `failedTry` (0-based) has failed.
Nanoseconds delayBeforeRetry(const Task& task, std::uint32_t failedTry);

enum class ObjectKind : std::uint8_t { Lock, Semaphore, Barrier, Queue, Exchange, MessageQueue };
std::string_view nameOf(ObjectKind kind);

struct Object {
    ObjectId id;
    ObjectKind kind = ObjectKind::Lock;
    std::string name;
    std::uint32_t capacity = 1; // lock 1; permits; parties; places; message queues: 0 for any
};

struct Program {
    std::shared_ptr<const Scenario> scenario;
    std::uint64_t seed = 1;
    std::vector<Task> tasks; // index = TaskId.value - 1; a child comes after its parent
    /// Index = ObjectId.value - 1; exchanges and then message queues are the last, each in the
    /// order of their declarations.
    std::vector<Object> objects;
    std::vector<std::string> stepNames; // index = StepId.value - 1

    const Task& task(TaskId id) const { return tasks[id.value - 1]; }
    const Object& object(ObjectId id) const { return objects[id.value - 1]; }
    ObjectId exchangeId(std::size_t declaration) const;
    ObjectId messageQueueId(std::size_t declaration) const;
};

/// As recordings have it: "lock", ..., "message-queue", "topic-exchange".
std::string kindTextOf(const Program& program, ObjectId object);

/// Whether some task asks the loopback server for something.
bool usesLoopback(const Program& program);

/// Expands; an error when there are more than 1 000 000 tasks or more names than an event can hold.
Result<Program> expand(std::shared_ptr<const Scenario> scenario, std::uint64_t seed);

} // namespace interleave::scenario
