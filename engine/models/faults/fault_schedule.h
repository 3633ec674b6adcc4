// SPDX-License-Identifier: GPL-3.0-or-later
// FaultSchedule: which fault falls due when: those that the run was given, at their times, and
// those that somebody asks for while it goes on (see CommandPipe). What a fault does is the
// models' business.
//
// Thread: one thread's.
#pragma once

#include "engine/base/time.h"
#include "engine/models/faults/command_pipe.h"
#include "engine/scenario/scenario.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace interleave::models {

/// A line of the command pipe: as scenario::parseFault() reads it, where a time left out is now:
/// "kill-worker:2", "stop-broker+500ms", "stop-broker@1s+500ms". A time counts from now on.
Result<scenario::Fault> parseFaultCommand(std::string_view line);

class FaultSchedule {
public:
    explicit FaultSchedule(std::vector<scenario::Fault> faults);
    /// The same, and commands from the session's pipe.
    FaultSchedule(std::vector<scenario::Fault> faults, CommandPipe pipe);

    /// The times of the faults count from this moment, of whatever clock the caller uses
    /// throughout. Before it none falls due.
    void begin(Nanoseconds nowNs);
    bool hasBegun() const { return m_beganNs.has_value(); }
    /// Readable when a command came; -1: none can come.
    int fd() const { return m_pipe ? m_pipe->fd() : -1; }
    /// When the next fault falls due by itself.
    std::optional<Nanoseconds> nextDueNs() const;
    /// Faults whose time has come, the earliest first; each is handed out once. Commands that can't
    /// be read are sentences in `complaints`.
    std::vector<scenario::Fault> takeDue(Nanoseconds nowNs, std::vector<std::string>& complaints);

private:
    struct Due {
        Nanoseconds atNs = 0;
        scenario::Fault fault;
    };
    void add(Nanoseconds atNs, const scenario::Fault& fault);

    std::vector<scenario::Fault> m_faults; // until begin()
    std::vector<Due> m_due;                // the latest first
    std::optional<CommandPipe> m_pipe;
    std::optional<Nanoseconds> m_beganNs;
};

} // namespace interleave::models
