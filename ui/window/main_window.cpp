// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's behaviour: what is shown, and what the panels, actions and status say about it.
#include "ui/window/main_window.h"

#include "engine/models/registry.h"
#include "engine/program/example_programs.h"
#include "engine/scenario/scenario.h"
#include "ui/lessons/lesson_panel.h"
#include "ui/lessons/lesson_stage.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/diagnostics_panel.h"
#include "ui/panels/gallery_panel.h"
#include "ui/panels/icons.h"
#include "ui/panels/legend_panel.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/setup_panel.h"
#include "ui/panels/statistics_panel.h"
#include "ui/window/image_actions.h"
#include "ui/window/pane_stack.h"
#include "ui/window/presenter.h"
#include "ui/window/recovery_strip.h"
#include "ui/window/window_actions.h"

#include <QApplication>
#include <QComboBox>
#include <QDockWidget>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QSettings>
#include <QStackedWidget>
#include <QTabBar>
#include <QTabWidget>
#include <QToolButton>

#include <algorithm>
#include <array>
#include <string_view>

namespace interleave::ui {

namespace {

constexpr std::size_t kMostTaskRows = 120;

QString titleOfModel(const QString& id) {
    const auto model = models::findModel(id.toStdString());
    return model ? QString::fromStdString((*model)->info().title) : id;
}

/// The examples that say most come first, the others by name.
std::vector<scenario::Scenario> bestFirst(std::vector<scenario::Scenario> scenarios) {
    static constexpr std::array<std::string_view, 5> first{"ten-dishes", "sum-of-squares",
                                                           "download-sites", "mixed", "one-lock"};
    const auto rank = [](const scenario::Scenario& scenario) {
        return std::ranges::find(first, scenario.id) - first.begin();
    };
    std::ranges::stable_sort(scenarios, {}, rank);
    return scenarios;
}

std::size_t spanCountOf(const recording::Recording& recording) {
    std::size_t count = 0;
    for (const recording::Track& track : recording.tracks) {
        count += track.spans.size();
    }
    return count;
}

RunsPanel::Again againOf(const RunEntry* shown) {
    if (shown == nullptr) {
        return RunsPanel::Again::Nothing;
    }
    if (shown->setup.program || shown->setup.cluster) {
        return RunsPanel::Again::Program;
    }
    return models::findModel(shown->setup.model.toStdString()) ? RunsPanel::Again::Scenario
                                                               : RunsPanel::Again::Nothing;
}

} // namespace

MainWindow::MainWindow(const WindowOptions& options, QWidget* parent)
    : QMainWindow(parent)
    , m_queue(options.program, m_runs)
    , m_actions(std::make_unique<WindowActions>(*this)) {
    setWindowTitle(tr("Interleave"));
    setAcceptDrops(true);
    buildCentre();
    buildToolBar();
    buildLeftDock();
    buildBottomDock();
    buildSearchDock();
    buildLessons();
    buildStatusBar();
    connectFileActions();
    connectRunActions();
    connectViewActions();
    connectNavigation();
    connectRuns();
    connectReplay();
    connectFindings();
    connectLessons();
    addCopyImageAction(*this);
    offerRecovery(*this, options.recoveryPlaces);
    connect(&m_theme, &ThemeChoice::kindChanged, this, &MainWindow::applyTheme);
    applyTheme();
    loadScenarios();
    restoreLayout();
    updateCentre();
    updatePanels();
    updateActions();
    for (const QString& file : options.files) {
        openFile(file);
    }
    m_setup->focusFirst();
}

MainWindow::~MainWindow() {
    m_presenter->leave();
    m_queue.disconnect(this);
    m_searchDock->disconnect(this); // it hides while the window goes
    m_lessonDock->disconnect(this);
}

void MainWindow::loadScenarios() {
    const auto scenarios = scenario::shippedScenarios();
    if (!scenarios) {
        m_messages->show(MessageKind::Error, QString::fromStdString(scenarios.error().message));
        return;
    }
    const auto ordered = bestFirst(*scenarios);
    m_setup->addScenarios(ordered);
    m_gallery->setScenarios(ordered);
    if (const auto programs = program::shippedPrograms()) {
        m_gallery->setPrograms(*programs);
    } else {
        m_messages->show(MessageKind::Error, QString::fromStdString(programs.error().message));
    }
    const QSettings settings;
    m_setup->selectScenario(
        settings.value(QStringLiteral("scenario"), QStringLiteral("ten-dishes")).toString());
    m_setup->selectModel(
        settings.value(QStringLiteral("model"), QStringLiteral("threads")).toString());
    updateModelTitle();
}

void MainWindow::onShownChanged() {
    m_runsPanel->setShown(m_panes->shown());
    m_runsPanel->setAgain(againOf(m_runs.find(m_panes->primaryPane().runId())));
    m_legend->setViewStates(m_panes->viewStates());
    m_details->setViewState(&m_panes->primary());
    updateSearch();
    chooseRows();
    updateCentre();
    updatePanels();
    updateActions();
    updateStatus();
    updateTitle();
}

void MainWindow::updateModelTitle() {
    m_gallery->setModelTitle(titleOfModel(m_setup->setup().model));
}

/// Until the user says what the rows shall be: workers where tasks would be a list without end.
void MainWindow::chooseRows() {
    const RecordingPtr recording = m_panes->primary().recording();
    if (m_hasChosenRows || !recording) {
        return;
    }
    const bool isLong = recording->tasks.size() > kMostTaskRows;
    m_rows->setCurrentIndex(static_cast<int>(isLong ? Grouping::Worker : Grouping::Task));
}

void MainWindow::updateTitle() {
    QStringList names;
    for (const RunId id : m_panes->shown()) {
        const RunEntry* entry = m_runs.find(id);
        if (entry != nullptr) {
            names << entry->setup.description();
        }
    }
    setWindowTitle(names.isEmpty() ? tr("Interleave") : names.join(tr(" and ")));
}

void MainWindow::setView(ViewKind view) {
    m_view = view;
    m_actions->views[static_cast<std::size_t>(view)]->setChecked(true);
    m_tabs->setCurrentIndex(static_cast<int>(view));
    m_guide->setView(view);
    if (view != ViewKind::Compare) {
        m_panes->setView(view);
    }
    updateCentre();
    updateReplay();
    updateActions();
}

void MainWindow::updateCentre() {
    const bool isEmpty = !showsRuns();
    if (isEmpty != m_isEmpty) { // there are no details of nothing: the examples get the room
        m_isEmpty = isEmpty;
        m_detailsDock->setVisible(!isEmpty && m_wantsDetails);
    }
    m_legend->setVisible(!isEmpty && m_view != ViewKind::Compare);
    if (isOnStage()) {
        m_centre->setCurrentWidget(m_lessonStage);
    } else if (isEmpty) {
        m_centre->setCurrentWidget(m_gallery);
    } else if (m_view == ViewKind::Compare) {
        if (m_compare.widget == nullptr) {
            m_compare = makeCompareView(
                m_compareState,
                [this](int index) { show(comparableRuns().at(static_cast<std::size_t>(index))); },
                m_centre);
            m_centre->addWidget(m_compare.widget);
        }
        updateCompare();
        m_centre->setCurrentWidget(m_compare.widget);
    } else {
        m_centre->setCurrentWidget(m_panes);
    }
}

void MainWindow::updatePanels() {
    std::vector<RecordingPtr> recordings;
    for (const RunId id : m_panes->shown()) {
        if (const RunEntry* entry = m_runs.find(id); entry != nullptr && entry->recording) {
            recordings.push_back(entry->recording);
        }
    }
    m_diagnostics->setRecordings(recordings);
    const int problems = m_diagnostics->problemCount();
    m_problems->setVisible(problems > 0);
    m_problems->setText(counted(problems, tr("warning"), tr("warnings")));
    m_statistics->setRecordings(std::move(recordings));
}

RecordingPtr MainWindow::shownRecording() const {
    return m_panes->activePane().viewState().recording();
}

void MainWindow::updateActions() {
    const bool isBusy = m_queue.isBusy();
    const bool hasRecording = shownRecording() != nullptr && showsRuns();
    const RunEntry* shown = m_runs.find(m_panes->primaryPane().runId());
    const bool isLive = shown != nullptr && shown->state == RunState::Running;
    m_actions->run->setEnabled(isLearning() ? m_lessons->page().canRun()
                                            : m_setup->canRun() && !isBusy);
    m_actions->runAll->setEnabled(m_setup->canRun() && !isBusy && !isLearning());
    m_actions->stop->setEnabled(isBusy);
    m_actions->unstack->setEnabled(m_panes->shown().size() > 1);
    m_actions->removeRun->setEnabled(shown != nullptr && !isLive);
    for (QAction* action : {m_actions->save, m_actions->exportImage, m_actions->exportSpans,
                            m_actions->exportStatistics}) {
        action->setEnabled(hasRecording && !isLive);
    }
    const bool hasTimeScale = hasRecording && m_view != ViewKind::Compare;
    for (QAction* action :
         {m_actions->zoomIn, m_actions->zoomOut, m_actions->fit, m_actions->follow,
          m_actions->clearSelection, m_actions->showAllStates}) {
        action->setEnabled(hasTimeScale);
    }
    for (QAction* action : {m_actions->find, m_actions->findNext, m_actions->findPrevious}) {
        action->setEnabled(hasRecording);
    }
    m_actions->back->setEnabled(hasTimeScale && m_panes->primary().canGoBack());
    m_actions->forward->setEnabled(hasTimeScale && m_panes->primary().canGoForward());
    m_rows->setEnabled(hasRecording && m_view == ViewKind::Gantt);
    m_tabs->setEnabled(hasRecording || (m_view == ViewKind::Compare && !isOnStage()));
    m_runsPanel->setAgainEnabled(shown != nullptr && !isBusy);
    updateRerun();
}

void MainWindow::updateStatus() {
    const RunEntry* running = m_runs.find(m_queue.current());
    m_progress->setVisible(
        m_opener.isBusy() &&
        !m_opener.progress()); // it moves, which costs: not beside a measured run
    if (running != nullptr) {
        const auto waiting =
            std::ranges::count(m_runs.entries(), RunState::Waiting, &RunEntry::state);
        QString text = tr("Running %1: %2").arg(running->setup.description(), stateText(*running));
        if (waiting > 0) {
            text += tr(", %1 more to come").arg(waiting);
        }
        m_statusText->setText(text);
    } else if (m_opener.isBusy()) {
        m_statusText->setText(m_opener.progress() ? QString() : tr("Opening a file"));
    } else {
        m_statusText->setText(m_panes->shown().empty() ? tr("Choose an example, or open a file")
                                                       : QString());
    }
    const RecordingPtr recording = shownRecording();
    if (!recording || !showsRuns()) {
        m_sizeText->clear();
        return;
    }
    QString kernel = QString::fromStdString(recording->info.kernelTruth);
    m_sizeText->setText(
        counted(static_cast<qlonglong>(spanCountOf(*recording)), tr("span"), tr("spans")) +
        QStringLiteral(", ") +
        counted(static_cast<qlonglong>(recording->tasks.size()), tr("task"), tr("tasks")) +
        (kernel.isEmpty() ? QString() : tr("  ·  kernel: %1").arg(kernel)));
}

void MainWindow::applyTheme() {
    const Theme theme = themeOf(m_theme.kind());
    m_panes->setTheme(theme.kind);
    m_compareState.setTheme(theme.kind);
    m_lessons->setTheme(theme);
    m_lessonStage->setTheme(theme);
    m_messages->setTheme(theme);
    m_setup->setTheme(theme);
    m_runsPanel->setTheme(theme);
    m_problems->setIcon(iconNamed(QStringLiteral("warning"), theme.warning));
    m_actions->run->setIcon(iconNamed(QStringLiteral("run"), theme.accent));
    m_actions->stop->setIcon(iconNamed(QStringLiteral("stop"), theme.error));
    m_actions->themes[static_cast<std::size_t>(m_theme.wish())]->setChecked(true);
}

} // namespace interleave::ui
