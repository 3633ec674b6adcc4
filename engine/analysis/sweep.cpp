// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/analysis/sweep.h"

#include "engine/analysis/statistics.h"

#include <algorithm>
#include <array>

namespace interleave::analysis {

namespace {

/// What a task would also need if it were alone: its work and its own waits.
constexpr std::array kOwnTime = {State::Running, State::WaitingIo, State::Sleeping};

double longestTaskS(const recording::Recording& recording) {
    Nanoseconds longest = 0;
    for (const recording::Track& track : recording.tracks) {
        if (track.kind != recording::TrackKind::Task) {
            continue;
        }
        Nanoseconds own = 0;
        for (std::size_t i = 0; i < track.spans.size(); ++i) {
            if (std::ranges::find(kOwnTime, track.spans.state[i]) != kOwnTime.end()) {
                own += track.spans.duration[i];
            }
        }
        longest = std::max(longest, own);
    }
    return toSeconds(longest);
}

SweepCell cellOf(const std::vector<SweepSample>& samples) {
    SweepCell cell;
    cell.runs = samples.size();
    if (samples.empty()) {
        return cell;
    }
    std::vector<double> makespans;
    std::vector<double> bounds;
    std::vector<double> parallelisms;
    for (const SweepSample& sample : samples) {
        makespans.push_back(sample.makespanS);
        bounds.push_back(sample.boundS);
        parallelisms.push_back(sample.parallelismMean);
    }
    cell.makespanS = *spreadOf(std::move(makespans));
    cell.boundS = spreadOf(std::move(bounds))->minimum;
    cell.parallelismMean = spreadOf(std::move(parallelisms))->median;
    return cell;
}

std::optional<std::size_t> winnerOf(const std::vector<SweepCell>& cells) {
    std::optional<std::size_t> winner;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (cells[i].runs != 0 &&
            (!winner || cells[i].makespanS.median < cells[*winner].makespanS.median)) {
            winner = i;
        }
    }
    return winner;
}

/// By more than a hair: two runs of one model differ by as much without any cause.
bool clearlyBeats(const SweepCell& winner, const SweepCell& other) {
    constexpr double kHair = 1.02;
    return winner.makespanS.maximum * kHair < other.makespanS.minimum;
}

/// Where the lines of the two models cross between two points; none if one has no run there.
std::optional<SweepCrossing> crossingAfter(const std::vector<SweepPoint>& points,
                                           std::size_t index) {
    const SweepPoint& here = points[index];
    const SweepPoint& next = points[index + 1];
    if (!here.winner || !next.winner || *here.winner == *next.winner) {
        return std::nullopt;
    }
    const std::size_t from = *here.winner;
    const std::size_t to = *next.winner;
    if (here.cells[to].runs == 0 || next.cells[from].runs == 0) {
        return std::nullopt;
    }
    const double before = here.cells[to].makespanS.median - here.cells[from].makespanS.median;
    const double after = next.cells[from].makespanS.median - next.cells[to].makespanS.median;
    const double share = before + after > 0 ? before / (before + after) : 0.5;
    return SweepCrossing{.x = here.x + share * (next.x - here.x),
                         .after = index,
                         .from = from,
                         .to = to,
                         .isClear = clearlyBeats(here.cells[from], here.cells[to]) &&
                                    clearlyBeats(next.cells[to], next.cells[from])};
}

} // namespace

SweepSample sweepSampleOf(const recording::Recording& recording) {
    const Statistics statistics = statisticsOf(recording);
    const auto work = toSeconds(statistics.states.ns[static_cast<std::size_t>(State::Running)]);
    const int atOnce = std::max(1, std::min(recording.info.cores, recording.info.workers));
    return {.makespanS = toSeconds(statistics.makespanNs),
            .boundS = std::max(work / atOnce, longestTaskS(recording)),
            .parallelismMean = statistics.parallelismMean.value_or(0)};
}

Sweep finishedSweep(Sweep plan, const std::vector<std::vector<std::vector<SweepSample>>>& samples) {
    for (std::size_t i = 0; i < plan.points.size() && i < samples.size(); ++i) {
        SweepPoint& point = plan.points[i];
        for (const auto& ofModel : samples[i]) {
            point.cells.push_back(cellOf(ofModel));
        }
        point.winner = winnerOf(point.cells);
    }
    for (std::size_t i = 0; i + 1 < plan.points.size(); ++i) {
        if (const auto crossing = crossingAfter(plan.points, i)) {
            plan.crossings.push_back(*crossing);
        }
    }
    return plan;
}

} // namespace interleave::analysis
