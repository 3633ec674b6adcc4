// SPDX-License-Identifier: GPL-3.0-or-later
// Sequential: one thread does one task after the other, in the order of their submission. Children
// of a spawn run when their parent awaits them, or right after it. The floor that every other model
// is compared with.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeSequential();

} // namespace interleave::models
