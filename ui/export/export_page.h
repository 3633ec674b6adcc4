// SPDX-License-Identifier: GPL-3.0-or-later
// ExportPage: a view's picture with what a reader of the file needs beside it: title, where the
// numbers come from, and the legend of what occurs. Paints with any painter, in pixels.
#pragma once

#include "engine/recording/recording.h"
#include "ui/theme/view_painter.h"

#include <QStringList>
#include <memory>
#include <span>

namespace interleave::ui {

using RecordingPtrs = std::span<const std::shared_ptr<const recording::Recording>>;

struct PageText {
    QString title;       // "Ten dishes · gil-threads"
    QString source;      // "measured"
    QStringList caption; // facts, in order
};

/// What the page says about the recordings.
PageText pageText(RecordingPtrs recordings);

/// Which parts the page has beside the view.
struct PageParts {
    bool hasLegend = true;
    bool hasCaption = true; // the title and what stands under it
};

class ExportPage {
public:
    ExportPage(PageText text, const ViewPainter& view, const Theme& theme, PageParts parts = {});

    /// The size at which the view has its own preferred size.
    QSize preferredSize() const;
    void paint(QPainter& painter, QSizeF size) const;

private:
    QStringList captionLines(double width) const;
    double headHeight(double width) const;
    void paintHead(QPainter& painter, double width) const;

    PageText m_text;
    const ViewPainter& m_view;
    Theme m_theme;
    PageParts m_parts;
    QList<LegendEntry> m_legend;
};

} // namespace interleave::ui
