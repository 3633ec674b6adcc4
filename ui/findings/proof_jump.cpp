// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/findings/proof_jump.h"

#include <algorithm>

namespace interleave::ui {

using recording::TrackKind;

namespace {

bool hasRow(const recording::Recording& recording, Grouping grouping, TrackId track) {
    return std::ranges::any_of(trackGroups(recording, grouping), [&](const TrackGroup& group) {
        return std::ranges::find(group.tracks, track) != group.tracks.end();
    });
}

Grouping groupingOf(TrackKind kind) {
    switch (kind) {
    case TrackKind::Worker:
        return Grouping::Worker;
    case TrackKind::Core:
        return Grouping::Core;
    default:
        return Grouping::Task; // locks and queues stand below the tasks
    }
}

} // namespace

std::optional<SpanRef> spanOf(const recording::Recording& recording, const findings::Proof& proof) {
    const recording::SpanColumns& spans = recording.track(proof.track).spans;
    std::optional<SpanRef> best;
    Nanoseconds mostNs = 0;
    spans.forEachIn(proof.range, [&](std::size_t i) {
        const Nanoseconds ns = spans.rangeAt(i).intersected(proof.range).durationNs();
        if (!best || ns > mostNs) {
            best = SpanRef{proof.track, i};
            mostNs = ns;
        }
    });
    return best;
}

void showProof(ViewState& state, const findings::Proof& proof) {
    const auto recording = state.recording();
    if (!recording || proof.track.value > recording->tracks.size()) {
        return;
    }
    if (!hasRow(*recording, state.grouping(), proof.track)) {
        state.setGrouping(groupingOf(recording->track(proof.track).kind));
    }
    const std::optional<SpanRef> span = spanOf(*recording, proof);
    state.setSelectedSpan(span);
    const bool isWholeSpan = span && state.selectedSpanValue()->range == proof.range;
    state.setSelectedRange(isWholeSpan ? std::nullopt : std::optional(proof.range));
    state.zoomTo(proof.range);
    if (span) {
        state.reveal(*span);
    }
}

} // namespace interleave::ui
