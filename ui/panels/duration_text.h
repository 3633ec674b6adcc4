// SPDX-License-Identifier: GPL-3.0-or-later
// Times and counts as the panels write them.
#pragma once

#include "ui/view_state/view_state.h"

#include <QString>

namespace interleave::ui {

/// "4.98 ms"
QString durationText(Nanoseconds ns);
/// To the nanosecond, so that two spans can be told apart: "12.410 318 ms".
QString instantText(Nanoseconds ns);
/// "12,345 spans", as the reader's country groups digits.
QString spanCountText(std::uint64_t count);

} // namespace interleave::ui
