// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/base/state.h"

namespace interleave {

namespace {

struct StateText {
    std::string_view name;
    std::string_view meaning;
};

constexpr std::array<StateText, kStateCount> kTexts{{
    {"queued", "submitted, nobody has it yet"},
    {"reserved", "a worker holds it but has not started it"},
    {"starting", "a thread or process is being created for it"},
    {"running", "on a core, doing its own work"},
    {"ready", "could run, but no core is free or the event loop is busy"},
    {"waiting_gil", "wants the interpreter lock"},
    {"waiting_lock", "wants a lock, semaphore or condition"},
    {"waiting_io", "waits for a socket, a pipe or a file"},
    {"sleeping", "waits for a timer"},
    {"suspended", "awaits another task"},
    {"blocked", "back-pressure: the queue it puts into is full"},
    {"transfer", "arguments or results being copied and sent"},
    {"retrying", "waits for its next try"},
    {"done", "finished"},
    {"failed", "ended with an error"},
    {"cancelled", "was stopped before its end"},
    {"held", "somebody holds the lock"},
    {"other", "another program is on the core"},
}};

constexpr bool isPending(State state) {
    return state == State::Queued || state == State::Reserved || state == State::Retrying;
}

} // namespace

std::string_view nameOf(State state) {
    return kTexts[static_cast<std::size_t>(state)].name;
}

std::string_view meaningOf(State state) {
    return kTexts[static_cast<std::size_t>(state)].meaning;
}

std::optional<State> stateNamed(std::string_view name) {
    for (int i = 0; i < kStateCount; ++i) {
        if (kTexts[static_cast<std::size_t>(i)].name == name) {
            return static_cast<State>(i);
        }
    }
    return std::nullopt;
}

bool isLegalStart(State state) {
    // A spawned task may be started at once by its creator, so Running is a legal start; a worker
    // that is cancelled before anybody took the task leaves only the end mark.
    return state < State::Held && state != State::Done && state != State::Failed;
}

bool isLegalTransition(State from, State to) {
    if (from >= State::Held || to >= State::Held) {
        return false;
    }
    if (isEnd(from)) {
        return from == State::Failed && to == State::Retrying;
    }
    if (isEnd(to)) {
        // A task can't finish without anybody having taken it; it can be cancelled at any moment,
        // and fail at any moment (its worker was killed).
        return to != State::Done || !isPending(from);
    }
    switch (to) {
    case State::Queued:
        // Back into the queue: its worker was lost, or its retry delay is over.
        return true;
    case State::Reserved:
        return isPending(from); // also for its next try
    case State::Starting:
        return isPending(from) || from == State::Starting;
    default:
        return true;
    }
}

} // namespace interleave
