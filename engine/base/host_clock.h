// SPDX-License-Identifier: GPL-3.0-or-later
// HostClock: what the clock of another host says, in our own monotonic time. Two kinds of bounds
// are known of the offset (our time minus its stamp), and both are certain:
//
//   an event arrived          it was stamped before that     offset <= arrival - stamp
//   an event answered us      it was stamped after we asked  offset >= asked - stamp
//
// The least of the first is off by the fastest way to us, the greatest of the second by the fastest
// way there; the truth lies between them. Events come all the time and answers seldom, and a busy
// worker answers late, so the first is taken for the truth and what lies between them is the error:
// their middle would be off by half of what the slow way took. Clocks drift apart, so a bound
// weakens with its age: by what the lower envelope of the delays leaves open once it spans enough
// time to show the drift, by the most that quartz does before.
//
// Whoever asks often, and is answered at once, may take the middle of boundsAt() instead.
//
// Pure: no clock is read here.
#pragma once

#include "engine/base/time.h"

#include <deque>
#include <optional>

namespace interleave {

struct ClockEstimate {
    Nanoseconds offsetNs = 0; // our monotonic time minus its stamp, at its latest stamp
    /// Plus or minus; unknown where nothing was ever asked: then the offset is too large by at most
    /// what the fastest event took.
    std::optional<Nanoseconds> errorNs{};
    double drift = 0; // how much the offset grows in a second of its clock, in seconds
    int steps = 0;    // how often it was set to another time meanwhile
};

class HostClock {
public:
    /// An event with this stamp arrived here; `askedNs`: when we asked for it, if we did.
    void heard(Nanoseconds stampNs, Nanoseconds arrivalNs,
               std::optional<Nanoseconds> askedNs = std::nullopt);

    /// Needs something to have been heard.
    Nanoseconds monotonicOf(Nanoseconds stampNs) const;
    ClockEstimate estimate() const;

    /// Between which the offset lies at a stamp.
    struct Bounds {
        std::optional<Nanoseconds> lower{}; // nothing: it was never asked
        Nanoseconds upper = 0;
    };
    Bounds boundsAt(Nanoseconds stampNs) const;

private:
    struct Bound {
        Nanoseconds stampNs = 0;
        Nanoseconds offsetNs = 0;
        Nanoseconds beginNs = 0; // of the few seconds of which it is the strongest
    };
    bool contradicts(Nanoseconds stampNs, Nanoseconds upper, std::optional<Nanoseconds> lower);
    void fitDrift();

    std::deque<Bound> m_upper; // the strongest of each few seconds, in order of stamps
    std::deque<Bound> m_lower;
    Nanoseconds m_latestNs = 0;
    double m_drift = 0;
    bool m_hasDrift = false;
    int m_contradictions = 0; // in a row
    int m_steps = 0;
};

} // namespace interleave
