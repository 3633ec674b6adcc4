// SPDX-License-Identifier: GPL-3.0-or-later
// A fault that has struck, as a mark in the recording: its effects are told from other troubles.
#pragma once

#include "engine/models/model.h"
#include "engine/record/writer.h"
#include "engine/scenario/scenario.h"

#include <utility>

namespace interleave::models {

inline RunMark markOf(scenario::Fault::Kind kind) {
    switch (kind) {
    case scenario::Fault::Kind::KillWorker:
        return RunMark::WorkerKilled;
    case scenario::Fault::Kind::StopBroker:
        return RunMark::BrokerStopped;
    case scenario::Fault::Kind::SlowConsumer:
        return RunMark::ConsumerSlowed;
    case scenario::Fault::Kind::CutConnection:
        return RunMark::ConnectionCut;
    }
    std::unreachable();
}

/// Now; `control` is the calling thread's writer.
inline void markFault(record::Writer& control, scenario::Fault::Kind kind) {
    control.emit(record::EventKind::Marked, static_cast<std::uint32_t>(markOf(kind)), 0);
}

} // namespace interleave::models
