// SPDX-License-Identifier: GPL-3.0-or-later
// LessonPage: the way through the steps. lesson_page_runs.cpp has what the runs bring.
#include "ui/lessons/lesson_page.h"

#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/lesson_text.h"
#include "ui/lessons/practise_step.h"
#include "ui/lessons/predict_step.h"
#include "ui/lessons/result_step.h"
#include "ui/theme/text.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace interleave::ui {

namespace {

constexpr int kPageMarginPx = 12;

QToolButton* smallButton(const QString& text, const QString& name) {
    auto* button = new QToolButton;
    button->setText(text);
    button->setAutoRaise(true);
    button->setToolTip(name);
    button->setAccessibleName(name);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

QString titleOf(LessonStep step) {
    switch (step) {
    case LessonStep::Read:
        return tr("Read");
    case LessonStep::Predict:
        return tr("Predict");
    case LessonStep::Result:
        return tr("See");
    case LessonStep::Afterwards:
        return tr("Think");
    case LessonStep::Practise:
        return tr("Practise");
    }
    std::unreachable();
}

LessonPage::LessonPage(RunQueue& queue, RunListItemModel& runs, QWidget* parent)
    : QWidget(parent)
    , m_list(runs)
    , m_runs(queue, runs)
    , m_played(queue, runs)
    , m_text(new LessonText(tr("Text of the lesson")))
    , m_predict(new PredictStep)
    , m_result(new ResultStep)
    , m_afterwards(new LessonText(tr("Afterwards")))
    , m_practise(new PractiseStep) {
    m_steps = new QStackedWidget;
    for (QWidget* step :
         std::initializer_list<QWidget*>{m_text, m_predict, m_result, m_afterwards, m_practise}) {
        m_steps->addWidget(step);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHeading());
    column->addWidget(m_steps, 1);
    column->addWidget(makeFooter());
    connectSteps();
    connectRuns();
}

LessonPage::~LessonPage() = default;

QWidget* LessonPage::makeHeading() {
    auto* heading = new QWidget;
    auto* list = smallButton(tr("‹ Lessons"), tr("All lessons"));
    auto* before = smallButton(QStringLiteral("‹"), tr("The lesson before"));
    auto* after = smallButton(QStringLiteral("›"), tr("The next lesson"));
    m_again = smallButton(tr("Begin again"), tr("Predict and run once more"));
    list->setObjectName(QStringLiteral("allLessons"));
    m_again->setObjectName(QStringLiteral("beginAgain"));
    m_title = new QLabel;
    m_title->setWordWrap(true);
    m_goal = new QLabel;
    m_goal->setWordWrap(true);
    m_goal->setTextFormat(Qt::PlainText);
    m_goal->setForegroundRole(QPalette::PlaceholderText);
    auto* row = new QHBoxLayout;
    row->setSpacing(2);
    row->addWidget(list);
    row->addStretch(1);
    row->addWidget(m_again);
    row->addWidget(before);
    row->addWidget(after);
    auto* column = new QVBoxLayout(heading);
    column->setContentsMargins(kPageMarginPx, 6, kPageMarginPx, 4);
    column->setSpacing(4);
    column->addLayout(row);
    column->addWidget(m_title);
    column->addWidget(m_goal);
    connect(list, &QToolButton::clicked, this, &LessonPage::listRequested);
    connect(before, &QToolButton::clicked, this, [this] { Q_EMIT otherLessonRequested(-1); });
    connect(after, &QToolButton::clicked, this, [this] { Q_EMIT otherLessonRequested(1); });
    connect(m_again, &QToolButton::clicked, this, &LessonPage::askAgain);
    return heading;
}

QWidget* LessonPage::makeFooter() {
    auto* footer = new QWidget;
    m_back = new QPushButton(tr("&Back"));
    m_back->setObjectName(QStringLiteral("stepBack"));
    m_next = new QPushButton;
    m_next->setObjectName(QStringLiteral("stepNext"));
    m_where = new QLabel;
    m_where->setAlignment(Qt::AlignCenter);
    m_where->setForegroundRole(QPalette::PlaceholderText);
    auto* row = new QHBoxLayout(footer);
    row->setContentsMargins(kPageMarginPx, 6, kPageMarginPx, 8);
    row->addWidget(m_back);
    row->addWidget(m_where, 1);
    row->addWidget(m_next);
    connect(m_back, &QPushButton::clicked, this, [this] { stepBy(-1); });
    connect(m_next, &QPushButton::clicked, this, [this] {
        if (!stepBy(1)) {
            Q_EMIT otherLessonRequested(1);
        }
    });
    return footer;
}

void LessonPage::connectSteps() {
    connect(m_predict, &PredictStep::changed, this, [this] {
        updateFooter();
        Q_EMIT stageChanged();
    });
    connect(m_result, &ResultStep::stopRequested, &m_runs, &RunBatch::stop);
    connect(m_result, &ResultStep::runChosen, this, [this](int index) {
        const auto& ids = m_runs.ids();
        if (static_cast<std::size_t>(index) < ids.size()) {
            Q_EMIT showRequested(ids[static_cast<std::size_t>(index)]);
        }
    });
    connect(m_result, &ResultStep::compareRequested, this, &LessonPage::compareRequested);
    connect(m_practise, &PractiseStep::runRequested, this, &LessonPage::play);
}

void LessonPage::open(lesson::Lesson lesson) {
    m_runs.stop();
    m_played.stop();
    m_values.reset();
    m_lesson = std::make_unique<const lesson::Lesson>(std::move(lesson));
    m_title->setText(
        QStringLiteral("<b>%1</b>").arg(QString::fromStdString(m_lesson->name).toHtmlEscaped()));
    m_goal->setText(QString::fromStdString(m_lesson->goal));
    m_text->showMarkdown(m_lesson->text);
    m_afterwards->showMarkdown(m_lesson->afterwards);
    m_practise->open(*m_lesson);
    askAgain();
    goTo(LessonStep::Read);
}

/// Before the runs, as at the beginning.
void LessonPage::askAgain() {
    m_phase = Phase::Predicting;
    m_predict->ask(*m_lesson);
    m_practise->setRunEnabled(false);
    goTo(LessonStep::Predict);
    Q_EMIT stageChanged();
}

std::vector<LessonStep> LessonPage::steps() const {
    std::vector<LessonStep> steps{LessonStep::Read, LessonStep::Predict, LessonStep::Result};
    if (m_lesson && !m_lesson->afterwards.empty()) {
        steps.push_back(LessonStep::Afterwards);
    }
    if (m_lesson && PractiseStep::isWanted(*m_lesson)) {
        steps.push_back(LessonStep::Practise);
    }
    return steps;
}

QWidget* LessonPage::widgetOf(LessonStep step) const {
    return m_steps->widget(static_cast<int>(step));
}

void LessonPage::goTo(LessonStep step) {
    const bool isOther = step != m_step;
    m_step = step;
    m_steps->setCurrentWidget(widgetOf(step));
    updateFooter();
    if (isOther && isVisible()) { // so that the keyboard goes on where one reads
        step == LessonStep::Predict ? m_predict->focusFirst()
                                    : m_next->setFocus(Qt::OtherFocusReason);
    }
    Q_EMIT stepChanged();
}

bool LessonPage::stepBy(int by) {
    if (!m_lesson) {
        return false;
    }
    if (by > 0 && m_step == LessonStep::Predict && m_phase == Phase::Predicting) {
        const bool begins = canRun();
        run();
        return begins;
    }
    if (by > 0 && m_phase != Phase::Done && m_step >= LessonStep::Result) {
        return false; // nothing to think about yet
    }
    const std::vector<LessonStep> all = steps();
    const auto here = std::ranges::find(all, m_step) - all.begin();
    const auto target = here + by;
    if (target < 0 || target >= std::ssize(all)) {
        return false;
    }
    goTo(all[static_cast<std::size_t>(target)]);
    return true;
}

bool LessonPage::presentStep(bool isForward) {
    if (isForward && m_phase == Phase::Running) {
        return m_lesson != nullptr; // it comes by itself
    }
    if (isForward && m_step == LessonStep::Predict && isPredicting()) {
        m_predict->giveUpTheRest();
    }
    return stepBy(isForward ? 1 : -1);
}

bool LessonPage::canRun() const {
    return isPredicting() && m_predict->isComplete() && m_runs.canStart();
}

void LessonPage::updateFooter() {
    const std::vector<LessonStep> all = steps();
    const auto here = std::ranges::find(all, m_step) - all.begin();
    m_where->setText(tr("%1 of %2: %3").arg(here + 1).arg(all.size()).arg(titleOf(m_step)));
    m_back->setEnabled(here > 0);
    const bool runsNext = m_step == LessonStep::Predict && m_phase == Phase::Predicting;
    const bool isLast = here + 1 == std::ssize(all);
    m_next->setText(runsNext ? tr("R&un") : isLast ? tr("&Next lesson") : tr("&Next"));
    m_next->setEnabled(runsNext ? canRun() : m_step < LessonStep::Result || m_phase == Phase::Done);
    m_next->setToolTip(runsNext && !m_predict->isComplete()
                           ? tr("Answer first, or say that you do not know")
                           : QString());
    m_again->setVisible(m_phase == Phase::Done);
}

FinishLineField* LessonPage::finishLine() const {
    return isPredicting() ? m_predict->finishLine() : nullptr;
}

void LessonPage::setTheme(const Theme& theme) {
    m_predict->setTheme(theme);
    m_practise->setTheme(theme);
}

} // namespace interleave::ui
