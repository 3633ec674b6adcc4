// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader hears of the Gantt: a list named "Timeline, N rows" with an item for each
// row that says how its time in sight divides. Spans are not in the tree: the selected one is the
// list's description, and all of them are in the table of spans.
#pragma once

namespace interleave::ui {

/// Once is enough; more often does no harm.
void installGanttAccessible();

} // namespace interleave::ui
