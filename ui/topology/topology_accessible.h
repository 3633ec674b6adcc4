// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader hears of the topology: a child for each publisher, exchange, queue and
// consumer, which says its counts at the moment that is shown.
#pragma once

namespace interleave::ui {

void installTopologyAccessible();

} // namespace interleave::ui
