// SPDX-License-Identifier: GPL-3.0-or-later
// FlowLayout: items left to right, wrapped to the width, as words in a text.
#pragma once

#include <QLayout>
#include <QList>

namespace interleave::ui {

class FlowLayout : public QLayout {
public:
    explicit FlowLayout(QWidget* parent, int spacingPx);
    ~FlowLayout() override;

    void addItem(QLayoutItem* item) override;
    int count() const override;
    QLayoutItem* itemAt(int index) const override;
    QLayoutItem* takeAt(int index) override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override { return minimumSize(); }
    QSize minimumSize() const override;
    Qt::Orientations expandingDirections() const override { return {}; }
    void setGeometry(const QRect& rect) override;

    /// All items as wide as the widest column that lets `columns` fit; 0: each its own width.
    void setColumns(int minimumWidthPx) { m_columnWidthPx = minimumWidthPx; }

private:
    int place(const QRect& rect, bool isTrial) const;
    int itemWidth(const QLayoutItem& item, int availablePx) const;

    QList<QLayoutItem*> m_items;
    int m_columnWidthPx = 0;
};

} // namespace interleave::ui
