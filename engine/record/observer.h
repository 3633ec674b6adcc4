// SPDX-License-Identifier: GPL-3.0-or-later
// Observer: what the machine did, beside what the program says. It follows every thread and child
// process of the calling process through the kernel's context switches (or, where the kernel
// refuses, samples their run time), samples memory and the load of other programs, and keeps the
// session's segment populated ahead of its writers.
#pragma once

#include "engine/base/result.h"
#include "engine/record/session.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <sys/types.h>
#include <vector>

namespace interleave::record {

struct ObserverOptions {
    /// Follow this child process, which has one thread and waits, in place of the caller, whose
    /// own work is then no part of the run.
    pid_t process = 0;
    /// Don't ask for context switches, sample instead. INTERLEAVE_NO_PERF=1 in the environment
    /// does the same.
    bool forceFallback = false;
    std::chrono::milliseconds tick{5};
    std::chrono::milliseconds samplePeriod{10}; // of the fallback sampler
    std::chrono::milliseconds rssPeriod{50};    // also of the load of other programs
    std::chrono::milliseconds pssPeriod{250};
};

class Observer {
public:
    /// Call it in the runner's control thread before the model starts any thread; what exists
    /// already in this process is followed too. Writes the diagnostic "kernel-truth", which says
    /// what was used and how exact it is. Being refused context switches is no error; being unable
    /// to start a thread is.
    static Result<Observer> start(SessionWriter& session, const ObserverOptions& options = {});
    Observer(Observer&&) noexcept;
    Observer& operator=(Observer&&) noexcept;
    /// stop(). In a forked child it only lets go of what it inherited.
    ~Observer();

    /// Drains what the kernel still has, takes the last samples, ends the thread. After the model
    /// has returned, before SessionWriter::finish(). Calling it twice is harmless.
    void stop();
    /// "switches" (every context switch, exact), "sampled", or "none".
    std::string kind() const;
    /// After stop(): processes of the run that still lived then.
    const std::vector<std::uint32_t>& survivors() const;

private:
    struct State;
    explicit Observer(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace interleave::record
