// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/lesson_dock.h"

#include <QEvent>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr double kMostShare = 0.4; // of the window's width
constexpr int kLeastLessonPx = 320;

} // namespace

LessonDock::LessonDock(QWidget* content, QWidget* window)
    : QDockWidget(tr("&Lessons"), window) {
    setObjectName(QStringLiteral("lessonDock"));
    setTitleBarWidget(new QWidget(this)); // its content has a heading of its own
    setFeatures(QDockWidget::DockWidgetClosable);
    setAllowedAreas(Qt::RightDockWidgetArea);
    setWidget(content);
    window->installEventFilter(this);
    limitWidth();
}

bool LessonDock::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() == QEvent::Resize && watched == parentWidget()) {
        limitWidth();
    }
    return QDockWidget::eventFilter(watched, event);
}

void LessonDock::limitWidth() {
    const int most = static_cast<int>(parentWidget()->width() * kMostShare);
    widget()->setMinimumWidth(std::min(kLeastLessonPx, most));
    widget()->setMaximumWidth(most);
}

} // namespace interleave::ui
