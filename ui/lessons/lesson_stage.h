// SPDX-License-Identifier: GPL-3.0-or-later
// LessonStage: what stands where the timeline will be before a lesson's runs are made: nothing to
// see yet, and, if the end of a run is to be predicted, the axis to drag it on.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/theme/theme.h"

class QLabel;

namespace interleave::lesson {
struct Lesson;
}

namespace interleave::ui {

class FinishLineAxis;
class FinishLineField;

class LessonStage : public QWidget {
    Q_OBJECT

public:
    explicit LessonStage(QWidget* parent = nullptr);

    /// Null: no lesson is open. `field` is the one that the axis works for; may be null.
    void showLesson(const lesson::Lesson* lesson, FinishLineField* field);
    FinishLineAxis& axis() const { return *m_axis; }
    void setTheme(const Theme& theme);

private:
    void followField();

    QLabel* m_title;
    QLabel* m_text;
    FinishLineAxis* m_axis;
    FinishLineField* m_field = nullptr; // looked at only while it is the page's
};

} // namespace interleave::ui
