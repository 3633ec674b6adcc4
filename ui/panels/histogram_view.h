// SPDX-License-Identifier: GPL-3.0-or-later
// HistogramView: how the durations of spans are spread, over a logarithmic axis of time, with the
// percentiles marked. Shows one line of a range report.
#pragma once

#include "ui/theme/theme.h"

// After a header of Qt: the moc of Qt 6.4 stumbles over <compare> when it comes first.
#include "engine/analysis/range_report.h"

#include <QWidget>

#include <optional>

namespace interleave::ui {

class HistogramView : public QWidget {
    Q_OBJECT

public:
    explicit HistogramView(QWidget* parent = nullptr);

    /// `state` colours the bars; without one they have the theme's accent.
    void setLine(const QString& title, const analysis::ReportLine& line,
                 std::optional<State> state);
    void setTheme(const Theme& theme);
    QSize sizeHint() const override { return {330, 150}; }
    QSize minimumSizeHint() const override { return {180, 90}; }
    /// "2.05 µs to 3.07 µs: 1,204 spans"; empty where there is no bin.
    QString tipAt(QPoint point) const;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    QRectF plot() const;
    double xOf(const QRectF& area, double ns) const;
    void paintAxis(QPainter& painter, const QRectF& area) const;
    void paintBins(QPainter& painter, const QRectF& area) const;
    void paintPercentiles(QPainter& painter, const QRectF& area) const;

    QString m_title;
    analysis::ReportLine m_line;
    std::optional<State> m_state;
    Theme m_theme;
    double m_leastNs = 1; // of the axis
    double m_mostNs = 10;
};

} // namespace interleave::ui
