// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/gantt/gantt_accessible.h"

#include "ui/gantt/gantt_view.h"
#include "ui/gantt/span_text.h"

#include <QAccessibleWidget>
#include <QPointer>
#include <map>

namespace interleave::ui {

namespace {

/// A row by its number; it says what the row is at the time of asking.
class RowAccessible : public QAccessibleInterface {
public:
    RowAccessible(GanttView& view, int row)
        : m_view(&view)
        , m_row(static_cast<std::size_t>(row)) {}

    bool isValid() const override { return m_view && m_row < m_view->layout().size(); }
    QObject* object() const override { return nullptr; }
    QWindow* window() const override {
        return isValid() ? m_view->window()->windowHandle() : nullptr;
    }
    QAccessibleInterface* parent() const override {
        return QAccessible::queryAccessibleInterface(m_view);
    }
    QAccessibleInterface* child(int) const override { return nullptr; }
    QAccessibleInterface* childAt(int, int) const override { return nullptr; }
    int childCount() const override { return 0; }
    int indexOfChild(const QAccessibleInterface*) const override { return -1; }
    QAccessible::Role role() const override { return QAccessible::ListItem; }
    void setText(QAccessible::Text, const QString&) override {}

    QString text(QAccessible::Text kind) const override {
        return isValid() && kind == QAccessible::Name ? sentence() : QString();
    }
    QRect rect() const override {
        const GanttRow* row = placed();
        return row == nullptr
                   ? QRect()
                   : row->rect.toRect().translated(m_view->canvas()->mapToGlobal(QPoint(0, 0)));
    }
    QAccessible::State state() const override {
        QAccessible::State state;
        state.selectable = true;
        state.offscreen = placed() == nullptr;
        state.invalid = !isValid();
        if (isValid()) {
            const RowItem& item = m_view->layout().at(m_row);
            const auto& selected = m_view->state().selectedSpan();
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
            for (const GanttRow& row : m_view->geometry().rows) {
                if (row.index == m_row) {
                    return &row;
                }
            }
        }
        return nullptr;
    }
    QString sentence() const {
        const RowItem& item = m_view->layout().at(m_row);
        return item.isHeading() ? item.name
                                : rowSentence(*m_view->state().recording(), item.track,
                                              m_view->state().visible());
    }

    QPointer<GanttView> m_view;
    std::size_t m_row;
};

class GanttAccessible : public QAccessibleWidget {
public:
    explicit GanttAccessible(GanttView& view)
        : QAccessibleWidget(&view, QAccessible::List)
        , m_view(view) {}
    ~GanttAccessible() override {
        for (const auto& [row, id] : m_rows) {
            QAccessible::deleteAccessibleInterface(id);
        }
    }
    GanttAccessible(const GanttAccessible&) = delete;
    GanttAccessible& operator=(const GanttAccessible&) = delete;

    int childCount() const override { return static_cast<int>(m_view.layout().size()); }
    QString text(QAccessible::Text kind) const override {
        if (kind != QAccessible::Name) {
            return QAccessibleWidget::text(kind);
        }
        const std::size_t rows = m_view.layout().trackRowCount();
        return rows == 1 ? tr("Timeline, 1 row") : tr("Timeline, %1 rows").arg(rows);
    }
    QAccessibleInterface* child(int index) const override {
        if (index < 0 || index >= childCount()) {
            return nullptr;
        }
        const auto known = m_rows.find(index);
        if (known != m_rows.end()) {
            return QAccessible::accessibleInterface(known->second);
        }
        auto* row = new RowAccessible(m_view, index);
        m_rows[index] = QAccessible::registerAccessibleInterface(row);
        return row;
    }
    int indexOfChild(const QAccessibleInterface* child) const override {
        for (const auto& [row, id] : m_rows) {
            if (QAccessible::accessibleInterface(id) == child) {
                return row;
            }
        }
        return -1;
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
    GanttView& m_view;
    mutable std::map<int, QAccessible::Id> m_rows; // those asked for so far
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
