// SPDX-License-Identifier: GPL-3.0-or-later
// Messages lay in a queue that somebody consumes while its consumers had nothing to do, or
// publishers stood still until the broker had confirmed: the broker sets the pace.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace interleave::findings {

namespace {

constexpr double kBrokerShare = 0.15; // of the makespan
constexpr Nanoseconds kFeltBrokerNs = 10'000'000;

/// When at least one message lay ready in a queue with consumers.
std::vector<TimeRange> readyRanges(const Evidence& evidence) {
    std::set<ObjectId> consumed;
    for (const recording::Consumer& consumer : evidence.recording.consumers) {
        consumed.insert(consumer.queue);
    }
    std::vector<TimeRange> ranges;
    for (const recording::MessageCopy& copy : evidence.lives.copies) {
        if (!copy.task || !consumed.contains(copy.queue)) {
            continue;
        }
        for (const recording::MessageDelivery& delivery : evidence.lives.deliveriesOf(copy)) {
            ranges.push_back({delivery.readySinceNs, delivery.timeNs});
        }
    }
    std::ranges::sort(ranges, {}, &TimeRange::beginNs);
    std::vector<TimeRange> merged;
    for (const TimeRange range : ranges) {
        if (!merged.empty() && range.beginNs <= merged.back().endNs) {
            merged.back().endNs = std::max(merged.back().endNs, range.endNs);
        } else if (!range.isEmpty()) {
            merged.push_back(range);
        }
    }
    return merged;
}

/// Of these, when no worker had any task and none was held in advance.
std::vector<TimeRange> whileAllIdle(const Evidence& evidence, const std::vector<TimeRange>& ready) {
    std::vector<TimeRange> found;
    std::size_t at = 0;
    evidence.occupation.forEach([&](const analysis::OccupationSlice& slice) {
        while (at < ready.size() && ready[at].endNs <= slice.range.beginNs) {
            ++at;
        }
        const bool isIdle = slice.idle == slice.alive && slice.alive > 0 &&
                            slice.task(State::Reserved) + slice.task(State::Transfer) == 0;
        for (std::size_t i = at; isIdle && i < ready.size() && ready[i].beginNs < slice.range.endNs;
             ++i) {
            const TimeRange part = ready[i].intersected(slice.range);
            if (!found.empty() && found.back().endNs == part.beginNs) {
                found.back().endNs = part.endNs;
            } else {
                found.push_back(part);
            }
        }
    });
    return found;
}

} // namespace

Findings slowBroker(const Evidence& evidence) {
    if (!evidence.statistics.messages) {
        return {};
    }
    Nanoseconds stalled = 0;
    std::vector<Proof> proofs;
    for (const TimeRange range : whileAllIdle(evidence, readyRanges(evidence))) {
        stalled += range.durationNs();
        for (const recording::Track& track : evidence.recording.tracks) {
            if (track.kind == recording::TrackKind::Queue) {
                proofs.push_back({track.id, range});
            }
        }
    }
    const Nanoseconds confirming =
        evidence.inState(State::Blocked) / std::max(evidence.places(), 1);
    const Nanoseconds slow = std::max(stalled, confirming);
    if (slow < kFeltBrokerNs || ratio(slow, evidence.makespanNs()) < kBrokerShare) {
        return {};
    }
    const bool isDelivery = stalled >= confirming;
    if (!isDelivery) {
        evidence.forEachTaskSpan(
            State::Blocked, [&](TaskId task, std::size_t i, const recording::SpanColumns& spans) {
                proofs.push_back(evidence.onTask(task, spans.rangeAt(i)));
            });
    }
    return {
        {.kind = "slow-broker",
         .severity = Severity::Warning,
         .message =
             isDelivery
                 ? fmt::format("For {} ({} of the run) messages lay in a queue and no worker had "
                               "anything to do: the broker didn't deliver them.",
                               formatDuration(slow), percent(ratio(slow, evidence.makespanNs())))
                 : fmt::format("Publishers stood still for {} on average until the broker had "
                               "confirmed their messages ({} of the run).",
                               formatDuration(slow), percent(ratio(slow, evidence.makespanNs()))),
         .cause = "The broker, or the way to it, is slower than the work, or was not there.",
         .cure = "Look at the broker's own load and at the network; send fewer and larger "
                 "messages, confirm many at once, and let workers connect again by themselves.",
         .value = milliseconds(slow),
         .unit = "ms",
         .evidence = std::move(proofs),
         .tryIt = {}}};
}

} // namespace interleave::findings
