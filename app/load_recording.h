// SPDX-License-Identifier: GPL-3.0-or-later
// Opens what a user calls a recording: an .ilv file, another program's trace, or the folder of a
// session, whether it is still being written or was left by a run that was killed.
#pragma once

#include "engine/base/result.h"
#include "engine/recording/recording.h"

#include <filesystem>
#include <memory>

namespace interleave::app {

Result<std::shared_ptr<const recording::Recording>>
loadRecording(const std::filesystem::path& path);

} // namespace interleave::app
