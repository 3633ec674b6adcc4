// SPDX-License-Identifier: GPL-3.0-or-later
// NumberField: a number in the question's unit, understood as on the command line: "620 ms", "45".
#pragma once

#include "ui/lessons/answer_field.h"

class QLabel;
class QLineEdit;

namespace interleave::ui {

class NumberField : public AnswerField {
    Q_OBJECT

public:
    explicit NumberField(const lesson::Question& question, QWidget* parent = nullptr);
    std::optional<lesson::Answer> answer() const override;
    QString problem() const override;
    void setTheme(const Theme& theme) override;
    void setText(const QString& text);

private:
    const lesson::Question m_question;
    QLineEdit* m_edit;
    QLabel* m_problem;
};

} // namespace interleave::ui
