// SPDX-License-Identifier: GPL-3.0-or-later
// Breadcrumb: the ranges on the way to what is in sight, "Full 1.70 s › 320 ms › 12 ms", each a
// button that leads back there.
#pragma once

#include "ui/view_state/view_state.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QToolButton;

namespace interleave::ui {

class Breadcrumb : public QWidget {
    Q_OBJECT

public:
    explicit Breadcrumb(ViewState& state, QWidget* parent = nullptr);

    /// The buttons' texts, the outermost first.
    QStringList texts() const;
    QToolButton& button(int index) const;

protected:
    bool event(QEvent* event) override;

private:
    void refresh();
    void addCrumb();

    ViewState& m_state;
    std::vector<TimeRange> m_trail;
    QHBoxLayout* m_row;
    std::vector<QToolButton*> m_buttons;
    std::vector<QWidget*> m_separators; // before all buttons but the first
};

} // namespace interleave::ui
