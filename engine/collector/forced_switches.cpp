// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/collector/forced_switches.h"

#include <algorithm>

namespace interleave::collector {

namespace {

/// How long the few instructions between the switch and the wait may take; CPython's own needed 1
/// to 10 us, and a thread may find the GIL's mutex taken and sleep once more.
constexpr Nanoseconds kLongestWayBackNs = 100'000;

/// The time off the core that a thread chose and in which a moment lies; empty if there is none.
TimeRange sleepAround(const WorkerThread& thread, Nanoseconds ns) {
    const auto after = std::ranges::upper_bound(
        thread.slices, ns, {}, [](const CoreSlice& slice) { return slice.range.beginNs; });
    if (after == thread.slices.begin() || after == thread.slices.end()) {
        return {};
    }
    const CoreSlice& before = *std::prev(after);
    return before.isPreempted || before.range.endNs > ns
               ? TimeRange{}
               : TimeRange{before.range.endNs, after->range.beginNs};
}

} // namespace

void addForcedSwitches(const LockHolds& holds, const Manifest& manifest, const WorkerTable& workers,
                       TaskHistory& history, Occupancy& occupancy) {
    for (std::uint32_t id = 1; id <= manifest.objects.size(); ++id) {
        if (manifest.objects[id - 1].kind != "gil") {
            continue;
        }
        const std::vector<LockHold>& ofGil = holds.of(ObjectId{id});
        for (std::size_t i = 1; i < ofGil.size(); ++i) {
            const LockHold& taken = ofGil[i];
            const LockHold& given = ofGil[i - 1];
            if (taken.how != record::Acquisition::Forced || taken.worker == given.worker ||
                given.worker.isNone()) {
                continue;
            }
            const TimeRange sleep =
                sleepAround(workers.threads()[given.worker.value - 1], taken.range.beginNs);
            if (sleep.isEmpty() || sleep.beginNs < given.range.endNs) {
                continue;
            }
            const EarlierWait wait{.beginNs = sleep.beginNs,
                                   .latestNs = sleep.endNs + kLongestWayBackNs,
                                   .object = ObjectId{id},
                                   .holder = taken.task};
            if (const TaskId task = occupancy.beginEarlier(given.worker, wait)) {
                history.beginEarlier(task, wait);
            }
        }
    }
}

} // namespace interleave::collector
