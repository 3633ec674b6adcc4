// SPDX-License-Identifier: GPL-3.0-or-later
// Which broker a model needs: most of those that use one have it in their own process if need be.
#pragma once

#include "engine/models/model.h"

namespace interleave::models {

/// "amqp", "redis": a real one, which its processes reach by themselves. Empty: memory will do.
std::string brokerSchemeOf(const ModelInfo& model);

} // namespace interleave::models
