// SPDX-License-Identifier: GPL-3.0-or-later
// The strip above the rows: the whole run in small, where a search hit, and the window that shows
// which part of it is in sight. The window can be dragged, and by its edges made wider or narrower.
// A large recording is summed on a thread of its own; the picture fills up meanwhile.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "ui/gantt/overview_shares.h"
#include "ui/view_state/view_state.h"

#include <QImage>
#include <optional>
#include <thread>

namespace interleave::ui {

class OverviewStrip : public QWidget {
    Q_OBJECT

public:
    explicit OverviewStrip(ViewState& state, QWidget* parent = nullptr);

    void setGutterPx(double widthPx);
    QSize sizeHint() const override;
    /// Where the window is drawn.
    QRectF windowRect() const;
    /// Whether all tracks are in the picture.
    bool isComplete() const { return m_isComplete; }

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    enum class Grip : std::uint8_t { None, Body, Left, Right };

    QRectF track() const;
    TimeRange shownRange() const;
    double xOf(Nanoseconds time) const;
    Nanoseconds timeAt(double x) const;
    Grip gripAt(QPointF point) const;
    void forgetShares();
    void forgetPicture();
    OverviewQuestion question() const;
    void sumShares();
    void takeShares(std::size_t asked, OverviewShares shares, bool isComplete);
    void makePicture();
    void paintHits(QPainter& painter) const;

    ViewState& m_state;
    std::optional<OverviewShares> m_shares;
    bool m_isComplete = true;
    bool m_isStale = true; // something else is asked for than m_shares answers
    std::size_t m_asked = 0;
    bool m_isSumming = false;
    QImage m_picture;
    double m_gutterPx;
    Grip m_grip = Grip::None;
    Nanoseconds m_pressedNs = 0;
    TimeRange m_visibleAtPress;
    std::jthread m_summer; // last: it ends before what it reports to
};

} // namespace interleave::ui
