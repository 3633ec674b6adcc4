// SPDX-License-Identifier: GPL-3.0-or-later
// What the drivers of Celery, pika and RQ need of a program beyond its tasks: queues, exchanges,
// how each task's messages are treated, which messages are published
// (interleave_driver/library.py).
#pragma once

#include "engine/models/model.h"

#include <string>

namespace interleave::models {

/// A JSON object.
std::string libraryText(const RunContext& context);

} // namespace interleave::models
