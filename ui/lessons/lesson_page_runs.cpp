// SPDX-License-Identifier: GPL-3.0-or-later
// LessonPage's runs: those of the lesson, once, and those to play with.
#include "ui/lessons/lesson_page.h"

#include "engine/analysis/occupation.h"
#include "ui/lessons/lesson_setup.h"
#include "ui/lessons/lesson_words.h"
#include "ui/lessons/play_form.h"
#include "ui/lessons/practise_step.h"
#include "ui/lessons/predict_step.h"
#include "ui/lessons/result_step.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace interleave::ui {

namespace {

std::size_t indexOfRun(const lesson::Lesson& lesson, const std::string& name) {
    return static_cast<std::size_t>(std::ranges::find(lesson.runs, name, &lesson::LessonRun::name) -
                                    lesson.runs.begin());
}

/// Whose end was predicted by dragging; of several the first.
std::optional<std::size_t> predictedRun(const lesson::Lesson& lesson) {
    const auto question = std::ranges::find(lesson.questions, lesson::Question::Kind::FinishLine,
                                            &lesson::Question::kind);
    return question == lesson.questions.end() ? std::nullopt
                                              : std::optional(indexOfRun(lesson, question->run));
}

} // namespace

void LessonPage::connectRuns() {
    connect(&m_runs, &RunBatch::progressed, this, &LessonPage::updateProgress);
    connect(&m_runs, &RunBatch::finished, this, &LessonPage::onFinished);
    connect(&m_runs, &RunBatch::failed, this, &LessonPage::onFailed);
    connect(&m_runs, &RunBatch::availabilityChanged, this, [this] {
        m_practise->setRunEnabled(m_phase == Phase::Done && m_played.canStart());
        updateFooter();
        Q_EMIT stageChanged();
    });
    connect(&m_played, &RunBatch::finished, this, &LessonPage::onPlayed);
    connect(&m_played, &RunBatch::failed, this, [this](const QString& sentence) {
        if (PlayForm* form = m_practise->formOf(m_playedRun)) {
            form->showResult(
                (sentence.isEmpty() ? tr("The run was stopped.") : sentence).toHtmlEscaped());
        }
    });
}

void LessonPage::run() {
    if (!canRun()) {
        return;
    }
    m_answers = m_predict->answers();
    m_phase = Phase::Running;
    m_values.reset();
    m_predict->setLocked(true);
    goTo(LessonStep::Result);
    Q_EMIT stageChanged();
    std::vector<RunSetup> setups;
    for (const lesson::LessonRun& run : m_lesson->runs) {
        setups.push_back(setupFor(run));
    }
    m_runs.start(setups);
}

void LessonPage::updateProgress() {
    if (m_phase != Phase::Running) {
        return;
    }
    const std::size_t now = std::min(m_runs.done(), m_lesson->runs.size() - 1);
    m_result->showProgress(tr("Running: %1").arg(QString::fromStdString(m_lesson->runs[now].title)),
                           static_cast<int>(m_runs.done()),
                           static_cast<int>(m_lesson->runs.size()));
}

void LessonPage::onFailed(const QString& sentence) {
    if (m_phase != Phase::Running) {
        return;
    }
    m_phase = Phase::Predicting; // what was predicted holds
    m_predict->setLocked(false);
    m_result->showFailure(
        sentence.isEmpty()
            ? tr("The runs were stopped; go back to begin them again.")
            : tr("A run of this lesson failed; go back to begin again. %1").arg(sentence));
    goTo(LessonStep::Result);
    Q_EMIT stageChanged();
}

void LessonPage::onFinished(std::vector<lesson::RunResult> results) {
    m_values = std::make_unique<lesson::LessonValues>(*m_lesson, std::move(results));
    m_phase = Phase::Done;
    LessonProgress progress = progressOf(*m_lesson);
    progress.isDone = true;
    progress.score = scoreOf(outcomesOf(*m_lesson, m_answers, *m_values));
    keepProgress(*m_lesson, progress);
    showResult();
    updateFooter();
    Q_EMIT progressMade();
    Q_EMIT stageChanged();
    showFirstRuns();
}

void LessonPage::showResult() {
    const auto outcomes = outcomesOf(*m_lesson, m_answers, *m_values);
    QStringList titles;
    for (const lesson::LessonRun& run : m_lesson->runs) {
        titles << QString::fromStdString(run.title);
    }
    m_result->showResult(
        predictionsHtml(*m_lesson, outcomes) + phenomenaHtml(*m_lesson, *m_values) +
            numbersHtml(namedResults(*m_lesson, *m_values)) + findingsHtml(*m_lesson, *m_values),
        titles);
}

/// The one whose end was predicted, below another one; else the first two.
void LessonPage::showFirstRuns() {
    const auto& ids = m_runs.ids();
    const std::size_t predicted =
        predictedRun(*m_lesson).value_or(std::min<std::size_t>(1, ids.size() - 1));
    const std::size_t other = predicted == 0 ? ids.size() - 1 : 0;
    Q_EMIT showRequested(ids[other]);
    if (other != predicted) {
        Q_EMIT stackRequested(ids[predicted]);
    }
}

std::optional<FinishLine> LessonPage::finishLineOf(RunId run) const {
    const auto& ids = m_runs.ids();
    const auto place = std::ranges::find(ids, run);
    const RunEntry* entry = m_list.find(run);
    if (!m_lesson || m_phase == Phase::Predicting || place == ids.end() || entry == nullptr ||
        !entry->recording) {
        return std::nullopt;
    }
    const std::string& name = m_lesson->runs[static_cast<std::size_t>(place - ids.begin())].name;
    for (std::size_t i = 0; i < m_lesson->questions.size(); ++i) {
        const lesson::Question& question = m_lesson->questions[i];
        if (question.kind != lesson::Question::Kind::FinishLine || question.run != name ||
            !m_answers[i]) {
            continue;
        }
        const TimeRange tasks = analysis::spanOfTasks(*entry->recording);
        FinishLine line;
        line.fromNs = tasks.beginNs;
        line.predictedNs = static_cast<Nanoseconds>(std::llround(m_answers[i]->number * 1e9));
        if (!entry->recording->isLive) {
            line.measuredNs = tasks.durationNs();
        }
        return line;
    }
    return std::nullopt;
}

void LessonPage::play(const lesson::LessonRun& changed) {
    if (m_phase == Phase::Done && m_played.canStart()) {
        m_playedRun = changed.name;
        m_played.start({setupFor(changed)});
    }
}

void LessonPage::onPlayed(const std::vector<lesson::RunResult>& results) {
    PlayForm* form = m_practise->formOf(m_playedRun);
    if (m_phase != Phase::Done || form == nullptr) {
        return;
    }
    const std::size_t index = indexOfRun(*m_lesson, m_playedRun);
    std::vector<lesson::RunResult> all = m_values->results();
    all[index] = results.front();
    const lesson::LessonValues now(*m_lesson, std::move(all));
    const std::vector<NamedResult> rows{{tr("as in the lesson"), &*m_values->statistics()[index]},
                                        {tr("now"), &*now.statistics()[index]}};
    QString html = numbersHtml(rows);
    const auto& exercise = m_lesson->exercise;
    if (exercise && exercise->run == m_playedRun) {
        const bool isDone = isSolved(*exercise, now);
        html += QStringLiteral("<p><b>%1</b></p>")
                    .arg(isDone ? tr("✓ Solved.") : tr("✗ Not solved yet."));
        if (!isDone && !exercise->hint.empty()) {
            html += QStringLiteral("<p>%1 %2</p>")
                        .arg(tr("Hint:"), QString::fromStdString(exercise->hint).toHtmlEscaped());
        }
        if (isDone) {
            LessonProgress progress = progressOf(*m_lesson);
            progress.isSolved = true;
            keepProgress(*m_lesson, progress);
            Q_EMIT progressMade();
        }
    }
    form->showResult(html);
    Q_EMIT showRequested(m_runs.ids()[index]);
    Q_EMIT stackRequested(m_played.ids().front());
}

} // namespace interleave::ui
