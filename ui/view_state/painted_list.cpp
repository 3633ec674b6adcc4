// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/painted_list.h"

#include <QWidget>
#include <QWindow>

namespace interleave::ui {

QWindow* PaintedItem::window() const {
    return isValid() ? m_list->window()->windowHandle() : nullptr;
}

QAccessibleInterface* PaintedItem::parent() const {
    return QAccessible::queryAccessibleInterface(m_list);
}

QString PaintedItem::text(QAccessible::Text kind) const {
    return isValid() && kind == QAccessible::Name ? sentence() : QString();
}

PaintedList::~PaintedList() {
    for (const auto& [index, id] : m_items) {
        QAccessible::deleteAccessibleInterface(id);
    }
}

QAccessibleInterface* PaintedList::child(int index) const {
    if (index < 0 || index >= childCount()) {
        return nullptr;
    }
    const auto known = m_items.find(index);
    if (known != m_items.end()) {
        return QAccessible::accessibleInterface(known->second);
    }
    QAccessibleInterface* item = makeItem(index);
    m_items[index] = QAccessible::registerAccessibleInterface(item);
    return item;
}

int PaintedList::indexOfChild(const QAccessibleInterface* child) const {
    for (const auto& [index, id] : m_items) {
        if (QAccessible::accessibleInterface(id) == child) {
            return index;
        }
    }
    return -1;
}

} // namespace interleave::ui
