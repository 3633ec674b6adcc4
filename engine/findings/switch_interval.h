// SPDX-License-Identifier: GPL-3.0-or-later
// How long a thread waits for the interpreter lock before it asks for it, in this run.
#pragma once

#include "engine/findings/evidence.h"

namespace interleave::findings {

Nanoseconds switchIntervalOf(const Evidence& evidence);

} // namespace interleave::findings
