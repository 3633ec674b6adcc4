// SPDX-License-Identifier: GPL-3.0-or-later
// Occupation: what all workers do, and what all tasks do that no worker has, from one change to the
// next. Whoever asks where the time went goes through it once.
#pragma once

#include "engine/recording/recording.h"

#include <array>
#include <cstdint>
#include <vector>

namespace interleave::analysis {

using StateCounts = std::array<int, kStateCount>;

/// Between two changes; the range is never empty.
struct OccupationSlice {
    TimeRange range;
    StateCounts workers{}; // with a task, by what they do
    int machinery = 0;     // workers on a core without a task: what the model itself costs
    int idle = 0;          // alive, neither of these
    int alive = 0;
    int coresUsed = 0;   // by everything of the run, also what submits
    StateCounts tasks{}; // that no worker has
    int active = 0;      // tasks that are submitted, not ended, and not suspended

    int worker(State state) const { return workers[static_cast<std::size_t>(state)]; }
    int task(State state) const { return tasks[static_cast<std::size_t>(state)]; }
};

/// From the first submission to the last end of a task; the same as Statistics::makespanNs.
TimeRange spanOfTasks(const recording::Recording& recording);

class Occupation {
public:
    explicit Occupation(const recording::Recording& recording);

    TimeRange range() const { return m_range; }
    /// The most workers that were alive at once.
    int places() const { return m_places; }

    /// Calls use(const OccupationSlice&) for all slices of the range, in order.
    template <class Use>
    void forEach(Use&& use) const {
        OccupationSlice slice;
        Nanoseconds at = m_range.beginNs;
        for (const Step& step : m_steps) {
            if (step.ns > at) {
                slice.range = {at, step.ns};
                slice.idle = slice.alive - busyOf(slice);
                use(static_cast<const OccupationSlice&>(slice));
                at = step.ns;
            }
            apply(step, slice);
        }
        if (at < m_range.endNs) {
            slice.range = {at, m_range.endNs};
            slice.idle = slice.alive - busyOf(slice);
            use(static_cast<const OccupationSlice&>(slice));
        }
    }

private:
    enum class Count : std::uint8_t { Worker, Machinery, Alive, Core, Task, Active };
    struct Step {
        Nanoseconds ns = 0;
        Count count = Count::Worker;
        State state = State::Running;
        std::int8_t change = 0;
    };

    static int busyOf(const OccupationSlice& slice);
    static void apply(const Step& step, OccupationSlice& slice);
    void add(TimeRange range, Count count, State state = State::Running);
    void addWorkers(const recording::Recording& recording);
    void addTasks(const recording::Recording& recording);
    void findPlaces();

    TimeRange m_range;
    std::vector<Step> m_steps; // by time, within the range
    int m_places = 0;
};

} // namespace interleave::analysis
