// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/overview_shares.h"

#include <tbb/blocked_range.h>
#include <tbb/parallel_reduce.h>

namespace interleave::ui {

namespace {

constexpr std::size_t kTracksAtOnce = 256;
constexpr double kNoneIsExact = 1e18; // columns: every span is merged

using Columns = std::vector<std::array<float, kStates>>;

void addTrack(const recording::SpanColumns& spans, const ColumnEdges& edges, Columns& to) {
    if (spans.lanes().empty()) {
        return;
    }
    const auto states = spans.pyramidStates();
    walkLane(
        spans, spans.lanes().front(), edges, [](std::size_t) {},
        [&](const LaneColumn& column) {
            const auto width =
                static_cast<float>(edges.ticksAt(column.column + 1) - edges.ticksAt(column.column));
            auto& sums = to[column.column];
            for (std::size_t slot = 0; slot < states.size(); ++slot) {
                sums[static_cast<std::size_t>(states[slot])] +=
                    static_cast<float>(column.times[slot]) / width;
            }
        });
}

void add(Columns& to, const Columns& from) {
    for (std::size_t i = 0; i < to.size(); ++i) {
        for (std::size_t state = 0; state < kStates; ++state) {
            to[i][state] += from[i][state];
        }
    }
}

} // namespace

OverviewShares overviewShares(const OverviewQuestion& question, std::stop_token stop,
                              const std::function<void(const OverviewShares&)>& partly) {
    ColumnEdges edges;
    edges.set(question.range, static_cast<double>(question.columns), kNoneIsExact);
    const std::vector<TrackId> tracks = question.recording->tracksOf(question.kind);
    const Columns nothing(question.columns);
    OverviewShares shares{nothing};
    for (std::size_t first = 0; first < tracks.size() && !stop.stop_requested();
         first += kTracksAtOnce) {
        const std::size_t end = std::min(first + kTracksAtOnce, tracks.size());
        const Columns sums = tbb::parallel_reduce(
            tbb::blocked_range(first, end, 8), nothing,
            [&](const tbb::blocked_range<std::size_t>& part, Columns to) {
                for (std::size_t i = part.begin(); i < part.end(); ++i) {
                    addTrack(question.recording->track(tracks[i]).spans, edges, to);
                }
                return to;
            },
            [](Columns a, const Columns& b) {
                add(a, b);
                return a;
            });
        add(shares.columns, sums);
        if (partly && end < tracks.size()) {
            partly(shares);
        }
    }
    return shares;
}

} // namespace interleave::ui
