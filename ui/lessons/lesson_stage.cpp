// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/lesson_stage.h"

#include "engine/lesson/lesson.h"
#include "ui/lessons/finish_line_axis.h"
#include "ui/lessons/finish_line_field.h"

#include <QLabel>
#include <QVBoxLayout>

namespace interleave::ui {

namespace {

constexpr int kStageMarginPx = 40;
constexpr int kStageAxisPx = 220;
constexpr int kWidestTextPx = 640;

} // namespace

LessonStage::LessonStage(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel)
    , m_text(new QLabel)
    , m_axis(new FinishLineAxis) {
    m_title->setTextFormat(Qt::RichText);
    m_title->setWordWrap(true);
    m_title->setMaximumWidth(kWidestTextPx);
    m_text->setTextFormat(Qt::PlainText);
    m_text->setWordWrap(true);
    m_text->setMaximumWidth(kWidestTextPx);
    m_text->setForegroundRole(QPalette::PlaceholderText);
    m_axis->setFixedHeight(kStageAxisPx);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kStageMarginPx, kStageMarginPx, kStageMarginPx, kStageMarginPx);
    column->setSpacing(14);
    column->addWidget(m_title);
    column->addWidget(m_text);
    column->addWidget(m_axis);
    column->addStretch(1);
    connect(m_axis, &FinishLineAxis::flagMoved, this, [this](Nanoseconds timeNs) {
        if (m_field != nullptr) {
            m_field->moveTo(timeNs);
        }
    });
    showLesson(nullptr, nullptr);
}

void LessonStage::showLesson(const lesson::Lesson* lesson, FinishLineField* field) {
    m_field = field;
    if (lesson == nullptr) {
        m_title->setText(QStringLiteral("<h2>%1</h2>").arg(tr("Choose a lesson")));
        m_text->setText(tr("You say what you expect before anything runs. Then it runs on this "
                           "machine, and you see how near you were, and why."));
    } else {
        m_title->setText(QStringLiteral("<h2>%1</h2>")
                             .arg(QString::fromStdString(lesson->name).toHtmlEscaped()));
        m_text->setText(field != nullptr
                            ? tr("The timeline comes here once you have made your prediction. Drag "
                                 "the finish line to where you think that the run will end.")
                            : tr("The timeline comes here once you have made your prediction."));
    }
    m_axis->setVisible(field != nullptr);
    followField();
}

void LessonStage::followField() {
    if (m_field != nullptr) {
        m_axis->setLength(m_field->axis().length());
        m_axis->setFlag(m_field->axis().flag());
        m_axis->setEnabled(m_field->isEnabled());
    }
}

void LessonStage::setTheme(const Theme& theme) {
    m_axis->setTheme(theme);
}

} // namespace interleave::ui
