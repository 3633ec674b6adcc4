// SPDX-License-Identifier: GPL-3.0-or-later
// What the raw events of a process say of its locks, in ns of CLOCK_MONOTONIC.
#pragma once

#include "tests/engine/python/agent/recorded_program.h"

namespace interleave::agent {

struct LockHistory {
    struct Hold {
        std::uint32_t tid = 0;
        std::int64_t begin = 0;
        std::int64_t end = 0; // never released: the last moment of the process
        record::Acquisition how = record::Acquisition::Free;
        bool isClosed = false;
    };
    struct Wait {
        std::uint32_t tid = 0;
        std::uint32_t holder = 0;
        std::int64_t begin = 0;
        std::int64_t end = 0;
        bool gotIt = false;
        bool isClosed = false;
    };
    struct Signal {
        std::uint32_t tid = 0;
        std::int64_t at = 0;
    };
    struct Object {
        std::uint32_t number = 0;
        std::string kind;
        std::string name;
        std::vector<Hold> holds; // by begin
        std::vector<Wait> waits; // by begin
        std::vector<Signal> releases;

        /// Most holds at one moment.
        std::size_t mostHolds() const;
        /// Holds of different threads, the earlier one of which ends after the later one's begin.
        std::size_t overlaps() const;
    };
    std::vector<Object> objects; // by number - 1
    std::vector<std::string> faults;
    std::int64_t end = 0;

    /// The only one of that name; null with a test failure where there is none.
    const Object* named(std::string_view name) const;
    std::vector<const Object*> ofKind(std::string_view kind) const;
    std::string text() const; // for failures
};

/// Holds of a condition or a barrier are waits that ended; see engine/record/event.h.
LockHistory lockHistory(const RecordedProgram& program, const RecordedProcess& process);

/// What a thread of a process did in blocking calls.
struct CallSpan {
    record::BlockingCall call = record::BlockingCall::Other;
    std::uint32_t argument = 0;
    std::int64_t begin = 0;
    std::int64_t end = 0;
    bool isClosed = false; // by CallEnded or by the GIL
};
std::vector<CallSpan> callsOf(const RecordedProgram& program, const ReadStream& stream);

} // namespace interleave::agent
