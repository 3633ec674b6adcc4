// SPDX-License-Identifier: GPL-3.0-or-later
// LessonList: the lessons to choose from, each with its goal and how far one has come with it.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/lesson/lesson.h"

#include <vector>

class QLabel;
class QListWidget;

namespace interleave::ui {

class LessonList : public QWidget {
    Q_OBJECT

public:
    explicit LessonList(QWidget* parent = nullptr);

    void setLessons(const std::vector<lesson::Lesson>& lessons);
    /// Reads done marks and scores anew.
    void refresh(const std::vector<lesson::Lesson>& lessons);
    void select(int index);
    /// Why a lesson can't be opened; empty takes it back.
    void setProblem(const QString& sentence);
    QString problem() const;
    void setErrorColour(const QColor& colour);
    QListWidget& list() const { return *m_list; }

Q_SIGNALS:
    void chosen(int index);
    void openFolderRequested();

private:
    QListWidget* m_list;
    QLabel* m_problem;
};

} // namespace interleave::ui
