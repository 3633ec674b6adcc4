// SPDX-License-Identifier: GPL-3.0-or-later
// FlowLayout: one pass that either measures or places.
#include "ui/panels/flow_layout.h"

#include <QWidget>

#include <algorithm>

namespace interleave::ui {

FlowLayout::FlowLayout(QWidget* parent, int spacingPx)
    : QLayout(parent) {
    setContentsMargins(0, 0, 0, 0);
    setSpacing(spacingPx);
}

FlowLayout::~FlowLayout() {
    qDeleteAll(m_items);
}

void FlowLayout::addItem(QLayoutItem* item) {
    m_items.append(item);
}

int FlowLayout::count() const {
    return static_cast<int>(m_items.size());
}

QLayoutItem* FlowLayout::itemAt(int index) const {
    return m_items.value(index);
}

QLayoutItem* FlowLayout::takeAt(int index) {
    return index >= 0 && index < count() ? m_items.takeAt(index) : nullptr;
}

int FlowLayout::heightForWidth(int width) const {
    return place({0, 0, width, 0}, true);
}

QSize FlowLayout::minimumSize() const {
    QSize size;
    for (const QLayoutItem* item : m_items) {
        size = size.expandedTo(item->minimumSize());
    }
    const QMargins margins = contentsMargins();
    return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom());
}

void FlowLayout::setGeometry(const QRect& rect) {
    QLayout::setGeometry(rect);
    place(rect, false);
}

int FlowLayout::itemWidth(const QLayoutItem& item, int availablePx) const {
    if (m_columnWidthPx == 0) {
        return std::min(item.sizeHint().width(), availablePx);
    }
    const int columns = std::max(1, (availablePx + spacing()) / (m_columnWidthPx + spacing()));
    return (availablePx - (columns - 1) * spacing()) / columns;
}

int FlowLayout::place(const QRect& rect, bool isTrial) const {
    const QRect area = rect.marginsRemoved(contentsMargins());
    int x = area.x();
    int y = area.y();
    int rowHeight = 0;
    QList<std::pair<QLayoutItem*, QRect>> row;
    const auto finishRow = [&] {
        for (const auto& [item, place] : row) {
            if (!isTrial) {
                const int height = m_columnWidthPx > 0 ? rowHeight : place.height();
                item->setGeometry({place.x(), place.y(), place.width(), height});
            }
        }
        row.clear();
    };
    for (QLayoutItem* item : m_items) {
        if (item->isEmpty()) {
            continue;
        }
        const int width = itemWidth(*item, area.width());
        const int height =
            item->hasHeightForWidth() ? item->heightForWidth(width) : item->sizeHint().height();
        if (x > area.x() && x + width > area.right() + 1) {
            finishRow();
            x = area.x();
            y += rowHeight + spacing();
            rowHeight = 0;
        }
        row.append({item, QRect(x, y, width, height)});
        x += width + spacing();
        rowHeight = std::max(rowHeight, height);
    }
    finishRow();
    return y + rowHeight - rect.y() + contentsMargins().bottom();
}

} // namespace interleave::ui
