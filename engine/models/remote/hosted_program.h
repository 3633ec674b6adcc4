// SPDX-License-Identifier: GPL-3.0-or-later
// HostedProgram: what a run has said about itself, checked, and its program expanded here: the
// same one, by its mark.
#pragma once

#include "engine/models/hosts/host_note.h"
#include "engine/models/model.h"
#include "engine/models/task_queue/settings.h"

namespace interleave::models {

struct HostedProgram {
    scenario::Program program;
    Parameters parameters;
    scenario::ComputeSpeed speed;
    QueueSettings settings;
    NodePlan plan;
    int workers = 1;

    ObjectId gil() const;
    ObjectId firstExtraQueue() const;
    StepId firstExtraStep() const;
};

/// An error says what of it can't be true.
Result<HostedProgram> hostedProgramOf(const Welcome& welcome);

} // namespace interleave::models
