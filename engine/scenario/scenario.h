// SPDX-License-Identifier: GPL-3.0-or-later
// Scenario: what a scenario file says, checked: every name that a step uses is declared. Plain
// values; how it is executed is the models' business.
#pragma once

#include "engine/base/result.h"
#include "engine/base/time.h"

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
struct PublishStep {
    std::string exchange;
    std::string key;
    std::uint64_t bytes = 0;
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

enum class Arrival : std::uint8_t { AtOnce, Regular, Poisson };

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
    std::vector<TaskTemplate> tasks;
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
