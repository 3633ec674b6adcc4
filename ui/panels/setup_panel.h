// SPDX-License-Identifier: GPL-3.0-or-later
// SetupPanel: what shall run: a scenario, a model, workers, parameters. It collects a RunSetup and
// asks for it to be run; it runs nothing itself.
#pragma once

#include "engine/models/model.h"
#include "engine/scenario/scenario.h"
#include "ui/panels/model_choice.h"
#include "ui/session/left_out.h"
#include "ui/session/run_setup.h"
#include "ui/theme/theme.h"

#include <QWidget>

#include <optional>
#include <vector>

class QComboBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace interleave::ui {

class BrokerField;
class FaultMenu;
class ParameterForm;

/// A scenario under every model that can run it, and why others are not among them.
struct EveryModel {
    std::vector<RunSetup> setups;
    LeftOut leftOut;
};

class SetupPanel : public QWidget {
    Q_OBJECT

public:
    explicit SetupPanel(QWidget* parent = nullptr);

    /// The choices. A scenario that is there already (the same file) is replaced.
    void addScenarios(const std::vector<scenario::Scenario>& scenarios);
    void addScenario(const scenario::Scenario& scenario);
    /// By file, id or name; does nothing where there is none such.
    void selectScenario(const QString& reference);
    bool hasScenario(const QString& reference) const { return rowOf(reference) >= 0; }
    void selectModel(const QString& id);
    void setWorkers(int workers);
    /// Shows the set-up of an earlier run.
    void setSetup(const RunSetup& setup);

    RunSetup setup() const;
    /// The chosen scenario under every model, each with its own default parameters.
    EveryModel setupForEveryModel() const;
    /// How often each is to be run.
    int repeat() const;
    bool canRun() const;
    /// Run, all models, stop: placed by the window where they are always in sight.
    QWidget* buttons() const { return m_buttons; }
    void setBusy(bool isBusy);
    /// What runs now, for what can be done to it; none: nothing.
    void setRunning(const std::optional<RunSetup>& setup);
    void setTheme(const Theme& theme);
    void focusFirst();

Q_SIGNALS:
    void runRequested();
    void runAllRequested();
    void stopRequested();
    void openScenarioRequested();
    /// For the run that goes on: "kill-worker:2".
    void faultRequested(const QString& line);
    void setupChanged();
    /// One has come to the choice.
    void scenariosChanged();

private:
    void build();
    int rowOf(const QString& reference) const;
    void showScenario();
    void showModel();
    void updateButtons();
    const scenario::Scenario* currentScenario() const;
    const models::ModelInfo* currentModel() const;

    std::vector<scenario::Scenario> m_scenarios;
    QComboBox* m_scenario;
    QLabel* m_scenarioAbout;
    QLabel* m_scenarioFacts;
    QComboBox* m_model;
    ModelChoice m_models;
    QLabel* m_modelAbout;
    QLabel* m_kitchen;
    QLabel* m_workersLabel;
    QSpinBox* m_workers;
    QSpinBox* m_repeat;
    BrokerField* m_broker;
    ParameterForm* m_parameters;
    QWidget* m_buttons;
    QPushButton* m_run;
    QPushButton* m_stop;
    QPushButton* m_runAll;
    FaultMenu* m_faults;
    bool m_isBusy = false;
};

/// The name under which the command line finds the scenario.
QString referenceOf(const scenario::Scenario& scenario);
/// "80 tasks, 1 lock"
QString factsOf(const scenario::Scenario& scenario);
/// The setup under another model: same scenario and workers, without parameters that it lacks.
RunSetup underModel(const RunSetup& setup, const QString& model);

} // namespace interleave::ui
