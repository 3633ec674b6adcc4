// SPDX-License-Identifier: GPL-3.0-or-later
// WindowActions: everything that the window can do, each as one action that menus, tool bar and
// keys share; and the menus made of them. What an action does is connected by the window.
#pragma once

#include "ui/panels/guide_panel.h"
#include "ui/view_state/view_state.h"
#include "ui/window/theme_choice.h"

#include <QAction>

#include <array>

class QActionGroup;
class QMainWindow;
class QMenu;

namespace interleave::ui {

inline constexpr std::size_t kReplayActions = 11;

class WindowActions {
public:
    explicit WindowActions(QMainWindow& window);

    QAction* open;
    QAction* openScenario;
    QAction* record;
    QAction* attach;
    QAction* save;
    QAction* exportImage;
    QAction* exportSpans;
    QAction* exportStatistics;
    QAction* clearRecent;
    QAction* quit;

    QAction* run;
    QAction* runAll;
    QAction* stop;
    QAction* unstack;
    QAction* removeRun;

    std::array<QAction*, kViewKinds> views;
    std::array<QAction*, kReplayActions> replay; // play, steps, ends, speed, loop, bookmarks
    std::array<QAction*, kViewKinds> presented;  // which views are shown when presenting
    QAction* present;
    std::array<QAction*, 3> groupings; // in the order of Grouping
    std::array<QAction*, 3> themes;    // in the order of ThemeChoice::Wish
    QAction* zoomIn;
    QAction* zoomOut;
    QAction* fit;
    QAction* back;
    QAction* forward;
    QAction* follow;
    QAction* clearSelection;
    QAction* showAllStates;
    QAction* nextPane;
    QAction* previousPane;
    QAction* fullScreen;

    QAction* learn; // whether the lessons are seen
    QAction* openLesson;
    QAction* nextLesson;
    QAction* previousLesson;

    QAction* find;
    QAction* findNext;
    QAction* findPrevious;
    QAction* findings;
    QAction* recommendation;
    QAction* palette;

    QAction* keys;
    QAction* guide;
    QAction* about;

    QMenu* recentMenu;
    QMenu* panelsMenu; // the window adds its docks

private:
    void makeActions(QMainWindow& window);
    void makeViewActions(QMainWindow& window);
    void makeReplayActions(QMainWindow& window);
    void makeReplayMenu(QMainWindow& window);
    void makeMenus(QMainWindow& window);
    void makeViewMenu(QMainWindow& window);
    void makeGoMenu(QMainWindow& window);
    void makeLearnMenu(QMainWindow& window);
};

} // namespace interleave::ui
