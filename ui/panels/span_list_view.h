// SPDX-License-Identifier: GPL-3.0-or-later
// SpanListView: a table of any number of spans. Qt's own table keeps a few bytes for each row, too
// much for a hundred million; so the table inside holds just the rows in sight and a scroll bar of
// its own moves them. Selection is a stretch of row numbers, which scrolling doesn't touch.
#pragma once

#include "ui/panels/span_rows.h"

#include <QTableView>

class QScrollBar;

namespace interleave::ui {

class SpanWindowItemModel;

class SpanListView : public QTableView {
    Q_OBJECT

public:
    explicit SpanListView(QWidget* parent = nullptr);

    void setRows(SpanRows rows);
    const SpanRows& rows() const;
    /// The scroll bar for all rows; whoever lays out the table puts it beside.
    QScrollBar* rowBar() const { return m_bar; }

    /// The row that the keys move; none where there are no rows.
    std::optional<std::uint64_t> currentRow() const { return m_current; }
    /// Selected rows [first, second).
    std::pair<std::uint64_t, std::uint64_t> selectedRows() const;
    /// Makes a row the current one, in sight; extends the selection to it or selects it alone.
    void goTo(std::uint64_t row, bool isExtending = false);
    void selectAll() override;

Q_SIGNALS:
    /// By the reader, not by goTo().
    void rowChosen(quint64 row);
    void rowActivated(quint64 row);
    void copyRequested();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent*) override {}
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void updateWindow();
    void scrollTo(std::uint64_t first);
    void choose(std::uint64_t row, bool isExtending);
    std::optional<std::uint64_t> rowAtPoint(QPoint point) const;
    int rowsInSight() const;

    SpanWindowItemModel* m_model;
    QScrollBar* m_bar;
    std::optional<std::uint64_t> m_current;
    std::uint64_t m_anchor = 0;
};

} // namespace interleave::ui
