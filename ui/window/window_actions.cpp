// SPDX-License-Identifier: GPL-3.0-or-later
// WindowActions: texts, keys, icons and menus. Single letters belong to the views, not to the
// window, so that they never fire in a text field.
#include "ui/window/window_actions.h"

#include "ui/panels/icons.h"
#include "ui/theme/text.h"

#include <QActionGroup>
#include <QMainWindow>
#include <QMenu>
#include <QMenuBar>

namespace interleave::ui {

namespace {

struct ActionText {
    const char* text;
    QKeySequence key = {};
    const char* icon = nullptr;
};

QAction* action(QMainWindow& window, const ActionText& text) {
    auto* result = new QAction(tr(text.text), &window);
    if (!text.key.isEmpty()) {
        result->setShortcut(text.key);
    }
    if (text.icon != nullptr) {
        result->setIcon(iconNamed(QString::fromLatin1(text.icon)));
    }
    const QString plain = tr(text.text).remove('&').remove(QStringLiteral("…"));
    const QString key = text.key.toString(QKeySequence::NativeText);
    result->setToolTip(key.isEmpty() ? plain : QStringLiteral("%1 (%2)").arg(plain, key));
    return result;
}

template <std::size_t N>
void makeExclusive(QMainWindow& window, const std::array<QAction*, N>& actions) {
    auto* group = new QActionGroup(&window);
    for (QAction* each : actions) {
        each->setCheckable(true);
        group->addAction(each);
    }
    actions.front()->setChecked(true);
}

} // namespace

WindowActions::WindowActions(QMainWindow& window) {
    makeActions(window);
    makeViewActions(window);
    makeReplayActions(window);
    makeMenus(window);
}

void WindowActions::makeActions(QMainWindow& window) {
    open = action(window, {QT_TR_NOOP("&Open…"), QKeySequence::Open, "open"});
    openScenario =
        action(window, {QT_TR_NOOP("Open s&cenario…"), Qt::CTRL | Qt::SHIFT | Qt::Key_O});
    record = action(window, {QT_TR_NOOP("Record a pro&gram…"), Qt::CTRL | Qt::Key_R});
    attach = action(window, {QT_TR_NOOP("Attach to Celer&y…")});
    save = action(window, {QT_TR_NOOP("&Save recording as…"), QKeySequence::Save, "save"});
    exportImage = action(window, {QT_TR_NOOP("&Export image…"), Qt::CTRL | Qt::Key_E, "export"});
    exportSpans = action(window, {QT_TR_NOOP("Export s&pans as CSV…")});
    exportStatistics = action(window, {QT_TR_NOOP("Export s&tatistics as CSV…")});
    clearRecent = action(window, {QT_TR_NOOP("&Clear this list")});
    quit = action(window, {QT_TR_NOOP("&Quit"), Qt::CTRL | Qt::Key_Q});
    quit->setMenuRole(QAction::QuitRole);

    run = action(window, {QT_TR_NOOP("&Run"), Qt::Key_F5, "run"});
    runAll = action(window, {QT_TR_NOOP("Run under &all models"), Qt::CTRL | Qt::Key_F5});
    stop = action(window, {QT_TR_NOOP("&Stop"), Qt::SHIFT | Qt::Key_F5, "stop"});
    unstack = action(window, {QT_TR_NOOP("Show &one run only"), Qt::CTRL | Qt::SHIFT | Qt::Key_S});
    removeRun = action(window, {QT_TR_NOOP("Re&move the shown run from the list")});

    learn = action(window, {QT_TR_NOOP("&Lessons"), Qt::CTRL | Qt::Key_L, "learn"});
    learn->setCheckable(true);
    openLesson = action(window, {QT_TR_NOOP("&Open lesson folder…")});
    nextLesson = action(window, {QT_TR_NOOP("&Next lesson"), Qt::CTRL | Qt::Key_PageDown});
    previousLesson = action(window, {QT_TR_NOOP("Lesson &before"), Qt::CTRL | Qt::Key_PageUp});

    find = action(window, {QT_TR_NOOP("&Find…"), QKeySequence::Find, "search"});
    findNext = action(window, {QT_TR_NOOP("Find &next"), Qt::Key_F3});
    findPrevious = action(window, {QT_TR_NOOP("Find &previous"), Qt::SHIFT | Qt::Key_F3});
    palette = action(window, {QT_TR_NOOP("&Command palette…"), Qt::CTRL | Qt::SHIFT | Qt::Key_P});

    keys = action(window, {QT_TR_NOOP("&Keys"), QKeySequence::HelpContents});
    guide = action(window, {QT_TR_NOOP("What this &view shows"), Qt::SHIFT | Qt::Key_F1});
    about = action(window, {QT_TR_NOOP("&About Interleave")});
    about->setMenuRole(QAction::AboutRole);
}

void WindowActions::makeViewActions(QMainWindow& window) {
    static constexpr std::array<const char*, kViewKinds> icons{
        "gantt", "utilisation", "contention", "compare", "topology", "kitchen"};
    static constexpr std::array<const char*, kViewKinds> texts{
        QT_TR_NOOP("&Gantt"),   QT_TR_NOOP("CPU &utilisation"), QT_TR_NOOP("&Contention"),
        QT_TR_NOOP("C&ompare"), QT_TR_NOOP("Topolog&y"),        QT_TR_NOOP("&Kitchen")};
    for (std::size_t i = 0; i < views.size(); ++i) {
        const auto key = static_cast<Qt::Key>(Qt::Key_1 + static_cast<int>(i));
        views[i] = action(window, {texts[i], Qt::CTRL | key, icons[i]});
    }
    makeExclusive(window, views);
    groupings = {action(window, {QT_TR_NOOP("&Tasks")}), action(window, {QT_TR_NOOP("&Workers")}),
                 action(window, {QT_TR_NOOP("&Cores")})};
    makeExclusive(window, groupings);
    themes = {action(window, {QT_TR_NOOP("As the &system")}),
              action(window, {QT_TR_NOOP("&Light")}), action(window, {QT_TR_NOOP("&Dark")})};
    makeExclusive(window, themes);
    zoomIn = action(window, {QT_TR_NOOP("Zoom &in"), QKeySequence::ZoomIn, "zoom-in"});
    zoomIn->setShortcuts(
        {QKeySequence(QKeySequence::ZoomIn), QKeySequence(Qt::CTRL | Qt::Key_Equal)});
    zoomOut = action(window, {QT_TR_NOOP("&Zoom out"), QKeySequence::ZoomOut, "zoom-out"});
    fit = action(window, {QT_TR_NOOP("&Fit the whole run"), Qt::CTRL | Qt::Key_0, "fit"});
    back = action(window, {QT_TR_NOOP("&Back"), Qt::CTRL | Qt::Key_Z, "back"});
    forward = action(window, {QT_TR_NOOP("For&ward"), Qt::CTRL | Qt::SHIFT | Qt::Key_Z, "forward"});
    follow = action(window, {QT_TR_NOOP("Follow a &live run")});
    follow->setCheckable(true);
    clearSelection = action(window, {QT_TR_NOOP("Clear the &selection")});
    showAllStates = action(window, {QT_TR_NOOP("Show &all states")});
    findings = action(window, {QT_TR_NOOP("What &stands out"), Qt::CTRL | Qt::Key_I, "note"});
    recommendation = action(window, {QT_TR_NOOP("Which &model?"), Qt::CTRL | Qt::Key_M});
    nextPane = action(window, {QT_TR_NOOP("Nex&t pane"), Qt::Key_F6});
    previousPane = action(window, {QT_TR_NOOP("Pre&vious pane"), Qt::SHIFT | Qt::Key_F6});
    fullScreen = action(window, {QT_TR_NOOP("Full scr&een"), Qt::Key_F11});
    fullScreen->setCheckable(true);
}

void WindowActions::makeMenus(QMainWindow& window) {
    QMenu* file = window.menuBar()->addMenu(tr("&File"));
    file->addAction(open);
    file->addAction(openScenario);
    file->addAction(record);
    file->addAction(attach);
    recentMenu = file->addMenu(tr("Open &recent"));
    file->addSeparator();
    file->addAction(save);
    file->addSeparator();
    file->addAction(exportImage);
    file->addAction(exportSpans);
    file->addAction(exportStatistics);
    file->addSeparator();
    file->addAction(quit);

    QMenu* runMenu = window.menuBar()->addMenu(tr("&Run"));
    runMenu->addAction(run);
    runMenu->addAction(runAll);
    runMenu->addAction(stop);
    runMenu->addSeparator();
    runMenu->addAction(unstack);
    runMenu->addAction(removeRun);

    makeViewMenu(window);
    makeGoMenu(window);
    makeReplayMenu(window);
    makeLearnMenu(window);

    QMenu* help = window.menuBar()->addMenu(tr("&Help"));
    help->addAction(keys);
    help->addAction(guide);
    help->addSeparator();
    help->addAction(about);
}

// Single keys belong to the views: they stand behind a tab, for the reader.
void WindowActions::makeReplayActions(QMainWindow& window) {
    static constexpr std::array<const char*, kReplayActions> texts{
        QT_TR_NOOP("&Play or pause\tSpace"),     QT_TR_NOOP("&Next event\tL"),
        QT_TR_NOOP("&Event before\tJ"),          QT_TR_NOOP("To the &begin"),
        QT_TR_NOOP("To the en&d\tEnd"),          QT_TR_NOOP("&Faster\tShift+L"),
        QT_TR_NOOP("&Slower\tShift+J"),          QT_TR_NOOP("Play again and &again\tR"),
        QT_TR_NOOP("Book&mark this moment…\tB"), QT_TR_NOOP("Ne&xt bookmark\tN"),
        QT_TR_NOOP("Bookmark befo&re\tShift+N")};
    for (std::size_t i = 0; i < replay.size(); ++i) {
        replay[i] = action(window, {texts[i]});
    }
    for (std::size_t i = 0; i < presented.size(); ++i) {
        presented[i] = new QAction(views[i]->text(), &window);
        presented[i]->setCheckable(true);
    }
    present = action(window, {QT_TR_NOOP("Presen&t"), Qt::SHIFT | Qt::Key_F11, "present"});
}

void WindowActions::makeReplayMenu(QMainWindow& window) {
    QMenu* menu = window.menuBar()->addMenu(tr("Re&play"));
    for (std::size_t i = 0; i < replay.size(); ++i) {
        if (i == 5 || i == 8) {
            menu->addSeparator();
        }
        menu->addAction(replay[i]);
    }
    menu->addSeparator();
    menu->addAction(present);
    menu->addMenu(tr("Presented &views"))->addActions({presented.begin(), presented.end()});
}

void WindowActions::makeLearnMenu(QMainWindow& window) {
    QMenu* menu = window.menuBar()->addMenu(tr("&Learn"));
    menu->addActions({learn, openLesson});
    menu->addSeparator();
    menu->addActions({nextLesson, previousLesson});
}

void WindowActions::makeGoMenu(QMainWindow& window) {
    QMenu* go = window.menuBar()->addMenu(tr("&Go"));
    go->addActions({back, forward});
    go->addSeparator();
    go->addActions({find, findNext, findPrevious});
    go->addSeparator();
    go->addActions({findings, recommendation});
    go->addSeparator();
    go->addActions({nextPane, previousPane});
    go->addSeparator();
    go->addAction(palette);
}

void WindowActions::makeViewMenu(QMainWindow& window) {
    QMenu* view = window.menuBar()->addMenu(tr("&View"));
    view->addActions({views.begin(), views.end()});
    view->addSeparator();
    view->addMenu(tr("&Rows"))->addActions({groupings.begin(), groupings.end()});
    view->addAction(showAllStates);
    view->addAction(clearSelection);
    view->addSeparator();
    view->addActions({zoomIn, zoomOut, fit, follow});
    view->addSeparator();
    view->addMenu(tr("&Theme"))->addActions({themes.begin(), themes.end()});
    panelsMenu = view->addMenu(tr("&Panels"));
    view->addAction(fullScreen);
}

} // namespace interleave::ui
