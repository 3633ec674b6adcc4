// SPDX-License-Identifier: GPL-3.0-or-later
// FinishLineAxis: an empty timeline with a flag that is dragged to where a run is thought to end;
// arrows and pages move it, too. It has no flag before it was touched: nothing is predicted yet.
#pragma once

#include <QAbstractSlider> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/base/time.h"
#include "ui/theme/theme.h"

#include <optional>

namespace interleave::chart {
struct TimeScale;
}

namespace interleave::ui {

class FinishLineAxis : public QAbstractSlider {
    Q_OBJECT

public:
    explicit FinishLineAxis(QWidget* parent = nullptr);

    /// The axis runs from zero to there, and further if the flag is put further.
    void setLength(Nanoseconds lengthNs);
    Nanoseconds length() const { return m_lengthNs; }
    /// Where the flag stands; none: nowhere yet. Emits nothing.
    void setFlag(std::optional<Nanoseconds> timeNs);
    const std::optional<Nanoseconds>& flag() const { return m_flagNs; }
    void setTheme(const Theme& theme);

    QSize sizeHint() const override { return {320, 92}; }
    QSize minimumSizeHint() const override { return {160, 72}; }

Q_SIGNALS:
    /// By mouse or key.
    void flagMoved(interleave::Nanoseconds timeNs);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    QRectF plot() const;
    chart::TimeScale scale() const;
    void moveTo(double x);
    void putFlag(Nanoseconds timeNs);
    void describe();
    void paintRows(QPainter& painter) const;
    void paintRuler(QPainter& painter) const;
    void paintFlag(QPainter& painter) const;

    Nanoseconds m_lengthNs = kSecond;
    std::optional<Nanoseconds> m_flagNs;
    Theme m_theme;
};

} // namespace interleave::ui
