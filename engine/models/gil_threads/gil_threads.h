// SPDX-License-Identifier: GPL-3.0-or-later
// GilThreads: the threads model under an emulated interpreter lock, which only its holder may
// compute under. What CPython shows with its GIL, without an interpreter's other costs.
#pragma once

#include "engine/models/model.h"

#include <memory>

namespace interleave::models {

std::unique_ptr<const Model> makeGilThreads();

} // namespace interleave::models
