// SPDX-License-Identifier: GPL-3.0-or-later
// PractiseStep: the exercise of a lesson and the parameters to play with, run by run.
#pragma once

#include <QScrollArea> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/lesson/lesson_runs.h"
#include "ui/theme/theme.h"

#include <vector>

class QVBoxLayout;

namespace interleave::ui {

class PlayForm;

class PractiseStep : public QScrollArea {
    Q_OBJECT

public:
    explicit PractiseStep(QWidget* parent = nullptr);

    /// The lesson outlives what is shown of it.
    void open(const lesson::Lesson& lesson);
    /// Whether a lesson has anything for this step.
    static bool isWanted(const lesson::Lesson& lesson);
    void setRunEnabled(bool isEnabled);
    /// Null if nothing of the run can be changed.
    PlayForm* formOf(const std::string& run) const;
    void setTheme(const Theme& theme);

Q_SIGNALS:
    void runRequested(const interleave::lesson::LessonRun& changed);

private:
    void addForm(const lesson::Lesson& lesson, const lesson::LessonRun& run);

    QVBoxLayout* m_column = nullptr;
    std::vector<PlayForm*> m_forms;
    Theme m_theme;
};

} // namespace interleave::ui
