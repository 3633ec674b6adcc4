// SPDX-License-Identifier: GPL-3.0-or-later
// Places the panels of the utilisation view on one time axis: cores, load, parallelism, tasks that
// wait for a core, switches, memory. Pure: recording, range and size in, scene out.
#pragma once

#include "ui/chart/scene_view.h"
#include "ui/utilisation/utilisation_series.h"

#include <vector>

namespace interleave::ui {

struct UtilisationInputs {
    TimeRange visible;
    QSizeF size;
    double gutterPx = 168;
};

enum class UtilisationPanel : std::uint8_t { Cores, Load, Parallelism, Ready, Switches, Memory };

struct PlacedPanel {
    UtilisationPanel kind = UtilisationPanel::Cores;
    QRectF plot;
};

struct UtilisationPicture {
    chart::Picture picture;
    std::vector<PlacedPanel> panels;
};

UtilisationPicture utilisationPicture(const recording::Recording& recording,
                                      const UtilisationSeries& series,
                                      const UtilisationInputs& inputs);

/// The height at which every panel can be read.
double preferredUtilisationHeight(const UtilisationSeries& series);

/// The values under a place of the picture, one a line; empty outside the plots.
QString utilisationAt(const recording::Recording& recording, const UtilisationSeries& series,
                      const UtilisationPicture& picture, QPointF position);

} // namespace interleave::ui
