// SPDX-License-Identifier: GPL-3.0-or-later
// A task was acknowledged before it was done, and then its worker was lost: nobody does it any
// more.
#include "engine/findings/rules.h"

#include <algorithm>
#include <fmt/format.h>

namespace interleave::findings {

Findings lostEarlyAck(const Evidence& evidence) {
    std::size_t lost = 0;
    std::vector<Proof> proofs;
    for (const recording::MessageCopy& copy : evidence.lives.copies) {
        if (copy.end != recording::CopyEnd::Lost || !copy.isAcked) {
            continue;
        }
        ++lost;
        const TimeRange since{copy.queuedNs, std::min(copy.lostNs, evidence.recording.range.endNs)};
        proofs.push_back(copy.task ? evidence.onTask(copy.task, since)
                                   : evidence.onObject(copy.queue, since));
    }
    if (lost == 0) {
        return {};
    }
    return {
        {.kind = "lost-early-ack",
         .severity = Severity::Problem,
         .message = fmt::format("{} {} lost: acknowledged first, and then {} worker died.", lost,
                                lost == 1 ? "task was" : "tasks were", lost == 1 ? "its" : "their"),
         .cause = "An acknowledged message is gone from the broker; with early acknowledgement "
                  "that is so before the work is done. At most once.",
         .cure = "Acknowledge when the work is done (late), and make the task idempotent.",
         .value = static_cast<double>(lost),
         .unit = "count",
         .evidence = std::move(proofs),
         .tryIt = {{"acks", "late"}}}};
}

} // namespace interleave::findings
