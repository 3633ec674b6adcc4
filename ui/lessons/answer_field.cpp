// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/lessons/answer_field.h"

#include "ui/lessons/choice_field.h"
#include "ui/lessons/finish_line_field.h"
#include "ui/lessons/nominal_work.h"
#include "ui/lessons/number_field.h"
#include "ui/lessons/order_field.h"

#include <utility>

namespace interleave::ui {

AnswerField* makeAnswerField(const lesson::Lesson& lesson, const lesson::Question& question,
                             QWidget* parent) {
    switch (question.kind) {
    case lesson::Question::Kind::Choice:
        return new ChoiceField(question, parent);
    case lesson::Question::Kind::Number:
        return new NumberField(question, parent);
    case lesson::Question::Kind::Order:
        return new OrderField(question, parent);
    case lesson::Question::Kind::FinishLine:
        return new FinishLineField(question, axisLengthFor(lesson, question), parent);
    }
    std::unreachable();
}

} // namespace interleave::ui
