// SPDX-License-Identifier: GPL-3.0-or-later
// PaneStack: the one or two runs that are looked at, above each other on one time scale. Their
// view states are linked, so that zoom, range, cursor and filters are common.
#pragma once

#include "ui/window/run_pane.h"

#include <QSplitter>
#include <QTimer>

#include <vector>

namespace interleave::ui {

class PaneStack : public QSplitter {
    Q_OBJECT

public:
    explicit PaneStack(QWidget* parent = nullptr);

    /// Shows one run alone.
    void showOnly(const RunEntry& entry);
    /// Adds a second run under the first, or takes its place; a run that is shown is taken away.
    void toggleStacked(const RunEntry& entry);
    void unstack(RunId id);
    /// Shows the newer state of a run if it is on display.
    void update(const RunEntry& entry);
    void clear();

    std::vector<RunId> shown() const;
    /// At least one; the first is the one on top.
    std::vector<ViewState*> viewStates() const;
    ViewState& primary() const { return m_panes.front()->viewState(); }
    RunPane& primaryPane() const { return *m_panes.front(); }
    /// The pane that has the keyboard, or the first.
    RunPane& activePane() const;

    void setView(ViewKind view);
    void setTheme(ThemeKind theme);
    void setGrouping(Grouping grouping);

Q_SIGNALS:
    /// Which runs are shown, or their order, has changed.
    void shownChanged();
    /// Something was selected in this one; the details are about it now.
    void selectionMoved(interleave::ui::ViewState* state);
    /// A pane shows another recording, whose bookmarks it hasn't got; the reader has edited them.
    void marksWanted(interleave::ui::RunPane* pane);
    void marksEdited(interleave::ui::RunPane* pane);

private:
    RunPane* addPane();
    void removeSecond();
    void alignTimeScales();

    std::vector<RunPane*> m_panes; // one or two
    ViewKind m_view = ViewKind::Gantt;
    ThemeKind m_theme = ThemeKind::Light;
    QTimer m_alignTimer;   // after the views have settled
    bool m_isEmpty = true; // the first pane shows nothing yet
};

} // namespace interleave::ui
