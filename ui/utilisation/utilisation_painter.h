// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the utilisation view for exports with the functions that the window uses.
#pragma once

#include "engine/recording/recording.h"
#include "ui/theme/view_painter.h"
#include "ui/utilisation/utilisation_series.h"

#include <memory>

namespace interleave::ui {

class UtilisationPainter : public ViewPainter {
public:
    UtilisationPainter(std::shared_ptr<const recording::Recording> recording, TimeRange visible);

    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    QList<LegendEntry> legend(const Theme& theme) const override;

private:
    std::shared_ptr<const recording::Recording> m_recording;
    TimeRange m_visible;
    UtilisationSeries m_series;
};

} // namespace interleave::ui
