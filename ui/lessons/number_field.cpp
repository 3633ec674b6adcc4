// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/number_field.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QVBoxLayout>

namespace interleave::ui {

NumberField::NumberField(const lesson::Question& question, QWidget* parent)
    : AnswerField(parent)
    , m_question(question)
    , m_edit(new QLineEdit)
    , m_problem(new QLabel) {
    const bool isDuration = question.unit == "s";
    m_edit->setAccessibleName(tr("Your answer"));
    m_edit->setPlaceholderText(isDuration ? tr("a duration, e.g. 620 ms") : tr("a number"));
    m_edit->setObjectName(QStringLiteral("number"));
    auto* row = new QHBoxLayout;
    row->addWidget(m_edit, 1);
    if (!isDuration && !question.unit.empty()) {
        auto* unit = new QLabel(QString::fromStdString(question.unit));
        unit->setTextFormat(Qt::PlainText);
        row->addWidget(unit);
    }
    m_problem->setWordWrap(true);
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->hide();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(row);
    column->addWidget(m_problem);
    setFocusProxy(m_edit);
    connect(m_edit, &QLineEdit::textChanged, this, [this] {
        m_problem->setText(problem());
        m_problem->setVisible(!m_problem->text().isEmpty());
        Q_EMIT changed();
    });
}

std::optional<lesson::Answer> NumberField::answer() const {
    auto parsed = lesson::parseAnswer(m_question, m_edit->text().toStdString());
    return parsed ? std::optional(std::move(*parsed)) : std::nullopt;
}

QString NumberField::problem() const {
    if (m_edit->text().trimmed().isEmpty()) {
        return {};
    }
    const auto parsed = lesson::parseAnswer(m_question, m_edit->text().toStdString());
    return parsed ? QString() : QString::fromStdString(parsed.error().message);
}

void NumberField::setTheme(const Theme& theme) {
    QPalette palette = m_problem->palette();
    palette.setColor(QPalette::WindowText, theme.error);
    m_problem->setPalette(palette);
}

void NumberField::setText(const QString& text) {
    m_edit->setText(text);
}

} // namespace interleave::ui
