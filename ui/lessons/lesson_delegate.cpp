// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_delegate.h"

#include <QAbstractScrollArea>
#include <QPainter>
#include <QStyle>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kPaddingPx = 7;
constexpr int kNumberPx = 26;
constexpr int kGoalFlags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

QFont boldOf(QFont font) {
    font.setBold(true);
    return font;
}

} // namespace

LessonDelegate::LessonDelegate(QWidget* view)
    : QStyledItemDelegate(view)
    , m_view(*view) {}

QSize LessonDelegate::sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const {
    // As if the scroll bar were there: whether it is follows from what is said here.
    const auto& view = static_cast<const QAbstractScrollArea&>(m_view);
    const int bar = view.style()->pixelMetric(QStyle::PM_ScrollBarExtent, nullptr, &view);
    const int width = view.width() - 2 * view.frameWidth() - bar;
    const QRect space(0, 0, std::max(80, width - kNumberPx - 2 * kPaddingPx), 10'000);
    const int name = QFontMetrics(boldOf(option.font))
                         .boundingRect(space, kGoalFlags, index.data().toString())
                         .height();
    const int goal =
        option.fontMetrics.boundingRect(space, kGoalFlags, index.data(GoalRole).toString())
            .height();
    const bool hasProgress = !index.data(ProgressRole).toString().isEmpty();
    return {80, name + goal + (hasProgress ? option.fontMetrics.height() : 0) + 2 * kPaddingPx};
}

void LessonDelegate::paint(QPainter* painter, const QStyleOptionViewItem& option,
                           const QModelIndex& index) const {
    painter->save();
    const QPalette& palette = option.palette;
    const bool isSelected = option.state.testFlag(QStyle::State_Selected);
    const bool isHot = option.state.testFlag(QStyle::State_MouseOver);
    QColor back = palette.color(QPalette::Base);
    if (isSelected || isHot) {
        QColor tint = palette.color(QPalette::Highlight);
        tint.setAlphaF(isSelected ? 0.22F : 0.10F);
        painter->fillRect(option.rect, back);
        back = tint;
    }
    painter->fillRect(option.rect, back);
    if (option.state.testFlag(QStyle::State_HasFocus)) {
        painter->setPen(palette.color(QPalette::Highlight));
        painter->drawRect(option.rect.adjusted(0, 0, -1, -1));
    }
    const QRect area = option.rect.adjusted(kPaddingPx, kPaddingPx, -kPaddingPx, -kPaddingPx);
    QRect text = area.adjusted(kNumberPx, 0, 0, 0);
    painter->setFont(boldOf(option.font));
    painter->setPen(palette.color(QPalette::Text));
    painter->drawText(area, Qt::AlignLeft | Qt::AlignTop, QString::number(index.row() + 1));
    QRect used;
    painter->drawText(text, kGoalFlags, index.data().toString(), &used);
    text.setTop(used.bottom() + 1);
    painter->setFont(option.font);
    painter->setPen(palette.color(QPalette::PlaceholderText));
    painter->drawText(text, kGoalFlags, index.data(GoalRole).toString(), &used);
    text.setTop(used.bottom() + 1);
    painter->setPen(palette.color(QPalette::Text));
    painter->drawText(text, kGoalFlags, index.data(ProgressRole).toString());
    painter->restore();
}

} // namespace interleave::ui
