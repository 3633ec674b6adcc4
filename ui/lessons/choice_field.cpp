// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/choice_field.h"

#include "ui/lessons/wrapped_radio.h"

#include <QButtonGroup>
#include <QVBoxLayout>

namespace interleave::ui {

ChoiceField::ChoiceField(const lesson::Question& question, QWidget* parent)
    : AnswerField(parent)
    , m_buttons(new QButtonGroup(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    for (std::size_t i = 0; i < question.choices.size(); ++i) {
        auto* choice = new WrappedRadio(
            QStringLiteral("%1)  %2").arg(QString(QChar::fromLatin1(lesson::letterOf(i))),
                                          QString::fromStdString(question.choices[i].text)));
        m_buttons->addButton(choice, static_cast<int>(i));
        column->addWidget(choice);
    }
    connect(m_buttons, &QButtonGroup::idToggled, this, [this](int, bool isOn) {
        if (isOn) {
            Q_EMIT changed();
        }
    });
}

std::optional<lesson::Answer> ChoiceField::answer() const {
    const int id = m_buttons->checkedId();
    return id < 0 ? std::nullopt
                  : std::optional(lesson::Answer{
                        .choice = static_cast<std::size_t>(id), .number = 0, .order = {}});
}

} // namespace interleave::ui
