// SPDX-License-Identifier: GPL-3.0-or-later
// Paints the contention view for exports with the functions that the window uses.
#pragma once

#include "engine/recording/recording.h"
#include "ui/contention/contention_model.h"
#include "ui/theme/view_painter.h"

#include <memory>

namespace interleave::ui {

class ContentionPainter : public ViewPainter {
public:
    /// `lock`: which one; none shows the most waited for.
    ContentionPainter(std::shared_ptr<const recording::Recording> recording, TimeRange visible,
                      ObjectId lock = {});

    void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const override;
    QSize preferredSize() const override;
    QList<LegendEntry> legend(const Theme& theme) const override;

private:
    std::shared_ptr<const recording::Recording> m_recording;
    TimeRange m_visible;
    ContentionModel m_model;
};

} // namespace interleave::ui
