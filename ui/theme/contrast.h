// SPDX-License-Identifier: GPL-3.0-or-later
// Contrast as WCAG 2 defines it, and the ink that reads best on a fill.
#pragma once

#include <QColor>

namespace interleave::ui {

/// 1 (none) .. 21 (black on white); alpha is ignored.
double contrastRatio(const QColor& a, const QColor& b);

/// Black or white, whichever reads better on the fill; at least 4.5:1 on any colour.
QColor inkOn(const QColor& fill);

/// The colour of a hatch on the fill: visible, but calmer than text.
QColor hatchInk(const QColor& fill);

/// `amount` of b over a, 0 .. 1, both opaque.
QColor mixed(const QColor& a, const QColor& b, double amount);

} // namespace interleave::ui
