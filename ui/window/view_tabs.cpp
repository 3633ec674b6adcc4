// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/view_tabs.h"

#include <QPainter>

namespace interleave::ui {

namespace {

constexpr int kUnderlinePx = 3;

} // namespace

void ViewTabs::paintEvent(QPaintEvent* event) {
    QTabBar::paintEvent(event);
    if (!isEnabled() || currentIndex() < 0) {
        return;
    }
    const QRect tab = tabRect(currentIndex());
    QPainter painter(this);
    painter.fillRect(
        QRect(tab.left() + 2, tab.bottom() - kUnderlinePx + 1, tab.width() - 4, kUnderlinePx),
        palette().color(QPalette::Highlight));
}

} // namespace interleave::ui
