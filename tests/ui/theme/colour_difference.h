// SPDX-License-Identifier: GPL-3.0-or-later
// How different two colours look: CIEDE2000, under normal and dichromatic vision.
#pragma once

#include <QColor>

namespace interleave::ui {

enum class Vision { Normal, Deutan, Protan, Tritan };

/// Colours as somebody with that vision sees them.
QColor seenBy(Vision vision, const QColor& colour);

/// Source: Sharma, Wu, Dalal, The CIEDE2000 colour-difference formula, Color Research &
/// Application 30(1), 2005.
double ciede2000(const QColor& a, const QColor& b);

/// Difference of L* alone, as on a greyscale print.
double greyDifference(const QColor& a, const QColor& b);

} // namespace interleave::ui
