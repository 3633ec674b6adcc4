// SPDX-License-Identifier: GPL-3.0-or-later
// What runner and worker processes say to each other through their pipes: a header of fixed size,
// then `bytes` of payload. Both ends are the same program on the same machine, so the header
// travels as it lies in memory.
#pragma once

#include "engine/base/id.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace interleave::models {

enum class MessageKind : std::uint32_t {
    Task = 1, // runner -> worker: execute `task` from try `number` on; payload: its argument
    Ready,    // worker -> runner: started, waits for tasks
    Spawned,  // worker -> runner: `task` has been submitted by a task that runs here
    Result,   // worker -> runner: `task` has ended in State `number`; payload: its result
    Damaged,  // worker -> runner: the argument of `task` did not arrive as it was sent

    // Between a worker node of a task queue and the run's control thread.
    Finished, // node -> control: `task` has ended in State `number`, which is recorded
    Trouble,  // node -> control: it can't go on; payload: a sentence
    CutLine,  // control -> node: lose your connection to the broker
    Retire,   // control -> node: take no more tasks, give back what waits, end with the last one
    BeSlow,   // control -> node: from now on wait `delayUs` before each task
};

struct Message {
    MessageKind kind = MessageKind::Ready;
    TaskId task{};
    std::uint32_t number = 0;
    std::uint32_t delayUs = 0; // Task: the worker is slow on purpose and waits that long first
    std::uint64_t bytes = 0;
    std::uint64_t checksum = 0; // of the payload
};
static_assert(sizeof(Message) == 32);

/// Fills a payload with bytes that depend on the seed: serialising, as far as this program has
/// anything to serialise. Returns its checksum.
std::uint64_t fillPayload(std::span<std::byte> payload, std::uint64_t seed);
std::uint64_t checksumOf(std::span<const std::byte> payload);

/// A header and its payload as they go through the pipe, filled.
std::vector<std::byte> packMessage(Message header, std::uint64_t payloadBytes);

enum class PipeOutcome : std::uint8_t { Whole, Closed, Stopped };
/// Reads or writes everything, blocking; `stopFd` becoming readable ends it.
PipeOutcome readWhole(int fd, std::span<std::byte> bytes, int stopFd);
PipeOutcome writeWhole(int fd, std::span<const std::byte> bytes, int stopFd);

} // namespace interleave::models
