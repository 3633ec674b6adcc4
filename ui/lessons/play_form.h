// SPDX-License-Identifier: GPL-3.0-or-later
// PlayForm: the parameters of one run of a lesson that a student may change, and "Run again".
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/lesson/lesson_runs.h"
#include "ui/theme/theme.h"

#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;

namespace interleave::ui {

class LessonText;

class PlayForm : public QWidget {
    Q_OBJECT

public:
    /// `run` is one of the lesson's; it has those parameters that the lesson offers and, where the
    /// exercise is about it, model and workers anyway.
    PlayForm(const lesson::Lesson& lesson, const lesson::LessonRun& run, QWidget* parent = nullptr);

    const std::string& runName() const { return m_run.name; }
    /// What differs from the lesson's own run.
    std::vector<lesson::Change> changes() const;
    void setValue(const std::string& key, const QString& value);
    /// Checks the changes; asks for the run, or says what is wrong.
    void runAgain();
    void setRunEnabled(bool isEnabled);
    void showResult(const QString& html);
    QString problem() const;
    LessonText& result() const { return *m_result; }
    void setTheme(const Theme& theme);

Q_SIGNALS:
    void runRequested(const interleave::lesson::LessonRun& changed);

private:
    struct Field {
        std::string key;
        QComboBox* editor;
        QString initial;
    };
    void addField(const std::string& key, const std::vector<std::string>& values,
                  const QString& about);
    QString currentValue(const std::string& key) const;
    void say(const QString& problem);

    lesson::LessonRun m_run;
    std::vector<Field> m_fields;
    QFormLayout* m_form;
    QLineEdit* m_others = nullptr;
    QLabel* m_problem;
    QPushButton* m_again;
    LessonText* m_result;
};

} // namespace interleave::ui
