// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/window_style.h"

namespace interleave::ui {

namespace {

constexpr int kSeparatorPx = 5;

} // namespace

WindowStyle::WindowStyle()
    : QProxyStyle(QStringLiteral("Fusion")) {}

int WindowStyle::pixelMetric(PixelMetric metric, const QStyleOption* option,
                             const QWidget* widget) const {
    return metric == PM_DockWidgetSeparatorExtent
               ? kSeparatorPx
               : QProxyStyle::pixelMetric(metric, option, widget);
}

int WindowStyle::styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                           QStyleHintReturn* returned) const {
    return hint == SH_DialogButtonBox_ButtonsHaveIcons
               ? 0
               : QProxyStyle::styleHint(hint, option, widget, returned);
}

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                QPainter* painter, const QWidget* widget) const {
    if (element != PE_FrameStatusBarItem) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

} // namespace interleave::ui
