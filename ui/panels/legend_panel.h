// SPDX-License-Identifier: GPL-3.0-or-later
// LegendPanel: the states that occur in what is shown, always in sight. A click hides a state or
// shows it again.
#pragma once

#include "ui/view_state/view_state.h"

#include <QWidget>

class QToolButton;

namespace interleave::ui {

class FlowLayout;

class LegendPanel : public QWidget {
    Q_OBJECT

public:
    explicit LegendPanel(QWidget* parent = nullptr);

    /// Shows and filters the states of these; they are linked, so the first one's filter counts.
    void setViewStates(const std::vector<ViewState*>& states);
    /// Again, after a recording has changed.
    void refresh();

private:
    void rebuild(const StateSet& occurring);
    void updateButtons();

    FlowLayout* m_layout;
    std::vector<QPointer<ViewState>> m_states;
    StateSet m_occurring;
    std::vector<std::pair<State, QToolButton*>> m_buttons;
};

/// What the screen calls a state: what files and the command line call it, "waiting_gil".
QString labelOf(State state);

} // namespace interleave::ui
