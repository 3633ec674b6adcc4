// SPDX-License-Identifier: GPL-3.0-or-later
// A lock that is kept during what doesn't need it: the holder sleeps or waits for I/O meanwhile,
// and others wait for the holder.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr double kWaitingInside = 0.3; // of the time that it is held
constexpr double kFeltOutside = 0.05;  // of the workers' time waited for it
constexpr std::size_t kFewestSections = 2;

/// What the holder waits for by itself while it holds.
Nanoseconds waitingDuring(const Evidence& evidence, const analysis::Hold& hold) {
    const auto track = hold.task
                           ? evidence.recording.trackOf(recording::TrackKind::Task, hold.task.value)
                           : std::nullopt;
    if (!track) {
        return 0;
    }
    const auto times = evidence.recording.track(*track).spans.timesIn(hold.range);
    return times[static_cast<std::size_t>(State::Sleeping)] +
           times[static_cast<std::size_t>(State::WaitingIo)];
}

} // namespace

Findings longCriticalSection(const Evidence& evidence) {
    Findings found;
    for (const analysis::LockContention& lock : evidence.locks) {
        const LockShares shares = lockShares(evidence, lock);
        if (!isMutex(evidence, lock) || shares.waited < kFeltOutside || shares.holders < 2) {
            continue;
        }
        Nanoseconds held = 0;
        Nanoseconds waited = 0;
        std::size_t sections = 0;
        std::vector<Proof> proofs;
        for (const analysis::Hold& hold : lock.holds) {
            if (waitedFor(lock, hold.range) == 0) {
                continue;
            }
            ++sections;
            held += hold.range.durationNs();
            waited += waitingDuring(evidence, hold);
            proofs.push_back(evidence.onObject(lock.object, hold.range));
        }
        if (sections < kFewestSections || ratio(waited, held) < kWaitingInside) {
            continue;
        }
        const auto each = waited / static_cast<Nanoseconds>(sections);
        found.push_back(
            {.kind = "long-critical-section",
             .severity = Severity::Warning,
             .message =
                 fmt::format("Of each {} that {} was held while others wanted it, its holder "
                             "spent {} asleep or waiting for I/O.",
                             formatDuration(held / static_cast<Nanoseconds>(sections)),
                             evidence.recording.object(lock.object).name, formatDuration(each)),
             .cause = "A lock is kept during a wait, and everybody who wants it waits along.",
             .cure =
                 "Wait before taking the lock or after letting go of it; protect only the data.",
             .value = milliseconds(each),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = {}});
    }
    return found;
}

} // namespace interleave::findings
