// SPDX-License-Identifier: GPL-3.0-or-later
// The rules, one function and one file each. A rule that doesn't apply finds nothing; thresholds
// stand in its file, with what they were chosen by.
#pragma once

#include "engine/findings/evidence.h"
#include "engine/findings/finding.h"

#include <vector>

namespace interleave::findings {

using Findings = std::vector<Finding>;

// The interpreter lock.
Findings gilSerialised(const Evidence& evidence);
Findings gilConvoy(const Evidence& evidence);
Findings gilLongHold(const Evidence& evidence);
Findings cpuBoundInThreads(const Evidence& evidence);
// Locks.
Findings lockSerialised(const Evidence& evidence);
Findings lockConvoy(const Evidence& evidence);
Findings longCriticalSection(const Evidence& evidence);
Findings deadlock(const Evidence& evidence);
Findings priorityInversion(const Evidence& evidence);
// How the work was divided.
Findings unevenFinish(const Evidence& evidence);
Findings tooFewWorkers(const Evidence& evidence);
Findings oversubscribed(const Evidence& evidence);
Findings tasksTooSmall(const Evidence& evidence);
Findings otherPrograms(const Evidence& evidence);
// What a model costs.
Findings startupDominates(const Evidence& evidence);
Findings transferDominates(const Evidence& evidence);
Findings processesForIo(const Evidence& evidence);
// Event loops.
Findings loopBlocked(const Evidence& evidence);
Findings loopNeverYields(const Evidence& evidence);
Findings sequentialAwaits(const Evidence& evidence);
// Queues and brokers.
Findings prefetchStarvation(const Evidence& evidence);
Findings queueUnstable(const Evidence& evidence);
Findings retryStorm(const Evidence& evidence);
Findings ranTwice(const Evidence& evidence);
Findings lostEarlyAck(const Evidence& evidence);
Findings slowBroker(const Evidence& evidence);
/// Only where nothing else is worth a warning.
Findings nearIdeal(const Evidence& evidence);

} // namespace interleave::findings
