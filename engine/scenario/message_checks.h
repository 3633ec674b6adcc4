// SPDX-License-Identifier: GPL-3.0-or-later
// Checks of what concerns a broker: bindings that their exchange can't use, messages that nobody
// gets or that go round for ever, handlers and workers without anything to do.
#pragma once

#include "engine/scenario/checks.h"

namespace interleave::scenario {

void checkMessaging(const Scenario& scenario, const Origins& origins, Problems& problems);

} // namespace interleave::scenario
