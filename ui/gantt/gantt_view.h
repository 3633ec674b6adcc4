// SPDX-License-Identifier: GPL-3.0-or-later
// GanttView: the widget. Overview on top, then ruler and rows, with a scroll bar where the rows
// don't fit. It turns the view state into geometry and events into changes of the view state; the
// drawing is the painter's, the meaning of keys gantt_keys', of the mouse GanttMouse's.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> unless Qt's configuration came before

#include "ui/gantt/gantt_canvas.h"
#include "ui/gantt/gantt_geometry.h"
#include "ui/gantt/gantt_keys.h"
#include "ui/view_state/view_state.h"

#include <QTimer>

class QPainter;
class QScrollBar;

namespace interleave::analysis {
class LinkIndex;
}

namespace interleave::ui {

class GanttMouse;
class OverviewStrip;

class GanttView : public QWidget {
    Q_OBJECT

public:
    explicit GanttView(ViewState& state, QWidget* parent = nullptr);
    ~GanttView() override;

    /// Width of the row names; the window gives all views the same.
    void setGutterPx(double widthPx);
    double gutterPx() const { return m_gutterPx; }
    void setOverviewVisible(bool isVisible);

    /// Does what the key would do; for menus and buttons.
    void perform(GanttAction action);
    /// Scrolls rows and time until the span is in sight.
    void reveal(SpanRef span);
    void scrollRowsBy(double px);

    /// What is drawn now. The reference holds until the view state changes.
    const GanttGeometry& geometry() const;
    /// The span under a point of the canvas; of merged ones the longest.
    std::optional<SpanRef> spanAt(QPointF point) const;
    QString tipAt(QPointF point) const;
    const ViewState& state() const { return m_state; }
    /// The rows, also those out of sight; until the view state changes.
    const RowLayout& layout() const { return *m_layout; }
    /// The widget that the rows are drawn on.
    GanttCanvas* canvas() const;
    OverviewStrip& overview() const { return *m_overview; }

    QSize sizeHint() const override { return {960, 560}; }
    QSize minimumSizeHint() const override { return {360, 160}; }

protected:
    bool event(QEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void connectState();
    void makeLayout();
    void refreshRows();
    void refresh();
    void refreshOverlay();
    void updateScrollBar();
    GanttInputs inputs() const;
    void paint(QPainter& painter) const;
    void paintOverlay(QPainter& painter) const;
    QString emptyText() const;

    void stepSpan(int by);
    void stepRow(int by);
    void follow(bool isForward);
    const analysis::LinkIndex& links() const;
    void frameSelection();
    void extendRange(int direction);
    Nanoseconds markPlace() const;
    void mark();
    void keepMark();
    void removeMark();
    void say(const QString& text);
    void select(std::optional<SpanRef> span);

    ViewState& m_state;
    OverviewStrip* m_overview = nullptr;
    GanttCanvas* m_canvas = nullptr;
    QScrollBar* m_scrollBar = nullptr;
    std::unique_ptr<GanttMouse> m_mouse;
    std::shared_ptr<const RowLayout> m_layout = std::make_shared<RowLayout>(); // never null
    mutable GanttInputs m_geometryInputs;
    mutable GanttGeometry m_geometry;
    mutable std::unique_ptr<const analysis::LinkIndex> m_links; // made when first asked for
    struct Followed {
        SpanRef from;
        bool isForward = false;
        std::uint32_t link = 0;
    };
    std::optional<Followed> m_lastFollowed;
    Nanoseconds m_rangeAnchorNs = 0; // the edge of a range by keys that stays
    Nanoseconds m_rangeHeadNs = 0;   // the one that moves
    QTimer m_sayTimer;               // until what was said is taken back
    double m_gutterPx = kDefaultGutterPx;
};

} // namespace interleave::ui
