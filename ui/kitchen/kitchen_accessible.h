// SPDX-License-Identifier: GPL-3.0-or-later
// What a screen reader hears of the kitchen: an item for each chef, then one for each kitchen, that
// says what goes on there at the moment that is shown.
#pragma once

namespace interleave::ui {

void installKitchenAccessible();

} // namespace interleave::ui
