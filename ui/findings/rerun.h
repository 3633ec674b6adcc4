// SPDX-License-Identifier: GPL-3.0-or-later
// Rerun: whether the run that is shown can be made again from here, and how it was made.
#pragma once

#include <QString> // first: moc 6.4 stumbles over <compare> when it comes before Qt

#include "engine/models/run_choice.h"

#include <optional>

namespace interleave::ui {

struct Rerun {
    std::optional<models::RunChoice> choice; // none: its scenario can't be run from here
    QString refusal;                         // why not, as a sentence
    bool isBusy = false;                     // a run goes on: not now
};

} // namespace interleave::ui
