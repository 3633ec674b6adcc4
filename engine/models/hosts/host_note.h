// SPDX-License-Identifier: GPL-3.0-or-later
// HostNote: what a run and workers on other hosts say to each other through the broker, beside
// tasks, results and events: JSON, so that a broker's own tools can show it.
//
//   run            everybody  RunCall         "this run wants workers", again and again
//   worker         run        JoinRequest     or nothing
//   run            worker     Welcome         or Refusal
//   run            worker     ClockQuestion   answered at once by ClockAnswer
//   worker         run        HostReady, TaskEnded, HostTrouble, HostDiagnostic
//   run            worker     RunOver         answered by HostFarewell once all events are sent
//
// What comes from a broker may be anybody's: reading it checks everything.
#pragma once

#include "engine/base/id.h"
#include "engine/base/result.h"
#include "engine/base/state.h"
#include "engine/base/time.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace interleave::models {

/// What must be the same at both ends.
std::string hostVersion();

/// The exchange at which idle workers listen.
inline constexpr const char* kWorkersExchange = "interleave.workers";
/// Types of messages.
inline constexpr const char* kNoteType = "interleave.host-note";
inline constexpr const char* kBatchType = "interleave.host-events";
/// Header of what a host sends: its number.
inline constexpr const char* kHostHeader = "host";

struct RunCall {
    std::string run;   // its mark
    std::string queue; // to which requests go
    std::string version;
};

struct JoinRequest {
    std::string version{};
    std::string id{}; // of this worker, so that a request that comes twice is one
    std::string host{};
    std::string reply{};     // the queue for the answer
    std::uint32_t slots = 0; // tasks at once; 0: as the run says
    std::uint32_t cores = 1;
};

struct HostedNode { // the worker of the scenario whose part the host takes
    std::string name;
    std::vector<std::uint32_t> queues; // ids of objects
    std::uint32_t slots = 1;
    std::uint32_t prefetch = 4;
};

struct Welcome {
    std::uint32_t number = 1; // of the host in this run
    std::string inbox;        // the queue with notes for it
    std::string run;
    std::string scenario; // its text
    std::string file;     // where it came from, for messages
    std::uint64_t seed = 1;
    std::uint64_t programMark = 0;
    int workers = 1;
    std::map<std::string, std::string> parameters;
    std::array<double, 4> speed{}; // compute steps are the same amounts of work everywhere
    std::uint32_t firstCore = 0;
    HostedNode node;
};

struct Refusal {
    std::string reason;
};

/// Times of the run's, or of the host's, monotonic clock.
struct ClockQuestion {
    Nanoseconds askedNs = 0;
    bool wantsHeld = false; // and how many tasks it has in hand
};
struct ClockAnswer {
    Nanoseconds askedNs = 0;
    Nanoseconds heardNs = 0;
    Nanoseconds answeredNs = 0;
    Nanoseconds originNs = 0; // of its session
    std::int64_t held = -1;   // -1: was not asked
};

struct HostReady {};
struct TaskEnded {
    TaskId task;
    State state = State::Done;
};
struct HostTrouble { // it can't go on
    std::string sentence;
};
struct HostDiagnostic {
    std::string kind;
    std::string severity;
    std::uint64_t count = 1;
    std::string message;
};
struct RunOver {
    bool isAtOnce = false; // what it has in hand is not to be finished
};
/// Its last word: how many task messages came to what there.
struct HostFarewell {
    std::map<std::string, std::uint64_t> counts;
};

using HostNote =
    std::variant<RunCall, JoinRequest, Welcome, Refusal, ClockQuestion, ClockAnswer, HostReady,
                 TaskEnded, HostTrouble, HostDiagnostic, RunOver, HostFarewell>;

std::string textOf(const HostNote& note);
/// An error says what is wrong with it.
Result<HostNote> parseHostNote(std::string_view text);

} // namespace interleave::models
