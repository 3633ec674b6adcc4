// SPDX-License-Identifier: GPL-3.0-or-later
// Whoever holds a lock that others want is kept off its core by tasks that nobody waits for: the
// important one waits for the unimportant ones.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr Nanoseconds kFeltInversionNs = 5'000'000;
constexpr double kInversionShare = 0.1; // of the makespan

/// Of a time, how long all cores worked for tasks of this run that want or hold no such lock.
Nanoseconds coresTaken(const Evidence& evidence, TimeRange range) {
    Nanoseconds taken = 0;
    Nanoseconds begun = 0;
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Core) {
            continue;
        }
        ++begun;
        track.spans.forEachIn(range, [&](std::size_t i) {
            if (track.spans.state[i] == State::Running && track.spans.task[i]) {
                taken += track.spans.rangeAt(i).intersected(range).durationNs();
            }
        });
    }
    return begun == 0 ? 0 : taken / begun;
}

} // namespace

Findings priorityInversion(const Evidence& evidence) {
    Findings found;
    for (const analysis::LockContention& lock : evidence.locks) {
        if (!isMutex(evidence, lock) || !lock.offCore || lock.waits.empty()) {
            continue;
        }
        Nanoseconds inverted = 0;
        std::size_t times = 0;
        std::vector<Proof> proofs;
        for (const analysis::Hold& part : *lock.offCore) {
            const auto track =
                part.task ? evidence.recording.trackOf(recording::TrackKind::Task, part.task.value)
                          : std::nullopt;
            if (!track || waitedFor(lock, part.range) == 0) {
                continue;
            }
            const recording::SpanColumns& spans = evidence.recording.track(*track).spans;
            spans.forEachIn(part.range, [&](std::size_t i) {
                const TimeRange ready = spans.rangeAt(i).intersected(part.range);
                const Nanoseconds waited =
                    spans.state[i] == State::Ready ? waitedFor(lock, ready) : 0;
                if (waited > 0 && coresTaken(evidence, ready) * 2 > ready.durationNs()) {
                    inverted += waited;
                    ++times;
                    proofs.push_back({*track, ready});
                }
            });
        }
        if (inverted < kFeltInversionNs ||
            ratio(inverted, evidence.makespanNs()) < kInversionShare) {
            continue;
        }
        found.push_back(
            {.kind = "priority-inversion",
             .severity = Severity::Warning,
             .message = fmt::format("Holders of {} were off their core for {} ({} times) while "
                                    "others waited for it and tasks that don't need it ran.",
                                    evidence.recording.object(lock.object).name,
                                    formatDuration(inverted), times),
             .cause = "The kernel knows nothing of the lock: it takes the core from its holder for "
                      "tasks that nobody waits for.",
             .cure = "Use no more workers than cores, and keep what is done under the lock short.",
             .value = milliseconds(inverted),
             .unit = "ms",
             .evidence = std::move(proofs),
             .tryIt = {{"workers", std::to_string(evidence.cores())}}});
    }
    return found;
}

} // namespace interleave::findings
