// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/wrapped_radio.h"

#include <QPainter>
#include <QStyle>
#include <QStyleOptionButton>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kRadioGapPx = 6;
constexpr int kRadioPaddingPx = 3;
constexpr int kPreferredWidthPx = 300;
constexpr int kFlags = Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap;

} // namespace

WrappedRadio::WrappedRadio(const QString& text, QWidget* parent)
    : QRadioButton(parent) {
    setText(QString(text).replace('&', QLatin1String("&&"))); // a teacher's, not a mnemonic
    setAccessibleName(text);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

int WrappedRadio::textLeftPx() const {
    return style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth, nullptr, this) + kRadioGapPx;
}

QRect WrappedRadio::textRect(int width) const {
    const QRect space(textLeftPx(), kRadioPaddingPx, std::max(40, width - textLeftPx() - 2),
                      10'000);
    return fontMetrics().boundingRect(space, kFlags, accessibleName());
}

int WrappedRadio::heightForWidth(int width) const {
    return std::max(textRect(width).height(),
                    style()->pixelMetric(QStyle::PM_ExclusiveIndicatorHeight, nullptr, this)) +
           2 * kRadioPaddingPx;
}

QSize WrappedRadio::sizeHint() const {
    return {kPreferredWidthPx, heightForWidth(kPreferredWidthPx)};
}

QSize WrappedRadio::minimumSizeHint() const {
    return {120, heightForWidth(width())};
}

void WrappedRadio::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    QStyleOptionButton option;
    initStyleOption(&option);
    const int line = fontMetrics().height();
    const int side = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorHeight, nullptr, this);
    option.rect = QRect(0, kRadioPaddingPx + std::max(0, (line - side) / 2),
                        textLeftPx() - kRadioGapPx, side);
    style()->drawPrimitive(QStyle::PE_IndicatorRadioButton, &option, &painter, this);
    const QRect text = textRect(width());
    painter.setPen(
        palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
    painter.drawText(text, kFlags, accessibleName());
    if (hasFocus()) {
        QStyleOptionFocusRect focus;
        focus.initFrom(this);
        focus.rect = text.adjusted(-2, -1, 2, 1);
        style()->drawPrimitive(QStyle::PE_FrameFocusRect, &focus, &painter, this);
    }
}

bool WrappedRadio::hitButton(const QPoint& position) const {
    return rect().contains(position);
}

} // namespace interleave::ui
