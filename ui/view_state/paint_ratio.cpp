// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view_state/paint_ratio.h"

#include <QVariant>
#include <QWidget>

namespace interleave::ui {

namespace {

constexpr const char* kProperty = "interleaveEnlargement";

} // namespace

double paintRatioOf(const QWidget& widget) {
    const QVariant factor = widget.window()->property(kProperty);
    return widget.devicePixelRatioF() * (factor.isValid() ? factor.toDouble() : 1.0);
}

void setEnlargement(QWidget& content, double factor) {
    content.setProperty(kProperty, factor == 1.0 ? QVariant() : QVariant(factor));
}

} // namespace interleave::ui
