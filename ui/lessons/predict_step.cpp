// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/predict_step.h"

#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/question_box.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace interleave::ui {

namespace {

constexpr int kStepMarginPx = 12;
constexpr int kQuestionGapPx = 22;

} // namespace

PredictStep::PredictStep(QWidget* parent)
    : QScrollArea(parent)
    , m_content(new QWidget)
    , m_column(new QVBoxLayout(m_content))
    , m_hint(new QLabel)
    , m_theme(themeOf(ThemeKind::Light)) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Questions"));
    m_column->setContentsMargins(kStepMarginPx, kStepMarginPx, kStepMarginPx, kStepMarginPx);
    m_column->setSpacing(kQuestionGapPx);
    m_hint->setWordWrap(true);
    m_hint->setForegroundRole(QPalette::PlaceholderText);
    m_column->addWidget(m_hint);
    m_column->addStretch(1);
    setWidget(m_content);
}

void PredictStep::ask(const lesson::Lesson& lesson) {
    for (QuestionBox* box : std::exchange(m_boxes, {})) {
        delete box;
    }
    for (std::size_t i = 0; i < lesson.questions.size(); ++i) {
        auto* box = new QuestionBox(lesson, i);
        box->field().setTheme(m_theme);
        m_column->insertWidget(static_cast<int>(i), box);
        m_boxes.push_back(box);
        connect(box, &QuestionBox::changed, this, [this] {
            updateHint();
            Q_EMIT changed();
        });
    }
    setLocked(false);
}

void PredictStep::updateHint() {
    m_hint->setText(m_isLocked ? tr("The runs have begun: this is what you predicted.")
                    : isComplete()
                        ? tr("The runs can begin. What you predicted is shown with the result.")
                        : tr("Answer first, or say that you do not know; then the runs begin."));
}

bool PredictStep::isComplete() const {
    return std::ranges::all_of(m_boxes, &QuestionBox::isAnswered);
}

std::vector<std::optional<lesson::Answer>> PredictStep::answers() const {
    std::vector<std::optional<lesson::Answer>> answers;
    for (const QuestionBox* box : m_boxes) {
        answers.push_back(box->answer());
    }
    return answers;
}

void PredictStep::giveUpTheRest() {
    for (QuestionBox* box : m_boxes) {
        if (!box->isAnswered()) {
            box->setUnknown();
        }
    }
}

void PredictStep::setLocked(bool isLocked) {
    m_isLocked = isLocked;
    for (QuestionBox* box : m_boxes) {
        box->setEnabled(!isLocked);
    }
    updateHint();
}

FinishLineField* PredictStep::finishLine() const {
    for (const QuestionBox* box : m_boxes) {
        if (auto* field = qobject_cast<FinishLineField*>(&box->field())) {
            return field;
        }
    }
    return nullptr;
}

void PredictStep::setTheme(const Theme& theme) {
    m_theme = theme;
    for (QuestionBox* box : m_boxes) {
        box->field().setTheme(theme);
    }
}

void PredictStep::focusFirst() {
    if (!m_boxes.empty()) {
        m_boxes.front()->focusField();
    }
}

} // namespace interleave::ui
