// SPDX-License-Identifier: GPL-3.0-or-later
// Scrubber: the whole recording as a line on which the cursor is dragged; bookmarks, the visible
// part and the loop lie on it.
#pragma once

#include <QAbstractSlider> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/replay/replay_player.h"

namespace interleave::ui {

class Scrubber : public QAbstractSlider {
    Q_OBJECT

public:
    explicit Scrubber(ReplayPlayer& player, QWidget* parent = nullptr);
    QSize sizeHint() const override { return {320, 26}; }
    QSize minimumSizeHint() const override { return {120, 22}; }

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRectF line() const;
    double xOf(Nanoseconds when) const;
    Nanoseconds timeAt(double x) const;
    QString textAt(double x) const;
    void follow();

    ReplayPlayer& m_player;
};

} // namespace interleave::ui
