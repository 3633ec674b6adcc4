// SPDX-License-Identifier: GPL-3.0-or-later
// celery, pika, rq: the scenario executed by the real library in real Python processes, over a real
// broker.
#pragma once

#include "engine/models/model.h"

namespace interleave::models {

/// In the order in which they are shown.
std::vector<std::unique_ptr<const Model>> makeLibraryModels();

} // namespace interleave::models
