// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's runs: starting, showing, stacking and removing them, and what follows when one grows
// or ends.
#include "ui/window/main_window.h"

#include "ui/lessons/lesson_panel.h"
#include "ui/panels/details_panel.h"
#include "ui/panels/gallery_panel.h"
#include "ui/panels/legend_panel.h"
#include "ui/panels/message_strip.h"
#include "ui/panels/runs_panel.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/attach_dialog.h"
#include "ui/window/batch_bar.h"
#include "ui/window/pane_stack.h"
#include "ui/window/record_dialog.h"
#include "ui/window/window_actions.h"

#include <algorithm>
#include <utility>

namespace interleave::ui {

namespace {

constexpr int kPanelsDelayMs = 200; // numbers that change faster can't be read

} // namespace

void MainWindow::connectRunActions() {
    connect(m_actions->run, &QAction::triggered, this, &MainWindow::run);
    connect(m_actions->runAll, &QAction::triggered, this, &MainWindow::runAll);
    connect(m_actions->stop, &QAction::triggered, &m_queue, &RunQueue::stopAll);
    connect(m_batch, &BatchBar::cancelRequested, &m_queue, &RunQueue::stopAll);
    connect(m_actions->unstack, &QAction::triggered, this,
            [this] { show(m_panes->primaryPane().runId()); });
    connect(m_actions->removeRun, &QAction::triggered, this,
            [this] { remove(m_panes->activePane().runId()); });
    connect(m_setup, &SetupPanel::runRequested, this, &MainWindow::run);
    connect(m_setup, &SetupPanel::runAllRequested, this, &MainWindow::runAll);
    connect(m_setup, &SetupPanel::stopRequested, &m_queue, &RunQueue::stopAll);
    connect(m_setup, &SetupPanel::faultRequested, this, [this](const QString& line) {
        if (const auto sent = m_queue.sendFault(line); !sent) {
            m_messages->show(MessageKind::Error, QString::fromStdString(sent.error().message));
        }
    });
    connect(m_setup, &SetupPanel::openScenarioRequested, this, &MainWindow::chooseScenario);
    connect(m_setup, &SetupPanel::setupChanged, this, [this] {
        updateModelTitle();
        updateActions();
    });
    connect(m_gallery, &GalleryPanel::exampleClicked, this, &MainWindow::runExample);
    connect(m_gallery, &GalleryPanel::programClicked, this,
            [this](const QString& file, const QString& title) {
                ProgramSetup program;
                program.command = {QStringLiteral("python3"), file};
                record(setupFor(program, title));
            });
    connect(m_gallery, &GalleryPanel::recordRequested, this, &MainWindow::chooseProgram);
    connect(m_actions->record, &QAction::triggered, this, &MainWindow::chooseProgram);
    connect(m_actions->attach, &QAction::triggered, this, &MainWindow::chooseCluster);
    connect(m_gallery, &GalleryPanel::openRequested, this, &MainWindow::chooseFiles);
    connect(m_runsPanel, &RunsPanel::showRequested, this, &MainWindow::show);
    connect(m_runsPanel, &RunsPanel::stackRequested, this, &MainWindow::stack);
    connect(m_runsPanel, &RunsPanel::removeRequested, this, &MainWindow::remove);
    connect(m_runsPanel, &RunsPanel::againRequested, this, &MainWindow::runAgain);
    connect(m_runsPanel, &RunsPanel::recordAgainRequested, this, &MainWindow::recordAgain);
}

void MainWindow::connectRuns() {
    connect(&m_queue, &RunQueue::runStarted, this, [this](RunId id) {
        show(id);
        if (const RunEntry* entry = m_runs.find(id)) {
            m_setup->setRunning(entry->setup);
            m_batch->showRun(id, entry->setup.model);
        }
        updateStatus();
    });
    connect(&m_queue, &RunQueue::runEnded, this, &MainWindow::onRunEnded);
    connect(&m_queue, &RunQueue::busyChanged, this, [this](bool isBusy) {
        m_setup->setBusy(isBusy);
        if (!isBusy) {
            m_setup->setRunning(std::nullopt);
        }
        if (!isBusy && m_comparesAtEnd) {
            m_comparesAtEnd = false;
            m_batch->end();
            if (!m_leftOut.isEmpty()) {
                m_messages->show(MessageKind::Note, std::exchange(m_leftOut, {}).text());
            }
            setView(ViewKind::Compare);
        }
        updateActions();
        updateStatus();
    });
    connect(&m_runs, &RunListItemModel::recordingChanged, this, &MainWindow::onRecordingChanged);
    connect(&m_runs, &RunListItemModel::stateChanged, this, [this](RunId id) {
        if (const RunEntry* entry = m_runs.find(id)) {
            m_panes->update(*entry);
        }
    });
    connect(m_panes, &PaneStack::shownChanged, this, &MainWindow::onShownChanged);
    m_panelsTimer.setSingleShot(true);
    m_panelsTimer.setInterval(kPanelsDelayMs);
    connect(&m_panelsTimer, &QTimer::timeout, this, [this] {
        m_legend->refresh();
        updatePanels();
        updateActions();
        updateStatus();
    });
    connect(m_panes, &PaneStack::selectionMoved, m_details, &DetailsPanel::setViewState);
}

void MainWindow::run() {
    if (isLearning()) {
        m_lessons->page().run();
        return;
    }
    if (m_setup->canRun() && !m_queue.isBusy()) {
        m_messages->dismissAll();
        enqueue({m_setup->setup()}, m_setup->repeat());
    }
}

void MainWindow::runAll() {
    if (!m_setup->canRun() || m_queue.isBusy() || isLearning()) {
        return;
    }
    m_messages->dismissAll();
    const EveryModel every = m_setup->setupForEveryModel();
    if (!every.leftOut.isEmpty()) {
        m_messages->show(MessageKind::Note, every.leftOut.text());
    }
    enqueue(every.setups, m_setup->repeat());
}

/// In rounds, so that a machine that grows busier meanwhile does so for all models alike.
void MainWindow::enqueue(const std::vector<RunSetup>& setups, int rounds) {
    std::vector<RunId> ids;
    for (int round = 0; round < rounds; ++round) {
        for (const RunSetup& setup : setups) {
            ids.push_back(m_queue.enqueue(setup));
        }
    }
    if (ids.size() > 1) {
        m_comparesAtEnd = true;
        const QString model = setups.front().model;
        m_batch->begin(ids, static_cast<int>(setups.size()));
        m_batch->showRun(ids.front(), model);
    }
}

/// Of several models one whose parts are not there is no mistake: it and its other runs go, and a
/// sentence says so at the end.
bool MainWindow::leaveOut(const RunEntry& entry) {
    if (!m_batch->contains(entry.id) || !entry.lacksPart) {
        return false;
    }
    const QString model = entry.setup.model;
    m_leftOut.add(model, entry.message);
    std::vector<RunId> gone{entry.id};
    for (const RunEntry& other : m_runs.entries()) {
        if (other.state == RunState::Waiting && other.setup.model == model) {
            gone.push_back(other.id);
        }
    }
    for (const RunId id : gone) {
        remove(id);
    }
    return true;
}

void MainWindow::runExample(const QString& scenario) {
    m_setup->selectScenario(scenario);
    run();
}

void MainWindow::record(const RunSetup& setup) {
    if (!m_queue.isBusy()) {
        m_messages->dismissAll();
        m_queue.enqueue(setup);
    }
}

void MainWindow::chooseProgram() {
    RecordDialog dialog(this);
    if (dialog.exec() == QDialog::Accepted) {
        record(setupFor(dialog.setup()));
    }
}

void MainWindow::chooseCluster() {
    AttachDialog dialog(this);
    if (dialog.exec() == QDialog::Accepted) {
        record(setupFor(dialog.setup()));
    }
}

void MainWindow::recordAgain() {
    const RunEntry* entry = m_runs.find(m_panes->activePane().runId());
    if (entry != nullptr && (entry->setup.program || entry->setup.cluster)) {
        record(entry->setup);
    }
}

/// As the set-up panel has it, for the reader to see what is run; none, with the reason in the
/// strip, where its scenario is not known here: a recording keeps only the name.
std::optional<RunSetup> MainWindow::askedAgain(const RunSetup& setup) {
    m_setup->setSetup(setup);
    RunSetup asked = m_setup->setup();
    if (setup.scenario.isEmpty() && asked.scenarioName != setup.scenarioName) {
        m_messages->show(MessageKind::Error,
                         tr("The scenario “%1” of this recording isn't known here; open its "
                            "file to run it again.")
                             .arg(setup.scenarioName));
        return std::nullopt;
    }
    m_messages->dismissAll();
    return asked;
}

void MainWindow::runAgain(const QString& model) {
    const RunEntry* entry = m_runs.find(m_panes->activePane().runId());
    if (entry == nullptr || m_queue.isBusy()) {
        return;
    }
    if (const auto asked = askedAgain(underModel(entry->setup, model))) {
        m_queue.enqueue(*asked);
    }
}

void MainWindow::show(RunId id) {
    const RunEntry* entry = m_runs.find(id);
    if (entry == nullptr) {
        return;
    }
    m_panes->showOnly(*entry);
    if (m_view == ViewKind::Compare) {
        setView(ViewKind::Gantt);
    }
}

void MainWindow::stack(RunId id) {
    const RunEntry* entry = m_runs.find(id);
    if (entry == nullptr) {
        return;
    }
    m_panes->toggleStacked(*entry);
    if (m_view == ViewKind::Compare) {
        setView(ViewKind::Gantt);
    }
}

void MainWindow::remove(RunId id) {
    const RunEntry* entry = m_runs.find(id);
    if (entry == nullptr || entry->state == RunState::Running) {
        return;
    }
    const auto shown = m_panes->shown();
    const bool wasShown = std::ranges::find(shown, id) != shown.end();
    if (wasShown && shown.size() > 1) {
        m_panes->unstack(id);
    }
    m_runs.remove(id);
    if (wasShown && shown.size() == 1) {
        const RunId other = m_runs.idAt(m_runs.rowCount() - 1);
        other.isNone() ? m_panes->clear() : show(other);
    }
    updateCompare();
}

void MainWindow::onRunEnded(RunId id) {
    const RunEntry* entry = m_runs.find(id);
    if (entry == nullptr || leaveOut(*entry)) {
        return;
    }
    if (!entry->message.isEmpty()) {
        const bool isFailure = entry->state == RunState::Failed;
        const QString who =
            isFailure ? tr("%1: %2").arg(entry->setup.model, entry->message) : entry->message;
        m_messages->show(isFailure ? MessageKind::Error : MessageKind::Note, who);
    }
    if (entry->recording) {
        for (const recording::Diagnostic& diagnostic : entry->recording->diagnostics) {
            if (diagnostic.kind == "deadlock") {
                m_messages->show(MessageKind::Warning,
                                 tr("Deadlock, the run was ended: %1.")
                                     .arg(QString::fromStdString(diagnostic.message)));
            }
        }
    }
    m_panes->update(*entry);
    updateCompare();
    updatePanels();
    updateStatus();
}

void MainWindow::onRecordingChanged(RunId id) {
    const RunEntry* entry = m_runs.find(id);
    const auto shown = m_panes->shown();
    if (entry == nullptr || std::ranges::find(shown, id) == shown.end()) {
        return;
    }
    m_panes->update(*entry);
    chooseRows();
    if (!m_panelsTimer.isActive()) {
        m_panelsTimer.start();
    }
}

/// Those of the scenario that is looked at: others can't be compared with it.
std::vector<RunId> MainWindow::comparableRuns() const {
    const RecordingPtr shown = shownRecording();
    std::vector<RunId> runs;
    for (const RunEntry& entry : m_runs.entries()) {
        if (entry.recording && !entry.recording->isLive &&
            (!shown || entry.recording->info.scenario == shown->info.scenario)) {
            runs.push_back(entry.id);
        }
    }
    return runs;
}

std::vector<RecordingPtr> MainWindow::comparableRecordings() const {
    std::vector<RecordingPtr> recordings;
    for (const RunId id : comparableRuns()) {
        recordings.push_back(m_runs.find(id)->recording);
    }
    return recordings;
}

void MainWindow::updateCompare() {
    if (m_compare.widget != nullptr) {
        m_compare.setRecordings(comparableRecordings());
    }
}

} // namespace interleave::ui
