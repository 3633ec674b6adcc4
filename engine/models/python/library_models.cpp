// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/models/python/library_models.h"

#include "engine/models/python/library_model.h"

namespace interleave::models {

std::vector<std::unique_ptr<const Model>> makeLibraryModels() {
    std::vector<std::unique_ptr<const Model>> models;
    models.push_back(makeCelery());
    models.push_back(makePika());
    models.push_back(makeRq());
    return models;
}

} // namespace interleave::models
