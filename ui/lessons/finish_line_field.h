// SPDX-License-Identifier: GPL-3.0-or-later
// FinishLineField: when a run will end, dragged on an axis or typed; the two say the same.
#pragma once

#include "ui/lessons/answer_field.h"

namespace interleave::ui {

class FinishLineAxis;
class NumberField;

class FinishLineField : public AnswerField {
    Q_OBJECT

public:
    FinishLineField(const lesson::Question& question, Nanoseconds axisNs,
                    QWidget* parent = nullptr);
    std::optional<lesson::Answer> answer() const override;
    QString problem() const override;
    void setTheme(const Theme& theme) override;
    FinishLineAxis& axis() const { return *m_axis; }
    /// As if it had been dragged there.
    void moveTo(Nanoseconds timeNs);

private:
    FinishLineAxis* m_axis;
    NumberField* m_number;
};

} // namespace interleave::ui
