// SPDX-License-Identifier: GPL-3.0-or-later
// WindowStyle: Fusion with thinner gaps between docks and no frames in the status bar. A style, not
// a style sheet: widgets under a style sheet don't follow a change of the application's palette.
#pragma once

#include <QProxyStyle>

namespace interleave::ui {

class WindowStyle : public QProxyStyle {
    Q_OBJECT

public:
    WindowStyle();

    int pixelMetric(PixelMetric metric, const QStyleOption* option,
                    const QWidget* widget) const override;
    int styleHint(StyleHint hint, const QStyleOption* option, const QWidget* widget,
                  QStyleHintReturn* returned) const override;
    void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                       const QWidget* widget) const override;
};

} // namespace interleave::ui
