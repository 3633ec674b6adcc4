// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/findings/lock_shares.h"

#include <algorithm>
#include <map>

namespace interleave::findings {

using analysis::LockContention;

LockShares lockShares(const Evidence& evidence, const LockContention& lock) {
    LockShares shares;
    std::map<TaskId, Nanoseconds> ofHolder;
    Nanoseconds until = evidence.range().beginNs;
    Nanoseconds sum = 0;
    for (const analysis::Hold& hold : lock.holds) {
        const TimeRange range = hold.range.intersected(evidence.range());
        shares.heldNs += std::max<Nanoseconds>(range.endNs - std::max(until, range.beginNs), 0);
        until = std::max(until, range.endNs);
        ofHolder[hold.task] += range.durationNs();
        sum += range.durationNs();
    }
    for (const analysis::LockWait& wait : lock.waits) {
        shares.waitNs += wait.range.intersected(evidence.range()).durationNs();
    }
    Nanoseconds most = 0;
    for (const auto& [task, held] : ofHolder) {
        most = std::max(most, held);
    }
    shares.holders = ofHolder.size();
    shares.mostOfOneHolder = ratio(most, sum);
    shares.held = ratio(shares.heldNs, evidence.makespanNs());
    // Coroutines wait without a worker, many at once.
    const Nanoseconds workers = evidence.makespanNs() * std::max(evidence.places(), 1);
    shares.waited = std::min(ratio(shares.waitNs, workers), 1.0);
    return shares;
}

bool isGil(const Evidence& evidence, const LockContention& lock) {
    return evidence.recording.object(lock.object).kind == "gil";
}

bool isMutex(const Evidence& evidence, const LockContention& lock) {
    const recording::ObjectInfo& object = evidence.recording.object(lock.object);
    return object.kind == "lock" || (object.kind == "semaphore" && object.capacity == 1);
}

std::vector<Proof> waitsAsProof(const Evidence& evidence, const LockContention& lock) {
    std::vector<Proof> proofs;
    for (const analysis::LockWait& wait : lock.waits) {
        proofs.push_back(evidence.onTask(wait.task, wait.range));
    }
    keepLongest(proofs);
    return proofs;
}

Nanoseconds waitedFor(const LockContention& lock, TimeRange hold) {
    Nanoseconds sum = 0;
    const auto& time = lock.waiters.time;
    auto at = std::ranges::upper_bound(time, hold.beginNs);
    auto index = static_cast<std::size_t>(at - time.begin());
    Nanoseconds from = hold.beginNs;
    while (from < hold.endNs) {
        const Nanoseconds to = index < time.size() ? std::min(time[index], hold.endNs) : hold.endNs;
        if (index > 0 && lock.waiters.value[index - 1] > 0) {
            sum += to - from;
        }
        from = to;
        ++index;
    }
    return sum;
}

} // namespace interleave::findings
