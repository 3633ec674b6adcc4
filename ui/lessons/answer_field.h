// SPDX-License-Identifier: GPL-3.0-or-later
// AnswerField: how one kind of question is answered in the window. Each kind is a widget of its
// own; what an answer is worth, engine/lesson knows.
#pragma once

#include <QWidget> // first: moc 6.4 stumbles over <concepts> otherwise

#include "engine/lesson/prediction.h"
#include "ui/theme/theme.h"

#include <optional>

namespace interleave::ui {

class AnswerField : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    /// None: not given yet, or not understood.
    virtual std::optional<lesson::Answer> answer() const = 0;
    /// Why what is there is no answer; empty if it is one, or nothing is there.
    virtual QString problem() const { return {}; }
    virtual void setTheme(const Theme&) {}

Q_SIGNALS:
    void changed();
};

/// The field for the question's kind.
AnswerField* makeAnswerField(const lesson::Lesson& lesson, const lesson::Question& question,
                             QWidget* parent = nullptr);

} // namespace interleave::ui
