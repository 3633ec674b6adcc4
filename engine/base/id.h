// SPDX-License-Identifier: GPL-3.0-or-later
// Strong ids: a TaskId can't be passed where a LockId is wanted. Value 0 means "none" everywhere.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>

namespace interleave {

template <class Tag>
struct Id {
    std::uint32_t value = 0;

    constexpr bool isNone() const { return value == 0; }
    constexpr explicit operator bool() const { return value != 0; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

using TaskId = Id<struct TaskTag>;     // a task of the run, 1-based in order of definition
using WorkerId = Id<struct WorkerTag>; // a thread (or single-threaded process) that executes tasks
using ObjectId = Id<struct ObjectTag>; // a lock, semaphore, barrier or queue
using StepId = Id<struct StepTag>;     // a step of a scenario: what a span of a task is called
using TrackId = Id<struct TrackTag>;
using StringId = Id<struct StringTag>; // interned; none is the empty string

} // namespace interleave

template <class Tag>
struct std::hash<interleave::Id<Tag>> {
    std::size_t operator()(interleave::Id<Tag> id) const noexcept { return id.value; }
};
