// SPDX-License-Identifier: GPL-3.0-or-later
// The kitchen in words: for tool tips, screen readers, and what stands at chefs and rooms.
#pragma once

#include "engine/analysis/kitchen.h"
#include "ui/kitchen/kitchen_scene.h"
#include "ui/theme/text.h"

#include <QString>

namespace interleave::ui {

/// "cooks 3", "wants the knife": what fits under a chef.
QString chefWord(const recording::Recording& recording, Pose pose, TaskId dish);
QString chefName(const analysis::Kitchen& kitchen, std::uint32_t chef);
/// "kitchen: process 4711, server".
QString roomTitle(const analysis::Kitchen& kitchen, std::uint32_t room);
QString railName(const analysis::Rail& rail);

/// A few lines on a chef, a dish, a kitchen at a moment.
QString chefText(const analysis::Kitchen& kitchen, const analysis::KitchenMoment& moment,
                 std::uint32_t chef);
QString dishText(const analysis::Kitchen& kitchen, const analysis::KitchenMoment& moment,
                 TaskId dish);
QString roomText(const analysis::Kitchen& kitchen, const analysis::KitchenMoment& moment,
                 std::uint32_t room);

/// "At 31.0 ms: 12 cooking, 4 at hand and waiting, ..."; every dish is somewhere.
QString totalsText(const analysis::KitchenTotals& totals, Nanoseconds when);
/// "34 served, 2 spoiled, 5 not yet ordered".
QString servedText(const analysis::KitchenTotals& totals);
/// "Ten dishes · gil-threads · measured".
QString sourceText(const recording::Recording& recording);

} // namespace interleave::ui
