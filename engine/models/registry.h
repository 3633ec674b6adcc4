// SPDX-License-Identifier: GPL-3.0-or-later
// The models that this program has, in the order in which they are shown.
#pragma once

#include "engine/models/model.h"

#include <span>

namespace interleave::models {

const std::vector<std::unique_ptr<const Model>>& allModels();
/// An error that names the known models.
Result<const Model*> findModel(const std::string& id);
/// Defaults overlaid with `settings`; an unknown key or a bad value is an error that names what is
/// allowed.
Result<Parameters>
resolveParameters(const ModelInfo& info,
                  const std::vector<std::pair<std::string, std::string>>& settings);

} // namespace interleave::models
