// SPDX-License-Identifier: GPL-3.0-or-later
// How long a test waits for what must come, on a machine that others use too.
#pragma once

namespace interleave::ui {

inline constexpr int kPatienceMs = 60'000;

} // namespace interleave::ui
