// SPDX-License-Identifier: GPL-3.0-or-later
// Images from the command line: checks the options, gives Qt the application it wants (with no
// display needed) and calls the exporter that the window uses too.
#pragma once

#include "app/commands/commands.h"
#include "engine/analysis/sweep.h"
#include "engine/recording/recording.h"

#include <filesystem>
#include <memory>
#include <span>

namespace interleave::app {

/// Of pictures that go on a slide as they are: as fine as a projector.
inline constexpr double kSlideScale = 1.5;

/// Writes options.output as PNG, SVG or PDF by its ending; returns the exit code.
int exportImage(std::span<const std::shared_ptr<const recording::Recording>> recordings,
                const ExportOptions& options);

/// The chart of a sweep, on a page with the scenario's name as its title.
int exportSweepChart(const analysis::Sweep& sweep, const std::string& title,
                     const std::filesystem::path& output);
bool isImage(const std::filesystem::path& output);

} // namespace interleave::app
