// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/question_box.h"

#include <QCheckBox>
#include <QLabel>
#include <QVBoxLayout>

namespace interleave::ui {

QuestionBox::QuestionBox(const lesson::Lesson& lesson, std::size_t index, QWidget* parent)
    : QWidget(parent)
    , m_field(makeAnswerField(lesson, lesson.questions[index]))
    , m_unknown(new QCheckBox(tr("I do not know"))) {
    const QString ask = QString::fromStdString(lesson.questions[index].ask);
    auto* text = new QLabel(ask);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    if (lesson.questions.size() > 1) {
        auto* count =
            new QLabel(tr("Question %1 of %2").arg(index + 1).arg(lesson.questions.size()));
        count->setForegroundRole(QPalette::PlaceholderText);
        column->addWidget(count);
    }
    column->addWidget(text);
    column->addWidget(m_field);
    column->addWidget(m_unknown);
    m_field->setAccessibleName(ask);
    m_unknown->setToolTip(tr("The runs can be started without a prediction; it scores nothing"));
    connect(m_field, &AnswerField::changed, this, &QuestionBox::changed);
    connect(m_unknown, &QCheckBox::toggled, this, [this](bool isUnknown) {
        m_field->setEnabled(!isUnknown);
        Q_EMIT changed();
    });
}

bool QuestionBox::isAnswered() const {
    return m_unknown->isChecked() || m_field->answer().has_value();
}

std::optional<lesson::Answer> QuestionBox::answer() const {
    return m_unknown->isChecked() ? std::nullopt : m_field->answer();
}

void QuestionBox::setUnknown() {
    m_unknown->setChecked(true);
}

void QuestionBox::focusField() {
    m_field->setFocus(Qt::OtherFocusReason);
}

} // namespace interleave::ui
