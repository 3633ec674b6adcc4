// SPDX-License-Identifier: GPL-3.0-or-later
// Pubsub: publishers send messages to exchanges of a broker, which route them into queues; whoever
// subscribed handles them. Publishers and consumers know the broker, never each other.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makePubsub();

} // namespace interleave::models
