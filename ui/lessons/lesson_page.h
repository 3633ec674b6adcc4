// SPDX-License-Identifier: GPL-3.0-or-later
// LessonPage: one lesson, step by step: read, predict, see, think, practise. The runs can't begin
// before every question has an answer; what is shown of them elsewhere is the window's business.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "ui/lessons/lesson_outcome.h"
#include "ui/lessons/lesson_progress.h"
#include "ui/lessons/run_batch.h"
#include "ui/view_state/view_state.h"

#include <memory>

class QLabel;
class QPushButton;
class QStackedWidget;
class QToolButton;

namespace interleave::ui {

class FinishLineField;
class LessonText;
class PractiseStep;
class PredictStep;
class ResultStep;

enum class LessonStep { Read, Predict, Result, Afterwards, Practise };

class LessonPage : public QWidget {
    Q_OBJECT

public:
    /// Both outlive it.
    LessonPage(RunQueue& queue, RunListItemModel& runs, QWidget* parent = nullptr);
    ~LessonPage() override;

    void open(lesson::Lesson lesson);
    /// Null before the first one is opened.
    const lesson::Lesson* lesson() const { return m_lesson.get(); }
    LessonStep step() const { return m_step; }
    void goTo(LessonStep step);
    /// To the next step or the one before; from the questions on by starting the runs. False if
    /// there is none, or it may not be taken yet.
    bool stepBy(int by);
    /// For a lecturer: questions without an answer are passed over.
    bool presentStep(bool isForward);

    /// The runs are not begun: nothing is to be seen of them.
    bool isPredicting() const { return m_lesson != nullptr && m_phase == Phase::Predicting; }
    bool canRun() const;
    void run();
    /// The field whose flag is dragged, while that is possible; may be null.
    FinishLineField* finishLine() const;
    /// What was predicted for a run, and where it ended, for its timeline.
    std::optional<FinishLine> finishLineOf(RunId run) const;
    /// Under which the lesson knows its runs; empty before they are made.
    const std::vector<RunId>& runIds() const { return m_runs.ids(); }

    void setTheme(const Theme& theme);
    PredictStep& predictStep() const { return *m_predict; }
    ResultStep& resultStep() const { return *m_result; }
    PractiseStep& practiseStep() const { return *m_practise; }

Q_SIGNALS:
    void stepChanged();
    /// isPredicting(), finishLine() or canRun() may have changed.
    void stageChanged();
    /// Done marks and scores have.
    void progressMade();
    void listRequested();
    void otherLessonRequested(int by);
    void showRequested(interleave::ui::RunId run);
    /// Below the one that is shown.
    void stackRequested(interleave::ui::RunId run);
    void compareRequested();

private:
    enum class Phase { Predicting, Running, Done };

    QWidget* makeHeading();
    QWidget* makeFooter();
    void connectSteps();
    void connectRuns();
    std::vector<LessonStep> steps() const;
    QWidget* widgetOf(LessonStep step) const;
    void updateFooter();
    void updateProgress();
    void askAgain();
    void onFinished(std::vector<lesson::RunResult> results);
    void onFailed(const QString& sentence);
    void showResult();
    void showFirstRuns();
    void play(const lesson::LessonRun& changed);
    void onPlayed(const std::vector<lesson::RunResult>& results);

    RunListItemModel& m_list;
    RunBatch m_runs;
    RunBatch m_played;
    std::unique_ptr<const lesson::Lesson> m_lesson;
    Phase m_phase = Phase::Predicting;
    LessonStep m_step = LessonStep::Read;
    std::vector<std::optional<lesson::Answer>> m_answers;
    std::unique_ptr<lesson::LessonValues> m_values; // once the runs are made
    std::string m_playedRun;

    QLabel* m_title = nullptr;
    QLabel* m_goal = nullptr;
    QLabel* m_where = nullptr;
    QPushButton* m_back = nullptr;
    QPushButton* m_next = nullptr;
    QToolButton* m_again = nullptr;
    QStackedWidget* m_steps = nullptr;
    LessonText* m_text;
    PredictStep* m_predict;
    ResultStep* m_result;
    LessonText* m_afterwards;
    PractiseStep* m_practise;
};

/// "Read", "Predict", ...
QString titleOf(LessonStep step);

} // namespace interleave::ui
