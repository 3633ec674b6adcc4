// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's replay: whose cursor the bar moves, its keys, bookmarks kept with their runs, and
// presenting.
#include "ui/lessons/lesson_panel.h"
#include "ui/panels/bookmark_menu.h"
#include "ui/panels/legend_panel.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/transport_bar.h"
#include "ui/replay/replay_keys.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/presenter.h"
#include "ui/window/recovery_strip.h"
#include "ui/window/window_actions.h"

#include <QDockWidget>
#include <QKeyEvent>
#include <QMenuBar>
#include <QSettings>
#include <QStatusBar>
#include <QToolBar>

#include <array>
#include <utility>

namespace interleave::ui {

namespace {

const QString kEnlargementKey = QStringLiteral("presentationPercent");
const QString kChosenKey = QStringLiteral("presentationViews");

} // namespace

void MainWindow::connectReplay() {
    const std::array<std::pair<QAction*, ReplayAction>, kReplayActions> actions{
        {{m_actions->replay[0], ReplayAction::Toggle},
         {m_actions->replay[1], ReplayAction::StepForward},
         {m_actions->replay[2], ReplayAction::StepBack},
         {m_actions->replay[3], ReplayAction::ToBegin},
         {m_actions->replay[4], ReplayAction::ToEnd},
         {m_actions->replay[5], ReplayAction::Faster},
         {m_actions->replay[6], ReplayAction::Slower},
         {m_actions->replay[7], ReplayAction::Loop},
         {m_actions->replay[8], ReplayAction::Bookmark},
         {m_actions->replay[9], ReplayAction::NextBookmark},
         {m_actions->replay[10], ReplayAction::PreviousBookmark}}};
    for (const auto& [action, meaning] : actions) {
        connect(action, &QAction::triggered, this, [this, meaning] { performReplay(meaning); });
    }
    connect(m_panes, &PaneStack::marksWanted, this, &MainWindow::showMarks);
    connect(m_panes, &PaneStack::marksEdited, this, &MainWindow::keepMarks);
    connect(m_panes, &PaneStack::shownChanged, this, &MainWindow::updateReplay);
    connectPresenter();
    updateReplay();
}

void MainWindow::connectPresenter() {
    m_presenter = new Presenter(*this, m_player);
    QSettings settings;
    m_presenter->setEnlargement(settings.value(kEnlargementKey, 150).toInt() / 100.0);
    const QStringList chosen = settings.value(kChosenKey).toStringList();
    for (int i = 0; i < kViewKinds; ++i) {
        const auto view = static_cast<ViewKind>(i);
        QAction* choice = m_actions->presented[static_cast<std::size_t>(i)];
        choice->setChecked(chosen.isEmpty() || chosen.contains(nameOf(view)));
        m_presenter->setChosen(view, choice->isChecked());
        connect(choice, &QAction::toggled, this, [this, view](bool isChosen) {
            m_presenter->setChosen(view, isChosen);
            QStringList names;
            for (const ViewKind each : m_presenter->chosenViews()) {
                names << nameOf(each);
            }
            QSettings().setValue(kChosenKey, names);
        });
    }
    connect(m_actions->present, &QAction::triggered, this, &MainWindow::present);
    connect(m_presenter, &Presenter::viewWanted, this, &MainWindow::setView);
    connect(m_presenter, &Presenter::enlargementChanged, this, [](double factor) {
        QSettings().setValue(kEnlargementKey, static_cast<int>(factor * 100 + 0.5));
    });
}

void MainWindow::present() {
    if (!showsRuns() && !isOnStage()) {
        return;
    }
    QList<QWidget*> chrome{menuBar(), statusBar()};
    for (auto* bar : findChildren<QToolBar*>()) {
        chrome.append(bar);
    }
    for (auto* dock : findChildren<QDockWidget*>()) {
        if (dock != m_lessonDock || !m_lessons->isOpen()) {
            chrome.append(dock);
        }
    }
    for (auto* strip : findChildren<RecoveryStrip*>()) {
        chrome.append(strip); // an audience is not asked
    }
    m_presenter->enter(chrome, m_view);
    m_panes->activePane().focusView();
}

/// In the comparison the cursor of its own time scale moves; it begins where the other was.
void MainWindow::updateReplay() {
    const bool isEmpty = !showsRuns();
    const bool isComparing = m_view == ViewKind::Compare && m_compare.time != nullptr;
    ViewState* state = isEmpty ? nullptr : isComparing ? m_compare.time : &m_panes->primary();
    const auto cursor = m_player.viewState() ? m_player.viewState()->momentNs() : std::nullopt;
    const bool isOther = m_player.viewState() != state;
    m_player.setViewState(state);
    if (isOther && state != nullptr && cursor && (isComparing || !state->momentNs())) {
        state->setMomentNs(cursor);
    }
    m_player.setScope(m_view == ViewKind::Topology ? analysis::EventScope::Messages
                                                   : analysis::EventScope::Any);
    m_transport->setVisible(!isEmpty);
    for (QAction* action : m_actions->replay) {
        action->setEnabled(!isEmpty);
    }
    m_actions->present->setEnabled(!isEmpty || isOnStage());
}

void MainWindow::performReplay(ReplayAction action) {
    if (action == ReplayAction::Bookmark) {
        m_transport->bookmarks().addHere();
    } else {
        perform(m_player, action);
    }
}

bool MainWindow::handleReplayKey(const QKeyEvent& event) {
    const auto action = replayActionFor(event.key(), event.modifiers());
    if (!action || m_panes->shown().empty()) {
        return false;
    }
    performReplay(*action);
    return true;
}

void MainWindow::showMarks(RunPane* pane) {
    const RunEntry* entry = m_runs.find(pane->runId());
    if (entry == nullptr) {
        return;
    }
    const auto marks = m_bookmarks.marksOf(*entry);
    if (marks) {
        pane->viewState().setMarks(*marks);
    } else {
        m_messages->show(MessageKind::Error, QString::fromStdString(marks.error().message));
    }
}

void MainWindow::keepMarks(RunPane* pane) {
    if (const RunEntry* entry = m_runs.find(pane->runId())) {
        if (const auto kept = m_bookmarks.keep(*entry, pane->viewState().marks()); !kept) {
            m_messages->show(MessageKind::Error, QString::fromStdString(kept.error().message));
        }
    }
}

} // namespace interleave::ui
