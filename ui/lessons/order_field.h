// SPDX-License-Identifier: GPL-3.0-or-later
// OrderField: things to be put in order, by dragging or by two buttons. As they come they are in
// some order already, so it counts only once something was moved or the order was confirmed.
#pragma once

#include "ui/lessons/answer_field.h"

class QCheckBox;
class QListWidget;

namespace interleave::ui {

class OrderField : public AnswerField {
    Q_OBJECT

public:
    explicit OrderField(const lesson::Question& question, QWidget* parent = nullptr);
    std::optional<lesson::Answer> answer() const override;

private:
    void moveCurrent(int by);
    void onMoved();
    void fitHeight();

    QListWidget* m_list;
    QCheckBox* m_isMine;
};

} // namespace interleave::ui
