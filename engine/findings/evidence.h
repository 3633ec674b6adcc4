// SPDX-License-Identifier: GPL-3.0-or-later
// Evidence: what the rules ask of a recording, prepared once for all of them.
#pragma once

#include "engine/analysis/contention.h"
#include "engine/analysis/lock_waits.h"
#include "engine/analysis/occupation.h"
#include "engine/analysis/statistics.h"
#include "engine/analysis/submissions.h"
#include "engine/analysis/waterfall.h"
#include "engine/findings/finding.h"
#include "engine/recording/message_lives.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::findings {

class Evidence {
public:
    explicit Evidence(const recording::Recording& recording);

    const recording::Recording& recording;
    analysis::Statistics statistics;
    recording::MessageLives lives;
    analysis::Occupation occupation;
    std::optional<analysis::Waterfall> waterfall;
    analysis::Submissions submissions;
    std::vector<analysis::LockContention> locks;    // those that are held, as statistics.locks
    std::vector<recording::StateTimes> timesOfTask; // index = TaskId.value - 1

    Nanoseconds makespanNs() const { return statistics.makespanNs; }
    TimeRange range() const { return occupation.range(); }
    int places() const { return occupation.places(); }
    int cores() const;
    /// Workers live in so many processes.
    std::size_t workerProcesses() const;
    /// Of all tasks together.
    Nanoseconds inState(State state) const;
    Nanoseconds inState(TaskId task, State state) const;
    /// What tasks do by themselves: compute, wait for I/O and timers.
    Nanoseconds computing() const { return inState(State::Running); }
    Nanoseconds ownWaits() const { return inState(State::WaitingIo) + inState(State::Sleeping); }
    /// Of the places' time; 0 where there is no waterfall.
    double share(analysis::Part part) const;
    /// A parameter of the run, if it was set.
    std::optional<std::string> parameter(std::string_view key) const;
    /// How the model's family is called in the run's own world: "processes" or "python-processes".
    std::string modelLike(std::string_view native) const;
    bool isCoroutines() const { return m_hasLoop; }

    Proof onTask(TaskId task, TimeRange range) const;
    Proof onWorker(WorkerId worker, TimeRange range) const;
    Proof onObject(ObjectId object, TimeRange range) const;
    /// Calls use(TaskId, index, spans) for the spans of all tasks in a state.
    template <class Use>
    void forEachTaskSpan(State state, Use&& use) const {
        for (const recording::Track& track : recording.tracks) {
            if (track.kind != recording::TrackKind::Task || !track.spans.hasState(state)) {
                continue;
            }
            for (std::size_t i = 0; i < track.spans.size(); ++i) {
                if (track.spans.state[i] == state) {
                    use(TaskId{track.subject}, i, track.spans);
                }
            }
        }
    }

private:
    Proof on(recording::TrackKind kind, std::uint32_t subject, TimeRange range) const;
    bool m_hasLoop = false;
};

double milliseconds(Nanoseconds ns);
/// Part of a whole; 0 of nothing.
double ratio(Nanoseconds part, Nanoseconds whole);
/// "54 %"
std::string percent(double share);
/// The longest ones, in order of time.
void keepLongest(std::vector<Proof>& proofs, std::size_t most = kMostProofs);
Nanoseconds medianOf(std::vector<Nanoseconds> values);

} // namespace interleave::findings
