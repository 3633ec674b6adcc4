// SPDX-License-Identifier: GPL-3.0-or-later
// How many pixels of the screen a widget's pixel has: the screen's own ratio, times how much a
// presentation enlarges the window's content. Who keeps pixmaps makes them so fine.
#pragma once

class QWidget;

namespace interleave::ui {

double paintRatioOf(const QWidget& widget);

/// Of a widget that is shown enlarged, with all that is in it.
void setEnlargement(QWidget& content, double factor);

} // namespace interleave::ui
