// SPDX-License-Identifier: GPL-3.0-or-later
// A worker process from its first to its last instruction: joins the session, says that it is
// ready, executes one task after the other. It ends when the runner closes its pipe, stops the run
// or dies.
#pragma once

#include "engine/models/model.h"
#include "engine/models/sync/shared_objects.h"

#include <sys/types.h>

namespace interleave::models {

/// The first argument of a spawned worker process; the program calls workerProcessMain() then.
inline constexpr const char* kWorkerProcessFlag = "--worker-process";

/// What one worker process has that the others don't, and the descriptors it inherits.
struct WorkerSeat {
    int number = 1;            // "worker 1"
    pid_t parent = 0;          // the runner
    int input = -1;            // pipe from the runner
    int output = -1;           // pipe to the runner
    int stopFd = -1;           // readable when the run is to stop
    Nanoseconds createdNs = 0; // CLOCK_MONOTONIC, just before it was created
    TaskId firstTask;          // that it has been given while it starts; none: it waits for one
    bool triesOnce = false;    // whoever gives it tasks sees to their retries and limits
};

/// The time after which a try of the task fails; 0: none.
Nanoseconds softLimitOf(const scenario::Program& program, TaskId task);

/// Called in the child right after fork(); never returns.
[[noreturn]] void runForkedWorker(const RunContext& context, SharedObjects& objects,
                                  const WorkerSeat& seat);

/// In a child right after fork(): dies with its parent, leaves Ctrl-C to it, and hears of a closed
/// pipe as an error, not a signal.
void settleIn(pid_t parent);
/// Everything that was open in the parent and is none of the child's business; the standard
/// streams stay.
void closeAllBut(std::vector<int> kept);

/// The arguments for an exec of this program as a worker, and what reads them in the new program.
std::vector<std::string> spawnArguments(const std::string& programPath, const WorkerSeat& seat,
                                        int objectsFd, int imageFd);
int workerProcessMain(int argc, char** argv);

} // namespace interleave::models
