// SPDX-License-Identifier: GPL-3.0-or-later
// The views by kind.
#include "ui/window/view_factory.h"

#include <QLabel>

namespace interleave::ui {

QWidget* makeRunView(ViewKind kind, ViewState&, QWidget* parent) {
    auto* label = new QLabel(titleOf(kind), parent);
    label->setAlignment(Qt::AlignCenter);
    return label;
}

CompareWidget makeCompareView(ViewState&, QWidget* parent) {
    return {new QLabel(titleOf(ViewKind::Compare), parent), [](const auto&) {}};
}

DetailText describeSpan(const recording::Recording&, SpanRef) {
    return {};
}

} // namespace interleave::ui
