// SPDX-License-Identifier: GPL-3.0-or-later
// ViewTabs: a tab bar whose chosen tab is underlined, so that it is plain in both themes.
#pragma once

#include <QTabBar>

namespace interleave::ui {

class ViewTabs : public QTabBar {
    Q_OBJECT

public:
    using QTabBar::QTabBar;

protected:
    void paintEvent(QPaintEvent* event) override;
};

} // namespace interleave::ui
