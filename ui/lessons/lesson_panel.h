// SPDX-License-Identifier: GPL-3.0-or-later
// LessonPanel: the lessons of the window: the list of them, or the page of the one that is taken.
#pragma once

#include <QStackedWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/lessons/lesson_page.h"

#include <vector>

namespace interleave::ui {

class LessonList;

class LessonPanel : public QStackedWidget {
    Q_OBJECT

public:
    /// Both outlive it.
    LessonPanel(RunQueue& queue, RunListItemModel& runs, QWidget* parent = nullptr);

    /// Reads the shipped ones when first called; what is wrong with them is said in the list.
    void load();
    /// A teacher's own: its folder, or its lesson.toml. What is wrong with it is said in the list.
    void openFolder(const QString& folder);
    void openLesson(int index);
    /// The next one of the list, or the one before; of no use at its ends.
    void openOther(int by);
    void showList();
    /// A lesson is open, not the list.
    bool isOpen() const { return currentWidget() == m_page; }
    LessonPage& page() const { return *m_page; }
    LessonList& list() const { return *m_list; }
    void setTheme(const Theme& theme);

Q_SIGNALS:
    /// "Open lesson folder" was asked for.
    void folderWanted();
    void openChanged();

private:
    void turnTo(QWidget* widget);

    std::vector<lesson::Lesson> m_lessons;
    int m_current = -1;
    LessonList* m_list;
    LessonPage* m_page;
};

} // namespace interleave::ui
