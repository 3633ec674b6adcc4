// SPDX-License-Identifier: GPL-3.0-or-later
// PredictStep: the questions of a lesson, which come before its runs.
#pragma once

#include <QScrollArea> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/lesson/prediction.h"
#include "ui/theme/theme.h"

#include <optional>
#include <vector>

class QLabel;
class QVBoxLayout;

namespace interleave::ui {

class FinishLineField;
class QuestionBox;

class PredictStep : public QScrollArea {
    Q_OBJECT

public:
    explicit PredictStep(QWidget* parent = nullptr);

    /// Asks anew.
    void ask(const lesson::Lesson& lesson);
    bool isComplete() const;
    /// One for each question; none where it was said not to be known.
    std::vector<std::optional<lesson::Answer>> answers() const;
    /// What has no answer yet isn't known: for lecturers, who go on by a clicker.
    void giveUpTheRest();
    /// Once the runs have begun nothing is changed any more.
    void setLocked(bool isLocked);
    /// The first one whose answer is dragged; null if there is none.
    FinishLineField* finishLine() const;
    void setTheme(const Theme& theme);
    void focusFirst();
    const std::vector<QuestionBox*>& boxes() const { return m_boxes; }

Q_SIGNALS:
    void changed();

private:
    void updateHint();

    QWidget* m_content;
    QVBoxLayout* m_column;
    QLabel* m_hint;
    std::vector<QuestionBox*> m_boxes;
    Theme m_theme;
    bool m_isLocked = false;
};

} // namespace interleave::ui
