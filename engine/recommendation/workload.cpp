// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/recommendation/workload.h"

#include "engine/analysis/finish_lines.h"
#include "engine/analysis/model_facts.h"
#include "engine/analysis/statistics.h"
#include "engine/analysis/waterfall.h"

#include <algorithm>

namespace interleave::recommendation {

namespace {

Nanoseconds perTask(Nanoseconds sum, std::uint64_t tasks) {
    return tasks == 0 ? 0 : sum / static_cast<Nanoseconds>(tasks);
}

void addStartCosts(Workload& work, const recording::Recording& recording,
                   const analysis::Waterfall& waterfall) {
    const auto each = static_cast<Nanoseconds>(waterfall.makespanShareNs(analysis::Part::StartUp) /
                                               std::max(waterfall.places, 1));
    const analysis::ModelFacts facts = analysis::modelFacts(recording);
    if (each > 0 && facts.processes > 1) {
        work.processStartNs = each;
    } else if (each > 0 && facts.threads > 1) {
        work.threadStartNs = each;
    }
}

} // namespace

double Workload::computeShare() const {
    const Nanoseconds own = computeNs + waitNs;
    return own > 0 ? static_cast<double>(computeNs) / static_cast<double>(own) : 0;
}

Nanoseconds Workload::computePerTaskNs() const {
    return perTask(computeNs, tasks);
}

Nanoseconds Workload::waitPerTaskNs() const {
    return perTask(waitNs, tasks);
}

std::optional<Workload> workloadOf(const recording::Recording& recording) {
    const auto lines = analysis::finishLinesOf(recording);
    if (!lines) {
        return std::nullopt;
    }
    const analysis::Statistics statistics = analysis::statisticsOf(recording);
    const auto in = [&](State state) {
        return statistics.states.ns[static_cast<std::size_t>(state)];
    };
    Workload work;
    work.cores = lines->cores;
    work.computeNs = in(State::Running);
    work.waitNs = in(State::WaitingIo) + in(State::Sleeping);
    work.criticalPathNs = lines->criticalPathNs;
    if (in(State::Transfer) > 0) {
        work.transferNs = in(State::Transfer);
    }
    for (const recording::Track& track : recording.tracks) {
        if (track.kind == recording::TrackKind::Task && track.spans.hasState(State::Running)) {
            ++work.tasks;
        }
    }
    // Of a program that is recorded a lock may be held for life without anybody being kept out.
    for (const analysis::LockStatistics& lock : statistics.locks) {
        if (lock.kind == "lock" && lock.waits >= 3) {
            work.lockHeldNs =
                std::max(work.lockHeldNs, std::min(lock.holdNs, statistics.makespanNs));
        }
    }
    work.isPython = recording.info.model.starts_with("python");
    if (const auto waterfall = analysis::waterfallOf(recording)) {
        work.disturbedShare = waterfall->share(analysis::Part::OtherPrograms);
        addStartCosts(work, recording, *waterfall);
    }
    work.knowsCores = recording.info.kernelTruth == "switches";
    return work;
}

} // namespace interleave::recommendation
