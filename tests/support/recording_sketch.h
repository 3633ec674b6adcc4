// SPDX-License-Identifier: GPL-3.0-or-later
// Recordings drawn as text, one character per unit of time, so that a failing test is a picture.
//
//   w0: RRRR..GGRR          worker 0 (a label "w" + number is a worker; its name is the label)
//   w0/task: aaaa..bbbb     optional: which task each unit belongs to, by the first letter
//   a: QQRRRRCCd            task "a": a state per unit, then an end mark: d done, f failed,
//                           x cancelled; without one the task is done at the end of its last span
//   a/worker: ..0000        optional: which worker each unit happened on
//   a/core: ..0011          optional: which core
//   core 0: aaaa##bb        core: the running task by its first letter, # another program
//   lock GIL: aaa.bbb       lock: the holder; "lock" may be "gil" or "semaphore" as well
//   queue jobs: 11.22       queue: items; equal neighbours are one item
//
// R running, C ready, G waiting_gil, L waiting_lock, I waiting_io, z sleeping, T transfer,
// S starting, Q queued, V reserved, s suspended, B blocked, r retrying; '.' or ' ' nothing.
#pragma once

#include "engine/recording/recording.h"
#include "tests/support/demo_recording.h"

#include <memory>
#include <string>
#include <string_view>

namespace interleave::support {

inline constexpr Nanoseconds kSketchUnitNs = 1000;

/// A mistake in the text is a failed CHECK: tests are written by us.
std::shared_ptr<const recording::Recording> sketch(std::string_view text,
                                                   Nanoseconds unitNs = kSketchUnitNs);

struct DrawOptions {
    Nanoseconds unitNs = kSketchUnitNs;
    bool hasOverlays = false; // the rows "/task", "/worker" and "/core"
};

/// The same text back: tasks, workers, cores, locks, queues; rows without spans are left out. A
/// unit shows the span at its begin.
std::string drawn(const recording::Recording& recording, DrawOptions options = {});

/// The letter of a state in a sketch; '?' for those that have none.
char letterOf(State state);

} // namespace interleave::support
