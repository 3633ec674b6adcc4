// SPDX-License-Identifier: GPL-3.0-or-later
// PaneStack: the first pane is always there; the second comes and goes.
#include "ui/window/pane_stack.h"

#include <QApplication>

#include <algorithm>

namespace interleave::ui {

PaneStack::PaneStack(QWidget* parent)
    : QSplitter(Qt::Vertical, parent) {
    setChildrenCollapsible(false);
    m_alignTimer.setSingleShot(true);
    m_alignTimer.setInterval(0);
    connect(&m_alignTimer, &QTimer::timeout, this, &PaneStack::alignTimeScales);
    addPane();
}

/// A scroll bar beside one of the views must not shift its time scale against the other's.
void PaneStack::alignTimeScales() {
    int widest = 0;
    for (const RunPane* pane : m_panes) {
        widest = std::max(widest, pane->scrollBarPx());
    }
    for (RunPane* pane : m_panes) {
        pane->setRightPaddingPx(widest - pane->scrollBarPx());
    }
}

RunPane* PaneStack::addPane() {
    auto* pane = new RunPane(this);
    pane->setTheme(m_theme);
    pane->setView(m_view);
    connect(pane, &RunPane::closeRequested, this, &PaneStack::unstack);
    connect(pane, &RunPane::scrollBarChanged, &m_alignTimer, qOverload<>(&QTimer::start));
    connect(pane, &RunPane::marksWanted, this, [this, pane] { Q_EMIT marksWanted(pane); });
    ViewState* state = &pane->viewState();
    connect(state, &ViewState::marksEdited, this, [this, pane] { Q_EMIT marksEdited(pane); });
    connect(state, &ViewState::selectedSpanChanged, this, [this, state] {
        if (state->selectedSpan()) {
            Q_EMIT selectionMoved(state);
        }
    });
    addWidget(pane);
    m_panes.push_back(pane);
    return pane;
}

void PaneStack::removeSecond() {
    if (m_panes.size() < 2) {
        return;
    }
    RunPane* pane = m_panes.back();
    m_panes.pop_back();
    m_panes.front()->viewState().unlinkFrom(pane->viewState());
    m_panes.front()->setClosable(false);
    m_alignTimer.start();
    pane->hide();
    pane->deleteLater(); // may be the sender of the signal that brought us here
}

void PaneStack::showOnly(const RunEntry& entry) {
    removeSecond();
    m_panes.front()->setRun(entry);
    m_isEmpty = false;
    Q_EMIT shownChanged();
}

void PaneStack::toggleStacked(const RunEntry& entry) {
    if (m_isEmpty) {
        showOnly(entry);
        return;
    }
    for (const RunPane* pane : m_panes) {
        if (pane->runId() == entry.id) {
            unstack(entry.id);
            return;
        }
    }
    const bool isNew = m_panes.size() < 2;
    RunPane* second = isNew ? addPane() : m_panes.back();
    second->viewState().setGrouping(primary().grouping());
    second->setRun(entry);
    if (isNew) {
        second->setOverviewVisible(false);
        primary().linkWith(second->viewState());
        primary().fit();
        setSizes({height() / 2, height() / 2});
    }
    for (RunPane* pane : m_panes) {
        pane->setClosable(true);
    }
    Q_EMIT shownChanged();
}

void PaneStack::unstack(RunId id) {
    if (m_panes.size() < 2) {
        return;
    }
    if (m_panes.front()->runId() == id) {
        std::swap(m_panes.front(), m_panes.back());
        insertWidget(0, m_panes.front());
        m_panes.front()->setOverviewVisible(true);
    }
    removeSecond();
    primary().fit();
    Q_EMIT shownChanged();
}

void PaneStack::update(const RunEntry& entry) {
    for (RunPane* pane : m_panes) {
        if (!m_isEmpty && pane->runId() == entry.id) {
            pane->setRun(entry);
        }
    }
}

void PaneStack::clear() {
    removeSecond();
    m_isEmpty = true;
    primary().setRecording(nullptr);
    Q_EMIT shownChanged();
}

std::vector<RunId> PaneStack::shown() const {
    std::vector<RunId> result;
    if (!m_isEmpty) {
        for (const RunPane* pane : m_panes) {
            result.push_back(pane->runId());
        }
    }
    return result;
}

std::vector<ViewState*> PaneStack::viewStates() const {
    std::vector<ViewState*> result;
    for (RunPane* pane : m_panes) {
        result.push_back(&pane->viewState());
    }
    return result;
}

RunPane& PaneStack::activePane() const {
    const QWidget* focus = QApplication::focusWidget();
    for (RunPane* pane : m_panes) {
        if (focus != nullptr && pane->isAncestorOf(focus)) {
            return *pane;
        }
    }
    return *m_panes.front();
}

void PaneStack::setView(ViewKind view) {
    m_view = view;
    for (RunPane* pane : m_panes) {
        pane->setView(view);
    }
}

void PaneStack::setTheme(ThemeKind theme) {
    m_theme = theme;
    for (RunPane* pane : m_panes) {
        pane->setTheme(theme);
    }
}

void PaneStack::setGrouping(Grouping grouping) {
    for (RunPane* pane : m_panes) {
        pane->viewState().setGrouping(grouping);
    }
}

} // namespace interleave::ui
