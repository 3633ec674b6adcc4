// SPDX-License-Identifier: GPL-3.0-or-later
// ChoiceField: one of several answers. None is chosen to begin with.
#pragma once

#include "ui/lessons/answer_field.h"

class QButtonGroup;

namespace interleave::ui {

class ChoiceField : public AnswerField {
    Q_OBJECT

public:
    explicit ChoiceField(const lesson::Question& question, QWidget* parent = nullptr);
    std::optional<lesson::Answer> answer() const override;

private:
    QButtonGroup* m_buttons;
};

} // namespace interleave::ui
