// SPDX-License-Identifier: GPL-3.0-or-later
// QuestionBox: a question with its field, and the way out of not knowing, which scores nothing.
#pragma once

#include "ui/lessons/answer_field.h"

class QCheckBox;

namespace interleave::ui {

class QuestionBox : public QWidget {
    Q_OBJECT

public:
    QuestionBox(const lesson::Lesson& lesson, std::size_t index, QWidget* parent = nullptr);

    /// Predicted, or said not to be known.
    bool isAnswered() const;
    /// None if it isn't known.
    std::optional<lesson::Answer> answer() const;
    void setUnknown();
    AnswerField& field() const { return *m_field; }
    void focusField();

Q_SIGNALS:
    void changed();

private:
    AnswerField* m_field;
    QCheckBox* m_unknown;
};

} // namespace interleave::ui
