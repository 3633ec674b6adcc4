// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's ways about: search, command palette, key sheet, back and forward, from pane to pane.
#include "ui/gantt/gantt_view.h"
#include "ui/panels/legend_panel.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/search_panel.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/help_dialogs.h"
#include "ui/window/keyboard_labels.h"
#include "ui/window/main_window.h"
#include "ui/window/pane_stack.h"
#include "ui/window/window_actions.h"

#include <QApplication>
#include <QDockWidget>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenuBar>
#include <QStackedWidget>
#include <QTabWidget>
#include <QToolBar>

namespace interleave::ui {

namespace {

constexpr int kSearchWidthPx = 380;

QString withoutMnemonic(QString text) {
    return text.replace(QLatin1String("&&"), QLatin1String("\x01"))
        .remove('&')
        .replace('\x01', '&');
}

/// Every action of a menu and of those in it, named with its menu: "View › Theme › Dark".
void addCommandsOf(std::vector<Command>& commands, const QString& path,
                   const QList<QAction*>& actions) {
    for (QAction* action : actions) {
        // A single key of the views stands behind a tab.
        const QString text = withoutMnemonic(action->text().section(u'\t', 0, 0));
        const QString single = action->text().section(u'\t', 1);
        const QString whole = path.isEmpty() ? text : path + QStringLiteral(" › ") + text;
        if (action->menu() != nullptr) {
            addCommandsOf(commands, whole, action->menu()->actions());
        } else if (!action->isSeparator() && !text.isEmpty()) {
            const QString keys = action->shortcut().toString(QKeySequence::NativeText);
            commands.push_back({whole, keys.isEmpty() ? single : keys, action->isEnabled(),
                                [action] { action->trigger(); }});
        }
    }
}

/// The first widget within that takes the keyboard.
QWidget* firstStopIn(QWidget* pane) {
    for (QWidget* widget = pane->nextInFocusChain(); widget != pane;
         widget = widget->nextInFocusChain()) {
        if (pane->isAncestorOf(widget) && widget->isVisible() && widget->isEnabled() &&
            (widget->focusPolicy() & Qt::TabFocus) != 0) {
            return widget;
        }
    }
    return pane;
}

} // namespace

void MainWindow::buildSearchDock() {
    m_search = new SearchPanel;
    m_searchDock = new QDockWidget(tr("Search"), this);
    m_searchDock->setObjectName(QStringLiteral("searchDock"));
    m_searchDock->setFeatures(QDockWidget::DockWidgetClosable | QDockWidget::DockWidgetMovable);
    m_searchDock->setAllowedAreas(Qt::LeftDockWidgetArea | Qt::RightDockWidgetArea);
    m_searchDock->setWidget(m_search);
    addDockWidget(Qt::RightDockWidgetArea, m_searchDock);
    resizeDocks({m_searchDock}, {kSearchWidthPx}, Qt::Horizontal);
    m_searchDock->hide();
    m_searchDock->toggleViewAction()->setText(tr("S&earch"));
    m_actions->panelsMenu->addAction(m_searchDock->toggleViewAction());
    if (auto* bar = findChild<QToolBar*>(QStringLiteral("tools"))) {
        bar->insertAction(m_actions->back, m_actions->find);
    }
    m_palette = new CommandPalette(this);
    m_keyboard = new KeyboardLabels(this);
}

void MainWindow::connectNavigation() {
    connect(m_actions->back, &QAction::triggered, this, [this] { m_panes->primary().goBack(); });
    connect(m_actions->forward, &QAction::triggered, this,
            [this] { m_panes->primary().goForward(); });
    connect(m_actions->find, &QAction::triggered, this, &MainWindow::openSearch);
    connect(m_actions->findNext, &QAction::triggered, this, [this] {
        m_searchDock->show();
        m_search->goToNext();
    });
    connect(m_actions->findPrevious, &QAction::triggered, this, [this] {
        m_searchDock->show();
        m_search->goToPrevious();
    });
    connect(m_actions->palette, &QAction::triggered, this, &MainWindow::openPalette);
    connect(m_actions->keys, &QAction::triggered, this, &MainWindow::openKeys);
    connect(m_actions->nextPane, &QAction::triggered, this, [this] { cyclePane(1); });
    connect(m_actions->previousPane, &QAction::triggered, this, [this] { cyclePane(-1); });
    connect(m_search, &SearchPanel::closed, this, &MainWindow::closeSearch);
    connect(m_searchDock, &QDockWidget::visibilityChanged, this, &MainWindow::updateSearch);
}

// Hits are pointed out while the list of them is seen.
void MainWindow::updateSearch() {
    const bool isOpen = m_searchDock->isVisibleTo(this) && !m_panes->shown().empty();
    m_search->setViewState(isOpen ? &m_panes->primary() : nullptr);
}

void MainWindow::openSearch() {
    if (!m_actions->find->isEnabled()) {
        return;
    }
    m_searchDock->show();
    updateSearch();
    m_search->focusText();
}

void MainWindow::closeSearch() {
    m_searchDock->hide();
    updateSearch();
    m_panes->activePane().focusView();
}

void MainWindow::openKeys() {
    showKeys(this, *m_keyboard, themeOf(m_theme.kind()));
}

std::vector<Command> MainWindow::commands() {
    std::vector<Command> commands;
    auto* gantt = qobject_cast<GanttView*>(m_panes->activePane().view());
    const bool canAct = gantt != nullptr && shownRecording() != nullptr;
    for (const GanttCommand& command : ganttCommands()) {
        const QString keys = command.scanCode != 0
                                 ? m_keyboard->at(command.scanCode)
                                 : QKeySequence(QKeyCombination(command.modifiers,
                                                                static_cast<Qt::Key>(command.key)))
                                       .toString(QKeySequence::NativeText);
        commands.push_back(
            {tr("Timeline › %1").arg(QCoreApplication::translate("Gantt", command.text)), keys,
             canAct, [gantt, action = command.action] {
                 gantt->setFocus(Qt::OtherFocusReason);
                 gantt->perform(action);
             }});
    }
    addCommandsOf(commands, {}, menuBar()->actions());
    return commands;
}

void MainWindow::openPalette() {
    m_palette->open(commands());
}

// What the focused widget left alone: keys of the views that work from everywhere in the window but
// from text fields, which take them as text.
void MainWindow::keyPressEvent(QKeyEvent* event) {
    const Qt::KeyboardModifiers commands =
        event->modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier);
    if (!commands && event->key() == Qt::Key_Slash) {
        openSearch();
    } else if (!commands && event->key() == Qt::Key_Question) {
        openKeys();
    } else if (event->key() == Qt::Key_Escape && m_searchDock->isVisible()) {
        closeSearch();
    } else if (event->key() == Qt::Key_Escape && isFullScreen()) {
        m_actions->fullScreen->setChecked(false);
    } else if (!handleReplayKey(*event)) {
        QMainWindow::keyPressEvent(event);
    }
}

void MainWindow::cyclePane(int step) {
    QList<QWidget*> panes{m_setup, m_runsPanel, m_legend};
    if (m_centre->currentWidget() == m_panes) {
        for (int i = 0; i < m_panes->count(); ++i) {
            panes << m_panes->widget(i);
        }
    } else {
        panes << m_centre->currentWidget();
    }
    panes << m_bottom << m_search;
    panes.removeIf([](const QWidget* pane) { return !pane->isVisible(); });
    const QWidget* focus = QApplication::focusWidget();
    qsizetype current = -1;
    for (qsizetype i = 0; i < panes.size(); ++i) {
        if (focus != nullptr && (panes[i] == focus || panes[i]->isAncestorOf(focus))) {
            current = i;
        }
    }
    if (current < 0 && step < 0) {
        current = 0;
    }
    QWidget* next = panes[(current + step + panes.size()) % panes.size()];
    if (auto* pane = qobject_cast<RunPane*>(next)) {
        pane->focusView();
    } else {
        firstStopIn(next)->setFocus(Qt::TabFocusReason);
    }
}

} // namespace interleave::ui
