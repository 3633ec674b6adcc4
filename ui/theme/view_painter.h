// SPDX-License-Identifier: GPL-3.0-or-later
// ViewPainter: what a view must offer so that its picture can be exported: a pure painting object,
// built from recording(s), a time range and options. The widget of the view paints with the same
// functions, so that screen and file agree. It knows no widget and keeps no QObject.
#pragma once

#include "ui/theme/theme.h"

#include <QList>
#include <QRectF>
#include <QSize>
#include <QString>
#include <optional>

class QPainter;

namespace interleave::ui {

/// One entry of the legend: a state's swatch, or a plain patch of `colour` where there is no state.
struct LegendEntry {
    std::optional<State> state;
    QColor colour;
    QString text;
};

class ViewPainter {
public:
    ViewPainter() = default;
    ViewPainter(const ViewPainter&) = delete;
    ViewPainter& operator=(const ViewPainter&) = delete;
    virtual ~ViewPainter() = default;

    /// Paints the whole view with its axes and row names into `rect`, in pixels of the painter;
    /// nothing outside it. Leaves the painter's state as it found it.
    virtual void paint(QPainter& painter, const QRectF& rect, const Theme& theme) const = 0;
    /// The size at which everything is readable; exports use it when none is asked for.
    virtual QSize preferredSize() const = 0;
    /// Only what occurs in the picture, in the order of the states.
    virtual QList<LegendEntry> legend(const Theme& theme) const = 0;
};

/// Height that the entries need when wrapped to the width.
double legendHeight(const QList<LegendEntry>& entries, double width, const Theme& theme);
/// Draws the entries left to right, wrapped to the width of the rectangle.
void drawLegend(QPainter& painter, const QRectF& rect, const QList<LegendEntry>& entries,
                const Theme& theme);

} // namespace interleave::ui
