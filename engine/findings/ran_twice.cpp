// SPDX-License-Identifier: GPL-3.0-or-later
// A task was begun, its message came back to the queue, and it was begun again.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

namespace {

bool ranWithin(const recording::SpanColumns& spans, TimeRange range) {
    bool ran = false;
    spans.forEachIn(range, [&](std::size_t i) { ran = ran || spans.state[i] == State::Running; });
    return ran;
}

} // namespace

Findings ranTwice(const Evidence& evidence) {
    std::size_t tasks = 0;
    std::vector<Proof> proofs;
    for (const recording::MessageCopy& copy : evidence.lives.copies) {
        const auto track =
            copy.task ? evidence.recording.trackOf(recording::TrackKind::Task, copy.task.value)
                      : std::nullopt;
        if (!track || copy.deliveryCount < 2) {
            continue;
        }
        std::vector<Proof> runs;
        for (const recording::MessageDelivery& delivery : evidence.lives.deliveriesOf(copy)) {
            const TimeRange held{delivery.timeNs,
                                 std::min(delivery.endNs, evidence.recording.range.endNs)};
            if (ranWithin(evidence.recording.track(*track).spans, held)) {
                runs.push_back({*track, held});
            }
        }
        if (runs.size() >= 2) {
            ++tasks;
            proofs.insert(proofs.end(), runs.begin(), runs.end());
        }
    }
    if (tasks == 0) {
        return {};
    }
    return {
        {.kind = "ran-twice",
         .severity = Severity::Warning,
         .message = fmt::format("{} {} executed more than once: the message came back before it "
                                "was acknowledged.",
                                tasks, tasks == 1 ? "task was" : "tasks were"),
         .cause = "With late acknowledgement a message whose worker is lost goes to the next one; "
                  "what the first had done by then is done again. At least once, not exactly once.",
         .cure = "Make the task idempotent: done twice it has the same effect as once.",
         .value = static_cast<double>(tasks),
         .unit = "count",
         .evidence = std::move(proofs),
         .tryIt = {{"acks", "early"}}}};
}

} // namespace interleave::findings
