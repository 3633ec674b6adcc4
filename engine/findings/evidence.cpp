// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/findings/evidence.h"

#include "engine/analysis/reserved_backlog.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace interleave::findings {

using recording::Recording;
using recording::TrackKind;

namespace {

/// Tasks that wait or are ready without any worker having them, between two times of running: only
/// coroutines do that.
bool hasLoopIn(const Recording& recording) {
    for (const recording::Track& track : recording.tracks) {
        if (track.kind != TrackKind::Task) {
            continue;
        }
        const recording::SpanColumns& spans = track.spans;
        bool hasRun = false;
        for (std::size_t i = 0; i < spans.size(); ++i) {
            const State state = spans.state[i];
            hasRun = hasRun || state == State::Running;
            const bool isAway = state == State::WaitingIo || state == State::Sleeping ||
                                state == State::Ready || state == State::WaitingLock;
            if (hasRun && isAway && !spans.worker[i]) {
                return true;
            }
        }
    }
    return false;
}

} // namespace

std::string_view nameOf(Severity severity) {
    switch (severity) {
    case Severity::Warning:
        return "warning";
    case Severity::Problem:
        return "problem";
    case Severity::Info:
        break;
    }
    return "info";
}

Evidence::Evidence(const Recording& of)
    : recording(of)
    , statistics(analysis::statisticsOf(of))
    , lives(recording::MessageLives::of(of.messages))
    , occupation(of)
    , waterfall(analysis::waterfallOf(of, occupation, statistics.backlog))
    , submissions(of)
    , m_hasLoop(hasLoopIn(of)) {
    const analysis::LockWaits waits(of);
    for (const analysis::LockStatistics& lock : statistics.locks) {
        locks.push_back(analysis::contentionOf(of, waits, lock.object));
    }
    timesOfTask.resize(of.tasks.size());
    for (const recording::Track& track : of.tracks) {
        if (track.kind == TrackKind::Task) {
            timesOfTask[track.subject - 1] = track.spans.timesIn(of.range);
        }
    }
}

int Evidence::cores() const {
    return std::max(recording.info.cores, 1);
}

std::size_t Evidence::workerProcesses() const {
    std::set<std::uint32_t> pids;
    for (const recording::WorkerInfo& worker : recording.workers) {
        if (!worker.isControl) {
            pids.insert(worker.pid);
        }
    }
    return pids.size();
}

Nanoseconds Evidence::inState(State state) const {
    return statistics.states.ns[static_cast<std::size_t>(state)];
}

Nanoseconds Evidence::inState(TaskId task, State state) const {
    return timesOfTask[task.value - 1][static_cast<std::size_t>(state)];
}

double Evidence::share(analysis::Part part) const {
    return waterfall ? waterfall->share(part) : 0;
}

std::optional<std::string> Evidence::parameter(std::string_view key) const {
    for (const auto& [name, value] : recording.info.parameters) {
        if (name == key) {
            return value;
        }
    }
    return std::nullopt;
}

std::string Evidence::modelLike(std::string_view native) const {
    if (!recording.info.model.starts_with("python")) {
        return std::string(native);
    }
    return "python-" + std::string(native == "event-loop"        ? "asyncio"
                                   : native == "event-loop+pool" ? "asyncio+threads"
                                                                 : native);
}

Proof Evidence::on(TrackKind kind, std::uint32_t subject, TimeRange range) const {
    return {recording.trackOf(kind, subject).value_or(TrackId{}), range};
}

Proof Evidence::onTask(TaskId task, TimeRange range) const {
    return on(TrackKind::Task, task.value, range);
}

Proof Evidence::onWorker(WorkerId worker, TimeRange range) const {
    return on(TrackKind::Worker, worker.value, range);
}

Proof Evidence::onObject(ObjectId object, TimeRange range) const {
    const auto kind = recording::trackKindOf(recording.object(object).kind);
    return kind ? on(*kind, object.value, range) : Proof{{}, range};
}

double milliseconds(Nanoseconds ns) {
    return static_cast<double>(ns) * 1e-6;
}

double ratio(Nanoseconds part, Nanoseconds whole) {
    return whole > 0 ? static_cast<double>(part) / static_cast<double>(whole) : 0;
}

std::string percent(double share) {
    return fmt::format("{:.0f} %", share * 100);
}

void keepLongest(std::vector<Proof>& proofs, std::size_t most) {
    if (proofs.size() > most) {
        std::ranges::nth_element(proofs, proofs.begin() + static_cast<std::ptrdiff_t>(most),
                                 std::ranges::greater{},
                                 [](const Proof& proof) { return proof.range.durationNs(); });
        proofs.resize(most);
    }
    std::ranges::sort(proofs, {}, [](const Proof& proof) { return proof.range.beginNs; });
}

Nanoseconds medianOf(std::vector<Nanoseconds> values) {
    if (values.empty()) {
        return 0;
    }
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::ranges::nth_element(values, middle);
    return *middle;
}

} // namespace interleave::findings
