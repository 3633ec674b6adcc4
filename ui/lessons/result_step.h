// SPDX-License-Identifier: GPL-3.0-or-later
// ResultStep: a lesson's runs while they go on, and what came of them.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QPushButton;

namespace interleave::ui {

class LessonText;

class ResultStep : public QWidget {
    Q_OBJECT

public:
    explicit ResultStep(QWidget* parent = nullptr);

    void showProgress(const QString& title, int done, int total);
    /// Why there is no result.
    void showFailure(const QString& sentence);
    /// `runs` are what people call them; each has a button that shows it.
    void showResult(const QString& html, const QStringList& runs);
    LessonText& text() const { return *m_text; }

Q_SIGNALS:
    void stopRequested();
    void runChosen(int index);
    void compareRequested();

private:
    void setButtons(const QStringList& runs);

    QLabel* m_title;
    QProgressBar* m_progress;
    QPushButton* m_stop;
    QWidget* m_running;
    LessonText* m_text;
    QWidget* m_buttons = nullptr;
};

} // namespace interleave::ui
