// SPDX-License-Identifier: GPL-3.0-or-later
// MainWindow's findings and recommendation: what proves them is shown in the timeline, what they
// advise is run and put beside the recording.
#include "ui/window/main_window.h"

#include "engine/models/registry.h"
#include "ui/findings/findings_panel.h"
#include "ui/findings/recommendation_panel.h"
#include "ui/panels/setup_panel.h"
#include "ui/window/pane_stack.h"
#include "ui/window/window_actions.h"

#include <QComboBox>
#include <QDockWidget>
#include <QTabWidget>

namespace interleave::ui {

namespace {

/// The same work with another model, workers or parameters.
RunSetup withChoice(RunSetup setup, const models::RunChoice& choice) {
    setup.model = QString::fromStdString(choice.model);
    setup.workers = choice.workers;
    setup.settings = choice.settings;
    return setup;
}

models::RunChoice choiceOf(const RunSetup& setup) {
    return models::changed({setup.model.toStdString(), setup.workers, setup.settings}, {});
}

} // namespace

void MainWindow::connectFindings() {
    const auto lookAtFirst = [this] { // of stacked runs the one on top
        m_findings->setViewState(&m_panes->primary());
        m_recommendation->setViewState(&m_panes->primary());
    };
    lookAtFirst();
    connect(m_panes, &PaneStack::shownChanged, this, lookAtFirst);
    connect(m_findings, &FindingsPanel::proofShown, this, &MainWindow::followProof);
    connect(m_findings, &FindingsPanel::tryWanted, this, &MainWindow::tryCure);
    connect(m_recommendation, &RecommendationPanel::proofWanted, this,
            &MainWindow::proveRecommendation);
    const auto open = [this](QWidget* panel) {
        m_detailsDock->show();
        m_wantsDetails = true;
        m_bottom->setCurrentWidget(panel);
        panel->setFocus(Qt::ShortcutFocusReason);
    };
    connect(m_actions->findings, &QAction::triggered, this, [this, open] { open(m_findings); });
    connect(m_actions->recommendation, &QAction::triggered, this,
            [this, open] { open(m_recommendation); });
    connect(m_setup, &SetupPanel::scenariosChanged, this, &MainWindow::updateRerun);
}

/// What proves a finding are spans: a view that has none gives way to the Gantt.
void MainWindow::followProof() {
    m_rows->setCurrentIndex(static_cast<int>(m_panes->primary().grouping()));
    if (m_view != ViewKind::Gantt && m_view != ViewKind::Utilisation &&
        m_view != ViewKind::Contention) {
        setView(ViewKind::Gantt);
    }
}

void MainWindow::updateRerun() {
    Rerun rerun;
    rerun.isBusy = m_queue.isBusy();
    const RunEntry* entry = m_runs.find(m_panes->primaryPane().runId());
    if (entry == nullptr) {
        rerun.refusal = tr("Nothing is shown yet.");
    } else if (!models::findModel(entry->setup.model.toStdString())) {
        rerun.refusal = tr("To try it, change the program and record it again.");
    } else if (!m_setup->hasScenario(entry->setup.scenario.isEmpty() ? entry->setup.scenarioName
                                                                     : entry->setup.scenario)) {
        rerun.refusal = tr("The scenario “%1” isn't known here; open its file to try this.")
                            .arg(entry->setup.scenarioName);
    } else {
        rerun.choice = choiceOf(entry->setup);
    }
    m_findings->setRerun(rerun);
    m_recommendation->setRerun(rerun);
}

void MainWindow::tryCure(const models::Changes& changes) {
    const RunEntry* entry = m_runs.find(m_panes->primaryPane().runId());
    if (entry == nullptr || m_queue.isBusy()) {
        return;
    }
    const models::RunChoice cured = models::changed(choiceOf(entry->setup), changes);
    if (const auto asked = askedAgain(withChoice(entry->setup, cured))) {
        m_comparesAtEnd = true;
        m_queue.enqueue(*asked);
    }
}

/// In turn, so that what disturbs the machine disturbs both alike.
void MainWindow::proveRecommendation(const std::vector<models::RunChoice>& choices, int repeat) {
    const RunEntry* entry = m_runs.find(m_panes->primaryPane().runId());
    if (entry == nullptr || m_queue.isBusy()) {
        return;
    }
    const RunSetup setup = entry->setup; // the list grows
    std::vector<RunSetup> asked;
    for (const models::RunChoice& choice : choices) {
        if (const auto one = askedAgain(withChoice(setup, choice))) {
            asked.push_back(*one);
        }
    }
    for (int i = 0; i < repeat && asked.size() == choices.size(); ++i) {
        for (const RunSetup& one : asked) {
            m_comparesAtEnd = true;
            m_queue.enqueue(one);
        }
    }
}

} // namespace interleave::ui
