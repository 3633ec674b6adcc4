// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_accessible.h"

#include "ui/gantt/gantt_view.h"
#include "ui/gantt/span_text.h"
#include "ui/view_state/painted_list.h"

namespace interleave::ui {

namespace {

class RowAccessible : public PaintedItem {
public:
    RowAccessible(GanttView& view, int row)
        : PaintedItem(view)
        , m_view(view)
        , m_row(static_cast<std::size_t>(row)) {}

    bool isValid() const override { return hasList() && m_row < m_view.layout().size(); }
    QRect rect() const override {
        const GanttRow* row = placed();
        return row == nullptr
                   ? QRect()
                   : row->rect.toRect().translated(m_view.canvas()->mapToGlobal(QPoint(0, 0)));
    }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = true;
        state.offscreen = placed() == nullptr;
        state.invalid = !isValid();
        if (isValid()) {
            const RowItem& item = m_view.layout().at(m_row);
            const auto& selected = m_view.state().selectedSpan();
            state.selected = selected && !item.isHeading() && selected->track == item.track;
            state.expandable = item.kind == RowKind::Heading;
            state.expanded = item.kind == RowKind::Heading && !item.isFolded;
            state.collapsed = item.kind == RowKind::Heading && item.isFolded;
        }
        return state;
    }

private:
    const GanttRow* placed() const {
        if (isValid()) {
            for (const GanttRow& row : m_view.geometry().rows) {
                if (row.index == m_row) {
                    return &row;
                }
            }
        }
        return nullptr;
    }
    QString sentence() const override {
        const RowItem& item = m_view.layout().at(m_row);
        return item.isHeading()
                   ? item.name
                   : rowSentence(*m_view.state().recording(), item.track, m_view.state().visible());
    }

    GanttView& m_view; // while hasList()
    std::size_t m_row;
};

class GanttAccessible : public PaintedList {
public:
    explicit GanttAccessible(GanttView& view)
        : PaintedList(view)
        , m_view(view) {}

    int childCount() const override { return static_cast<int>(m_view.layout().size()); }
    QString text(QAccessible::Text kind) const override {
        if (kind != QAccessible::Name) {
            return QAccessibleWidget::text(kind);
        }
        const std::size_t rows = m_view.layout().trackRowCount();
        return rows == 1 ? tr("Timeline, 1 row") : tr("Timeline, %1 rows").arg(rows);
    }
    QAccessibleInterface* childAt(int x, int y) const override {
        const QPoint point = m_view.canvas()->mapFromGlobal(QPoint(x, y));
        const GanttRow* row = m_view.geometry().rowAt(point.y());
        return row == nullptr ? nullptr : child(static_cast<int>(row->index));
    }
    QAccessibleInterface* focusChild() const override {
        const auto& selected = m_view.state().selectedSpan();
        const auto row = selected ? m_view.layout().rowOf(selected->track) : std::nullopt;
        return row ? child(static_cast<int>(*row)) : nullptr;
    }

private:
    QAccessibleInterface* makeItem(int index) const override {
        return new RowAccessible(m_view, index);
    }

    GanttView& m_view;
};

QAccessibleInterface* makeGanttAccessible(const QString&, QObject* object) {
    auto* view = qobject_cast<GanttView*>(object);
    return view != nullptr ? new GanttAccessible(*view) : nullptr;
}

} // namespace

void installGanttAccessible() {
    QAccessible::installFactory(makeGanttAccessible); // installs each function once
}

} // namespace interleave::ui
