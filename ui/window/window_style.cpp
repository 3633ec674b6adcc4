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

void WindowStyle::drawPrimitive(PrimitiveElement element, const QStyleOption* option,
                                QPainter* painter, const QWidget* widget) const {
    if (element != PE_FrameStatusBarItem) {
        QProxyStyle::drawPrimitive(element, option, painter, widget);
    }
}

} // namespace interleave::ui
