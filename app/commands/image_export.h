// SPDX-License-Identifier: GPL-3.0-or-later
// Images from the command line: checks the options, gives Qt the application it wants (with no
// display needed) and calls the exporter that the window uses too.
#pragma once

#include "app/commands/commands.h"
#include "engine/recording/recording.h"

#include <memory>
#include <span>

namespace interleave::app {

/// Writes options.output as PNG, SVG or PDF by its ending; returns the exit code.
int exportImage(std::span<const std::shared_ptr<const recording::Recording>> recordings,
                const ExportOptions& options);

} // namespace interleave::app
