// SPDX-License-Identifier: GPL-3.0-or-later
// LegendPanel: the states that occur in what is shown, always in sight, and what the other marks
// mean. A click shows one state alone and says how much of the visible range it takes; a second
// click, or "Show all", brings the others back. Ctrl+click hides or shows one state. A state stands
// out while the pointer rests on its entry.
#pragma once

#include "ui/view_state/view_state.h"

#include <QTimer>
#include <QWidget>

class QLabel;
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
    /// Shows this state alone; all again if it is alone already.
    void showOnly(State state);
    /// "waiting_gil: 1.20 s, 31 % of what is in sight".
    QString totalsText(State state) const;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void rebuild(const StateSet& occurring);
    void addState(State state);
    void addMarks();
    void updateButtons();
    void updateMarks();
    void updateReport();
    void showMenu(State state, QPoint globalPoint);
    ViewState* view() const;
    std::optional<State> onlyShown() const;

    FlowLayout* m_layout;
    std::vector<QPointer<ViewState>> m_states;
    StateSet m_occurring;
    std::vector<std::pair<State, QToolButton*>> m_buttons;
    QLabel* m_report = nullptr;
    QToolButton* m_showAll = nullptr;
    std::vector<QLabel*> m_marks; // swatch and text in turn, see updateMarks()
    QTimer m_reportTimer;
};

/// What the screen calls a state: what files and the command line call it, "waiting_gil".
QString labelOf(State state);

} // namespace interleave::ui
