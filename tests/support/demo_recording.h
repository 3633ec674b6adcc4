// SPDX-License-Identifier: GPL-3.0-or-later
// A recording with some of everything, for tests of drawing: ten tasks, four workers, two cores, a
// GIL, a lock, a queue, every state, links, counters, three processes with memory.
#pragma once

#include "engine/recording/recording.h"

#include <memory>

namespace interleave::support {

/// About 60 ms long; always the same. Obeys the rules of a measured recording: at most one task
/// running on a core, one holder of a lock, worker tracks without overlap.
std::shared_ptr<const recording::Recording> demoRecording();

} // namespace interleave::support
