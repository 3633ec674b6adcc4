// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/practise_step.h"

#include "ui/lessons/play_form.h"

#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace interleave::ui {

namespace {

constexpr int kPractiseMarginPx = 12;

QLabel* paragraph(const QString& html) {
    auto* label = new QLabel(html);
    label->setTextFormat(Qt::RichText);
    label->setWordWrap(true);
    return label;
}

bool isPlayedWith(const lesson::Lesson& lesson, const std::string& run) {
    return (lesson.exercise && lesson.exercise->run == run) ||
           std::ranges::find(lesson.plays, run, &lesson::Play::run) != lesson.plays.end();
}

} // namespace

PractiseStep::PractiseStep(QWidget* parent)
    : QScrollArea(parent)
    , m_theme(themeOf(ThemeKind::Light)) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Play and exercise"));
}

bool PractiseStep::isWanted(const lesson::Lesson& lesson) {
    return lesson.exercise.has_value() || !lesson.plays.empty();
}

void PractiseStep::open(const lesson::Lesson& lesson) {
    m_forms.clear();
    auto* content = new QWidget;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(kPractiseMarginPx, kPractiseMarginPx, kPractiseMarginPx,
                                 kPractiseMarginPx);
    m_column->setSpacing(10);
    if (lesson.exercise) {
        m_column->addWidget(
            paragraph(QStringLiteral("<b>%1</b> %2")
                          .arg(tr("Exercise."),
                               QString::fromStdString(lesson.exercise->ask).toHtmlEscaped())));
        const auto run =
            std::ranges::find(lesson.runs, lesson.exercise->run, &lesson::LessonRun::name);
        addForm(lesson, *run);
    }
    for (const lesson::LessonRun& run : lesson.runs) {
        if (isPlayedWith(lesson, run.name) && formOf(run.name) == nullptr) {
            addForm(lesson, run);
        }
    }
    m_column->addStretch(1);
    setWidget(content); // the one before goes
}

void PractiseStep::addForm(const lesson::Lesson& lesson, const lesson::LessonRun& run) {
    m_column->addWidget(
        paragraph(QStringLiteral("<b>%1</b> %2")
                      .arg(tr("The run:"), QString::fromStdString(run.title).toHtmlEscaped())));
    auto* form = new PlayForm(lesson, run);
    form->setTheme(m_theme);
    m_column->addWidget(form);
    m_forms.push_back(form);
    connect(form, &PlayForm::runRequested, this, &PractiseStep::runRequested);
}

void PractiseStep::setRunEnabled(bool isEnabled) {
    for (PlayForm* form : m_forms) {
        form->setRunEnabled(isEnabled);
    }
}

PlayForm* PractiseStep::formOf(const std::string& run) const {
    const auto form = std::ranges::find(m_forms, run, &PlayForm::runName);
    return form == m_forms.end() ? nullptr : *form;
}

void PractiseStep::setTheme(const Theme& theme) {
    m_theme = theme;
    for (PlayForm* form : m_forms) {
        form->setTheme(theme);
    }
}

} // namespace interleave::ui
