// SPDX-License-Identifier: GPL-3.0-or-later
// The threads of the program: which stream is which worker, how long it lived, when it was on a
// core.
#pragma once

#include "engine/collector/core_time.h"
#include "engine/collector/process_lives.h"
#include "engine/collector/stream_events.h"
#include "engine/recording/recording_builder.h"

#include <vector>

namespace interleave::collector {

struct WorkerThread {
    WorkerId id;
    std::uint32_t pid = 0;
    std::uint32_t tid = 0;
    TimeRange life;
    bool isControl = false;
    bool isEndSeen = false;        // false: its writer was killed, or still lives
    bool knowsCores = false;       // whether `slices` are the truth
    std::vector<CoreSlice> slices; // within its life
};

class WorkerTable {
public:
    /// Adds a worker for every stream of the program to the builder: control first, then by name
    /// and begin, like those that a reporter tells of; the threads of recorded programs by process
    /// and begin.
    static WorkerTable build(const std::vector<StreamEvents>& streams, const CoreTime& cores,
                             const ProcessLives& processes, TimeRange range,
                             recording::RecordingBuilder& builder, Oddities& oddities);

    const std::vector<WorkerThread>& threads() const { return m_threads; }
    /// The worker of a stream; null for the streams of observers.
    const WorkerThread* ofStream(std::uint32_t stream) const;

private:
    std::vector<WorkerThread> m_threads; // index: WorkerId - 1
    std::vector<std::int32_t> m_byStream;
};

} // namespace interleave::collector
