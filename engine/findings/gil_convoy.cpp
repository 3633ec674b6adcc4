// SPDX-License-Identifier: GPL-3.0-or-later
// An I/O task that has to wait for the interpreter lock each time an answer arrives, behind one
// that computes: the convoy effect.
#include "engine/findings/lock_shares.h"
#include "engine/findings/rules.h"

#include <fmt/format.h>

namespace interleave::findings {

namespace {

constexpr std::size_t kFewestReturns = 8; // of one task: fewer may be chance
constexpr Nanoseconds kFeltWaitNs = 1'000'000;
/// What it does with an answer is short against the wait for the lock, else it computes itself.
constexpr double kShortBurst = 0.5;

/// What one task does each time that it comes back from a wait of its own.
struct Returns {
    std::vector<Nanoseconds> waits;
    std::vector<Nanoseconds> bursts; // on a core until the next wait
    std::vector<TimeRange> ranges;
};

Returns returnsOf(const recording::SpanColumns& spans) {
    Returns returns;
    bool isBack = false;
    bool hasBurst = false; // has come back, and wanted the lock first
    Nanoseconds burst = 0;
    for (std::size_t i = 0; i < spans.size(); ++i) {
        const State state = spans.state[i];
        if (state == State::WaitingIo || state == State::Sleeping) {
            if (hasBurst) {
                returns.bursts.push_back(burst);
            }
            isBack = true;
            hasBurst = false;
        } else if (state == State::WaitingGil && isBack) {
            if (!hasBurst) {
                returns.waits.push_back(0);
                returns.ranges.push_back(spans.rangeAt(i));
                hasBurst = true;
                burst = 0;
            }
            returns.waits.back() += spans.duration[i];
            returns.ranges.back().endNs = spans.rangeAt(i).endNs;
        } else if (state == State::Running && hasBurst) {
            burst += spans.duration[i];
        }
    }
    return returns;
}

} // namespace

Findings gilConvoy(const Evidence& evidence) {
    std::vector<Nanoseconds> waits;
    std::vector<Proof> proofs;
    std::size_t tasks = 0;
    for (const recording::Track& track : evidence.recording.tracks) {
        if (track.kind != recording::TrackKind::Task || !track.spans.hasState(State::WaitingGil)) {
            continue;
        }
        const Returns returns = returnsOf(track.spans);
        const Nanoseconds wait = medianOf(returns.waits);
        const auto burst = static_cast<double>(medianOf(returns.bursts));
        if (returns.waits.size() < kFewestReturns || wait < kFeltWaitNs ||
            burst > kShortBurst * static_cast<double>(wait)) {
            continue;
        }
        ++tasks;
        waits.insert(waits.end(), returns.waits.begin(), returns.waits.end());
        for (const TimeRange range : returns.ranges) {
            proofs.push_back({track.id, range});
        }
    }
    if (tasks == 0) {
        return {};
    }
    const Nanoseconds wait = medianOf(waits);
    return {
        {.kind = "gil-convoy",
         .severity = Severity::Warning,
         .message = fmt::format("Back from I/O, {} waited {} for the interpreter lock each time "
                                "(median of {} times).",
                                tasks == 1 ? "a task" : fmt::format("{} tasks", tasks),
                                formatDuration(wait), waits.size()),
         .cause = "A thread that computes keeps the lock until somebody has waited a whole "
                  "switch interval for it; one that does I/O lets go of it each time, and "
                  "queues again.",
         .cure = "Let the computing happen in another process, or make the switch interval "
                 "shorter (at the price of more switches).",
         .value = milliseconds(wait),
         .unit = "ms",
         .evidence = std::move(proofs),
         .tryIt = {{"switch_interval", "500 µs"}}}};
}

} // namespace interleave::findings
