// SPDX-License-Identifier: GPL-3.0-or-later
// Words, times and counts as every view and panel writes them.
#pragma once

#include "engine/base/time.h"

#include <QString>

#include <cstdint>

namespace interleave::ui {

/// For what is painted by functions and by classes that are no QObject.
QString tr(const char* text);

/// "4.98 ms"
QString durationText(Nanoseconds ns);
/// To the nanosecond, so that two spans can be told apart: "12.410 318 ms".
QString instantText(Nanoseconds ns);
/// "12,345", as the reader's country groups digits.
QString countText(std::uint64_t count);
/// "12,345 spans"
QString spanCountText(std::uint64_t count);

} // namespace interleave::ui
