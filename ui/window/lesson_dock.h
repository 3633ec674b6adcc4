// SPDX-License-Identifier: GPL-3.0-or-later
// LessonDock: the lessons beside the views, to which it leaves three fifths of the window.
#pragma once

#include <QDockWidget>

namespace interleave::ui {

class LessonDock : public QDockWidget {
    Q_OBJECT

public:
    LessonDock(QWidget* content, QWidget* window);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void limitWidth();
};

} // namespace interleave::ui
