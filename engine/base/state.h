// SPDX-License-Identifier: GPL-3.0-or-later
// The states of design.md section 1: one vocabulary for every model, screen and file.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace interleave {

enum class State : std::uint8_t {
    Queued,      // submitted, nobody has it
    Reserved,    // a worker holds it but has not started it
    Starting,    // a thread or a process is being created for it
    Running,     // on a core, doing its own work
    Ready,       // could run, but no core is free or the event loop is busy
    WaitingGil,  // wants the interpreter lock
    WaitingLock, // wants a lock, semaphore, condition
    WaitingIo,   // waits for a socket, a pipe, a file
    Sleeping,    // waits for a timer
    Suspended,   // a coroutine or task that awaits another task
    Blocked,     // back-pressure: a full queue or a publisher waiting for a confirm
    Transfer,    // arguments or results being serialised, copied, sent
    Retrying,    // waits for its next try
    Done,        // end marks, not spans
    Failed,
    Cancelled,
    // Only on tracks that are not a task's or a worker's:
    Held,  // a lock's track: somebody holds it
    Other, // a core's track: somebody else's program
};

inline constexpr int kStateCount = static_cast<int>(State::Other) + 1;

constexpr bool isEnd(State state) {
    return state == State::Done || state == State::Failed || state == State::Cancelled;
}

/// The name in files, on the command line and on screen: "waiting_gil".
std::string_view nameOf(State state);
std::optional<State> stateNamed(std::string_view name);

/// What the state means, one line, for legends and tool tips.
std::string_view meaningOf(State state);

/// Whether a task may go from one state straight to the next. A state may follow itself (with
/// another cause). Nothing follows an end mark but Retrying after Failed.
bool isLegalTransition(State from, State to);

/// Whether a task may begin in this state.
bool isLegalStart(State state);

} // namespace interleave
