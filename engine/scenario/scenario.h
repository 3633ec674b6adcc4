// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario: what a scenario file says, checked: every name that a step uses is declared. Plain
// values; how it is executed is the models' business.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"
#include "engine/routing/routing.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace interleave::scenario {

enum class Kernel : std::uint8_t { Integers, Primes, Sha256, Memory };
std::string_view nameOf(Kernel kernel); // "integers", ...

/// A duration that may vary from task to task: uniform in nominal * [1 - spread, 1 + spread].
struct VariedDuration {
    Nanoseconds nominalNs = 0;
    double spread = 0; // 0.5 for "± 50 %"
};

/// When a fail or crash step strikes.
struct Chance {
    enum class When : std::uint8_t { Always, FirstTry, Probability } when = When::Always;
    double probability = 1;
};

struct Step;
using Steps = std::vector<Step>;

struct ComputeStep {
    VariedDuration work;
    Kernel kernel = Kernel::Integers;
    bool releasesGil = false;
};
/// blocking = true asks an event loop to wait without yielding: a blocking call in a coroutine.
struct IoStep {
    VariedDuration latency;
    std::uint64_t bytes = 0;
    bool isBlocking = false;
};
struct SleepStep {
    VariedDuration length;
    bool isBlocking = false;
};
struct LockStep {
    std::size_t lock;
    Steps steps;
}; // index into Scenario::locks
struct AcquireStep {
    std::size_t semaphore;
};
struct ReleaseStep {
    std::size_t semaphore;
};
struct BarrierStep {
    std::size_t barrier;
};
struct PutStep {
    std::size_t queue;
};
struct GetStep {
    std::size_t queue;
};
/// Creates `count` tasks of the template; templates never spawn themselves, directly or not.
struct SpawnStep {
    std::size_t task;
    std::uint32_t count = 1;
};
/// Waits for all tasks of the template that this task has spawned so far.
struct AwaitStep {
    std::size_t task;
};
/// Sends messages to an exchange, one by one.
struct PublishStep {
    std::optional<std::size_t> exchange; // none: the default exchange; `keys` are names of queues
    std::vector<std::string> keys;       // at least one; message i has key i modulo their number
    routing::Headers headers;
    std::uint64_t bytes = 0;
    std::uint32_t count = 1;
    std::uint8_t priority = 0;
    Nanoseconds expiresNs = 0; // 0: never
    bool isMandatory = false;
    bool isPersistent = false;
    bool wantsReply = false; // waits for the answer that the task which handles it sends at its end
};
struct FailStep {
    Chance chance;
};
struct CrashStep {
    Chance chance;
};

struct Step {
    std::variant<ComputeStep, IoStep, SleepStep, LockStep, AcquireStep, ReleaseStep, BarrierStep,
                 PutStep, GetStep, SpawnStep, AwaitStep, PublishStep, FailStep, CrashStep>
        what;
    std::string name; // "compute 20 ms", "io 80 ms", "stove" for a lock: what a span is called
    int line = 0;     // in the file, for errors that only a model can find
    int column = 0;
};

/// The kinds of step, in the order of Step::what, as a scenario file writes them.
std::string_view kindNameOf(const Step& step); // "compute", "io", ...

struct LockDeclaration {
    std::string name;
};
struct SemaphoreDeclaration {
    std::string name;
    std::uint32_t permits = 1;
};
struct BarrierDeclaration {
    std::string name;
    std::uint32_t parties = 2;
};
struct QueueDeclaration {
    std::string name;
    std::uint32_t capacity = 1;
};

struct ExchangeDeclaration {
    std::string name;
    routing::ExchangeKind kind = routing::ExchangeKind::Direct;
    bool isDurable = false;
    std::optional<std::size_t> alternate; // exchange for what no queue wants
};
enum class QueueOverflow : std::uint8_t { DropHead, RejectPublish };
/// A queue of the broker; a QueueDeclaration is one within the program.
struct MessageQueueDeclaration {
    struct Bind {
        std::size_t exchange;
        routing::Binding binding;
    };
    std::string name;
    std::vector<Bind> bindings;
    bool isDurable = false;
    Nanoseconds ttlNs = 0;       // 0: for ever
    std::uint32_t maxLength = 0; // 0: any
    QueueOverflow overflow = QueueOverflow::DropHead;
    std::optional<std::size_t> deadLetterExchange; // with deadLetterKey alone: the default exchange
    std::optional<std::string> deadLetterKey;
    std::uint8_t maxPriority = 0;
};
/// A worker of a task queue: a process that takes tasks from queues and has `slots` to do them in.
struct TaskWorkerDeclaration {
    std::string name;
    std::vector<std::size_t> queues; // indices into messageQueues; empty: all that tasks go to
    std::optional<std::uint32_t> slotCount; // else --workers
    std::optional<std::uint32_t> prefetch;  // multiplier; else the run's
};

/// Something that goes wrong on purpose.
struct Fault {
    enum class Kind : std::uint8_t {
        KillWorker,    // kill -9 of what executes tasks: of worker `target` (1-based), or of one
                       // that is at work
        StopBroker,    // ended, and started again after lengthNs
        SlowConsumer,  // `target` takes lengthNs longer for each message from then on
        CutConnection, // of consumer or worker `target`: nothing is said, it connects again
    };
    Kind kind = Kind::KillWorker;
    Nanoseconds atNs = 0;     // after the first submission
    std::uint32_t target = 0; // 0: whichever is at work
    Nanoseconds lengthNs = 0;
    int line = 0; // in the file; 0 if it came from elsewhere
};
/// "kill-worker@300ms", "kill-worker:2@300ms", "stop-broker@1s+500ms", "slow-consumer:1@0s+20ms",
/// "cut-connection@1s": KIND[:TARGET]@WHEN[+LENGTH], as --fault and [[fault]] have it.
Result<Fault> parseFault(std::string_view text);
std::string textOf(const Fault& fault);

enum class Arrival : std::uint8_t { AtOnce, Regular, Poisson };

/// How a broker treats the messages of a task; means nothing to models without one, but for what
/// canRun() of those refuses: limits and expiry change which tasks succeed.
struct DeliveryOptions {
    std::optional<std::size_t> queue; // index into messageQueues; none: the model's own
    std::uint8_t priority = 0;        // higher ones first
    Nanoseconds expiresNs = 0;        // not begun by then: cancelled. 0: never
    Nanoseconds countdownNs = 0;      // not begun before
    double ratePerSecond = 0;         // of each worker; 0: any
    Nanoseconds softLimitNs = 0;      // the try fails, and may clean up; 0: none
    Nanoseconds hardLimitNs = 0;      // its process is killed; 0: none
    std::optional<bool> isAckedLate;  // else the run's
    std::optional<bool> isRejectedOnWorkerLost;
    std::uint32_t chunk = 1; // tasks in one message
    bool ignoresResult = false;
    // Between tries; see TaskTemplate::retryDelayNs, which is the first one.
    bool backsOff = false; // doubles with every try
    Nanoseconds longestBackOffNs = 600'000'000'000;
    bool hasJitter = false; // evenly from 0 to the delay, drawn from the seed
};

struct TaskTemplate {
    std::string name;
    std::uint32_t count = 1;          // tasks submitted by the run itself; 0 for those only spawned
    std::uint64_t payloadBytes = 0;   // argument that has to reach the task
    std::uint64_t resultBytes = 0;    // result that has to come back
    std::optional<std::size_t> after; // submitted when every task of that template has ended
    Arrival arrival = Arrival::AtOnce;
    Nanoseconds everyNs = 0;   // mean time between arrivals
    std::uint32_t retries = 0; // tries after the first
    Nanoseconds retryDelayNs = 0;
    /// A chain: task i of this template is followed by task i of that one, which nobody else
    /// submits. It has as many tasks; failing tasks end their chain.
    std::optional<std::size_t> then;
    DeliveryOptions delivery;
    /// Handles the messages of a queue: a task for each delivery that the routing rules give, none
    /// submitted by the run.
    std::optional<std::size_t> handles;     // index into messageQueues
    std::optional<std::uint32_t> consumers; // of that queue; else --workers
    Steps steps;
    int line = 0;
};

struct Scenario {
    std::string id;             // the file's stem: "ten-dishes"
    std::filesystem::path file; // empty for text that came from elsewhere
    std::string name;           // "Ten dishes"
    std::string about;
    std::uint64_t seed = 1;
    std::optional<int> workers; // [run] workers
    std::vector<LockDeclaration> locks;
    std::vector<SemaphoreDeclaration> semaphores;
    std::vector<BarrierDeclaration> barriers;
    std::vector<QueueDeclaration> queues;
    std::vector<ExchangeDeclaration> exchanges;
    std::vector<MessageQueueDeclaration> messageQueues;
    std::vector<TaskWorkerDeclaration> taskWorkers;
    std::vector<Fault> faults; // in the order of their times
    std::vector<TaskTemplate> tasks;
    std::string text; // as it was read, for another host that is to expand it, too
};

/// Reads and checks a scenario. An error reads "file:line:column: what is wrong, what is allowed".
Result<Scenario> readScenario(const std::filesystem::path& file);
/// The same for text; `file` is only for the error messages and the id.
Result<Scenario> parseScenario(std::string_view text, const std::filesystem::path& file);

/// The scenarios that come with the program, sorted by name, from the resource folder.
Result<std::vector<Scenario>> shippedScenarios();
/// A file path, or the id of a shipped scenario ("ten-dishes").
Result<Scenario> findScenario(const std::string& fileOrId);

} // namespace interleave::scenario
