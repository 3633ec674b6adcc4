// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/finish_line_field.h"

#include "ui/lessons/finish_line_axis.h"
#include "ui/lessons/number_field.h"
#include "ui/theme/text.h"

#include <QVBoxLayout>

#include <cmath>

namespace interleave::ui {

FinishLineField::FinishLineField(const lesson::Question& question, Nanoseconds axisNs,
                                 QWidget* parent)
    : AnswerField(parent)
    , m_axis(new FinishLineAxis)
    , m_number(new NumberField(question)) {
    m_axis->setLength(axisNs);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_axis);
    column->addWidget(m_number);
    setFocusProxy(m_axis);
    connect(m_axis, &FinishLineAxis::flagMoved, this, &FinishLineField::moveTo);
    connect(m_number, &AnswerField::changed, this, [this] {
        const auto typed = answer();
        m_axis->setFlag(
            typed ? std::optional(static_cast<Nanoseconds>(std::llround(typed->number * 1e9)))
                  : std::nullopt);
        Q_EMIT changed();
    });
}

/// The text is what counts, so that nothing is predicted that isn't read.
void FinishLineField::moveTo(Nanoseconds timeNs) {
    m_number->setText(durationText(timeNs));
}

std::optional<lesson::Answer> FinishLineField::answer() const {
    return m_number->answer();
}

QString FinishLineField::problem() const {
    return m_number->problem();
}

void FinishLineField::setTheme(const Theme& theme) {
    m_axis->setTheme(theme);
    m_number->setTheme(theme);
}

} // namespace interleave::ui
