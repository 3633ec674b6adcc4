// SPDX-License-Identifier: GPL-3.0-or-later
// What the calling thread executes for Python, and what the GIL's side has to say about it: a step
// of an event loop that is away from the GIL for long blocks its loop, and the line that did it is
// worth a record of its own.
#pragma once

#include <cstdint>

namespace interleave::agent {

/// What the calling thread executes for Python: an asyncio task's step or a pool's item. Zero: its
/// own.
struct CurrentTask {
    std::uint32_t task = 0;
    std::uint32_t step = 0;
    bool isLoopStep = false;
    std::uint64_t releasedAt = 0; // stamp: when the step's thread left the GIL of its own will
};
extern constinit thread_local CurrentTask currentTask __attribute__((tls_model("initial-exec")));

namespace detail {
extern constinit std::uint64_t blockedStepTicks; // a step that is away for longer blocks its loop
void noticeBlockedStep(std::uint64_t releasedAt);
} // namespace detail

/// The thread leaves the GIL; by force, if somebody asked it to.
inline void noteGilReleased(std::uint64_t stamp, bool isForced) {
    if (currentTask.isLoopStep) [[unlikely]] {
        currentTask.releasedAt = isForced ? 0 : stamp;
    }
}
/// It wants the GIL back.
inline void noteGilWanted(std::uint64_t stamp) {
    if (currentTask.releasedAt != 0) [[unlikely]] {
        const std::uint64_t releasedAt = currentTask.releasedAt;
        currentTask.releasedAt = 0;
        if (stamp - releasedAt > detail::blockedStepTicks) {
            detail::noticeBlockedStep(releasedAt);
        }
    }
}

} // namespace interleave::agent
