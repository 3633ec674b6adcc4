// SPDX-License-Identifier: GPL-3.0-or-later
// LessonDelegate: a lesson in the list: its number and name, its goal in as many lines as it takes,
// and how far one has come.
#pragma once

#include <QStyledItemDelegate>

namespace interleave::ui {

class LessonDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    enum Role { GoalRole = Qt::UserRole + 1, ProgressRole };

    explicit LessonDelegate(QWidget* view);

    void paint(QPainter* painter, const QStyleOptionViewItem& option,
               const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const QWidget& m_view; // whose width the lines are broken for
};

} // namespace interleave::ui
