// SPDX-License-Identifier: GPL-3.0-or-later
// SetupPanel: fields from top to bottom in the order in which one decides.
#include "ui/panels/setup_panel.h"

#include "engine/models/registry.h"
#include "engine/models/run_choice.h"
#include "ui/panels/broker_field.h"
#include "ui/panels/fault_menu.h"
#include "ui/panels/icons.h"
#include "ui/panels/parameter_form.h"

#include <QComboBox>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <thread>

namespace interleave::ui {

namespace {

constexpr int kMostWorkers = 1024;
constexpr int kMostRepeats = 100;

QLabel* textLabel(QWidget* parent, bool isMuted) {
    auto* label = new QLabel(parent);
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    if (isMuted) {
        label->setForegroundRole(QPalette::PlaceholderText);
    }
    return label;
}

QLabel* heading(QWidget* parent, const QString& text, QWidget* buddy) {
    auto* label = new QLabel(text, parent);
    QFont font = label->font();
    font.setBold(true);
    label->setFont(font);
    label->setBuddy(buddy);
    return label;
}

int defaultWorkers(const scenario::Scenario* scenario) {
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    return scenario != nullptr ? scenario->workers.value_or(cores) : cores;
}

} // namespace

QString referenceOf(const scenario::Scenario& scenario) {
    return QString::fromStdString(scenario.file.empty() ? scenario.id : scenario.file.string());
}

QString factsOf(const scenario::Scenario& scenario) {
    int tasks = 0;
    for (const scenario::TaskTemplate& task : scenario.tasks) {
        tasks += static_cast<int>(task.count);
    }
    QStringList facts{counted(tasks, SetupPanel::tr("task"), SetupPanel::tr("tasks"))};
    const auto isSpawned = [](const auto& task) { return task.count == 0 && !task.handles; };
    if (std::ranges::any_of(scenario.tasks, isSpawned)) {
        facts.first() += SetupPanel::tr(" and what it spawns");
    }
    if (!scenario.exchanges.empty()) {
        facts << counted(static_cast<qlonglong>(scenario.exchanges.size()),
                         SetupPanel::tr("exchange"), SetupPanel::tr("exchanges"));
    }
    if (!scenario.messageQueues.empty()) {
        facts << counted(static_cast<qlonglong>(scenario.messageQueues.size()),
                         SetupPanel::tr("message queue"), SetupPanel::tr("message queues"));
    }
    if (!scenario.locks.empty()) {
        facts << counted(static_cast<qlonglong>(scenario.locks.size()), SetupPanel::tr("lock"),
                         SetupPanel::tr("locks"));
    }
    if (!scenario.queues.empty()) {
        facts << counted(static_cast<qlonglong>(scenario.queues.size()), SetupPanel::tr("queue"),
                         SetupPanel::tr("queues"));
    }
    return facts.join(QStringLiteral(" · "));
}

RunSetup underModel(const RunSetup& setup, const QString& model) {
    const models::RunChoice choice =
        models::changed({setup.model.toStdString(), setup.workers, setup.settings},
                        {{"model", model.toStdString()}});
    RunSetup result = setup;
    result.model = model;
    result.settings = choice.settings;
    return result;
}

SetupPanel::SetupPanel(QWidget* parent)
    : QWidget(parent)
    , m_scenario(new QComboBox(this))
    , m_scenarioAbout(textLabel(this, false))
    , m_scenarioFacts(textLabel(this, true))
    , m_model(new QComboBox(this))
    , m_models(*m_model)
    , m_modelAbout(textLabel(this, false))
    , m_kitchen(textLabel(this, true))
    , m_workersLabel(new QLabel(tr("&Workers"), this))
    , m_workers(new QSpinBox(this))
    , m_repeat(new QSpinBox(this))
    , m_broker(new BrokerField(this))
    , m_parameters(new ParameterForm(this))
    , m_buttons(new QWidget(this))
    , m_run(new QPushButton(iconNamed(QStringLiteral("run")), tr("Run"), m_buttons))
    , m_stop(new QPushButton(iconNamed(QStringLiteral("stop")), tr("Stop"), m_buttons))
    , m_runAll(new QPushButton(tr("All models"), m_buttons))
    , m_faults(new FaultMenu(m_buttons)) {
    build();
    connect(m_scenario, &QComboBox::currentIndexChanged, this, &SetupPanel::showScenario);
    connect(m_model, &QComboBox::currentIndexChanged, this, &SetupPanel::showModel);
    connect(m_model, &QComboBox::activated, this, [this] { m_models.chosen(); });
    connect(m_workers, &QSpinBox::valueChanged, this, &SetupPanel::setupChanged);
    connect(m_parameters, &ParameterForm::changed, this, [this] {
        updateButtons();
        Q_EMIT setupChanged();
    });
    connect(m_broker, &BrokerField::changed, this, [this] {
        updateButtons();
        Q_EMIT setupChanged();
    });
    connect(m_faults, &FaultMenu::faultRequested, this, &SetupPanel::faultRequested);
    connect(m_run, &QPushButton::clicked, this, &SetupPanel::runRequested);
    connect(m_stop, &QPushButton::clicked, this, &SetupPanel::stopRequested);
    connect(m_runAll, &QPushButton::clicked, this, &SetupPanel::runAllRequested);
    showModel();
    showScenario();
}

void SetupPanel::build() {
    m_scenario->setObjectName(QStringLiteral("scenario"));
    m_model->setObjectName(QStringLiteral("model"));
    m_run->setObjectName(QStringLiteral("run"));
    m_stop->setObjectName(QStringLiteral("stop"));
    m_runAll->setObjectName(QStringLiteral("runAll"));
    m_workers->setObjectName(QStringLiteral("workers"));
    for (QComboBox* box : {m_scenario, m_model}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(8);
        box->setMaxVisibleItems(20);
    }
    m_workers->setRange(1, kMostWorkers);
    m_workersLabel->setBuddy(m_workers);
    m_repeat->setObjectName(QStringLiteral("repeat"));
    m_repeat->setRange(1, kMostRepeats);
    m_repeat->setSuffix(tr(" ×"));
    m_repeat->setToolTip(tr("How often each model is run: no run is like the other, and the "
                            "comparison shows how far they lie apart"));
    auto* open = new QToolButton(this);
    open->setIcon(iconNamed(QStringLiteral("open")));
    open->setToolTip(tr("Open a scenario file"));
    open->setAccessibleName(tr("Open a scenario file"));
    connect(open, &QToolButton::clicked, this, &SetupPanel::openScenarioRequested);

    auto* scenarioRow = new QHBoxLayout;
    scenarioRow->setSpacing(4);
    scenarioRow->addWidget(m_scenario, 1);
    scenarioRow->addWidget(open);
    auto* workersForm = new QFormLayout;
    workersForm->setContentsMargins(0, 0, 0, 0);
    workersForm->addRow(m_workersLabel, m_workers);
    workersForm->addRow(tr("Re&peat"), m_repeat);
    auto* buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(10, 4, 10, 6);
    buttons->setSpacing(6);
    buttons->addWidget(m_run, 1);
    buttons->addWidget(m_runAll);
    buttons->addWidget(m_faults);
    buttons->addWidget(m_stop);
    m_faults->hide();
    for (QPushButton* each :
         std::initializer_list<QPushButton*>{m_run, m_runAll, m_faults, m_stop}) {
        each->setMinimumWidth(0);
        each->setSizePolicy(QSizePolicy::Minimum, QSizePolicy::Fixed);
    }
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 8, 10, 8);
    column->setSpacing(4);
    column->addWidget(heading(this, tr("S&cenario"), m_scenario));
    column->addLayout(scenarioRow);
    column->addWidget(m_scenarioAbout);
    column->addWidget(m_scenarioFacts);
    column->addSpacing(8);
    column->addWidget(heading(this, tr("&Model"), m_model));
    column->addWidget(m_model);
    column->addWidget(m_modelAbout);
    column->addWidget(m_kitchen);
    column->addSpacing(4);
    column->addLayout(workersForm);
    column->addWidget(m_broker);
    column->addWidget(m_parameters);
    column->addStretch(1);
}

void SetupPanel::addScenarios(const std::vector<scenario::Scenario>& scenarios) {
    for (const scenario::Scenario& scenario : scenarios) {
        addScenario(scenario);
    }
}

void SetupPanel::addScenario(const scenario::Scenario& scenario) {
    const QString reference = referenceOf(scenario);
    const auto known = std::ranges::find(m_scenarios, reference, referenceOf);
    if (known != m_scenarios.end()) {
        *known = scenario;
        const int row = static_cast<int>(known - m_scenarios.begin());
        m_scenario->setItemText(row, QString::fromStdString(scenario.name));
        if (row == m_scenario->currentIndex()) {
            showScenario();
        }
        return;
    }
    m_scenarios.push_back(scenario);
    m_scenario->addItem(QString::fromStdString(scenario.name), reference);
    Q_EMIT scenariosChanged();
}

/// By file, id or name; -1 where there is none such.
int SetupPanel::rowOf(const QString& reference) const {
    for (std::size_t i = 0; i < m_scenarios.size(); ++i) {
        if (referenceOf(m_scenarios[i]) == reference ||
            QString::fromStdString(m_scenarios[i].id) == reference ||
            QString::fromStdString(m_scenarios[i].name) == reference) {
            return static_cast<int>(i);
        }
    }
    return -1;
}

void SetupPanel::selectScenario(const QString& reference) {
    if (const int row = rowOf(reference); row >= 0) {
        m_scenario->setCurrentIndex(row);
    }
}

void SetupPanel::selectModel(const QString& id) {
    if (const int row = m_model->findData(id); row >= 0) {
        m_models.select(row);
    }
}

void SetupPanel::setWorkers(int workers) {
    m_workers->setValue(workers);
}

void SetupPanel::setSetup(const RunSetup& setup) {
    selectScenario(setup.scenario.isEmpty() ? setup.scenarioName : setup.scenario);
    selectModel(setup.model);
    if (setup.workers) {
        setWorkers(*setup.workers);
    }
    if (const models::ModelInfo* info = currentModel()) {
        m_parameters->setModel(*info);
    }
    m_parameters->setSettings(setup.settings);
    if (!setup.broker.isEmpty()) {
        m_broker->setAddress(setup.broker);
    }
}

const scenario::Scenario* SetupPanel::currentScenario() const {
    const auto row = static_cast<std::size_t>(m_scenario->currentIndex());
    return m_scenario->currentIndex() >= 0 && row < m_scenarios.size() ? &m_scenarios[row]
                                                                       : nullptr;
}

const models::ModelInfo* SetupPanel::currentModel() const {
    const auto row = static_cast<std::size_t>(m_model->currentIndex());
    const auto& all = models::allModels();
    return m_model->currentIndex() >= 0 && row < all.size() ? &all[row]->info() : nullptr;
}

void SetupPanel::showScenario() {
    const scenario::Scenario* scenario = currentScenario();
    m_scenarioAbout->setText(scenario ? QString::fromStdString(scenario->about) : QString());
    m_scenarioFacts->setText(scenario ? factsOf(*scenario) : tr("No scenario is there yet."));
    m_workers->setValue(defaultWorkers(scenario));
    if (scenario != nullptr) {
        m_models.offerFor(*scenario);
    }
    updateButtons();
    Q_EMIT setupChanged();
}

void SetupPanel::showModel() {
    if (const models::ModelInfo* info = currentModel()) {
        m_modelAbout->setText(QString::fromStdString(info->about));
        m_kitchen->setText(tr("In the kitchen: %1").arg(QString::fromStdString(info->kitchen)));
        m_kitchen->setVisible(!info->kitchen.empty());
        m_workers->setEnabled(info->usesWorkers);
        m_workers->setToolTip(info->usesWorkers ? tr("Threads or processes that execute tasks")
                                                : tr("This model has one worker only"));
        m_workersLabel->setEnabled(info->usesWorkers);
        m_broker->setVisible(info->usesBroker);
        m_broker->setNeed(QString::fromStdString(info->brokerScheme));
        m_parameters->setModel(*info);
    }
    updateButtons();
    Q_EMIT setupChanged();
}

RunSetup SetupPanel::setup() const {
    RunSetup result;
    if (const scenario::Scenario* scenario = currentScenario()) {
        result.scenario = referenceOf(*scenario);
        result.scenarioName = QString::fromStdString(scenario->name);
    }
    if (const models::ModelInfo* info = currentModel()) {
        result.model = QString::fromStdString(info->id);
        if (info->usesWorkers) {
            result.workers = m_workers->value();
        }
        if (info->usesBroker) {
            result.broker = m_broker->address();
            result.brokerPassword = m_broker->password();
        }
    }
    result.settings = m_parameters->settings();
    return result;
}

EveryModel SetupPanel::setupForEveryModel() const {
    const RunSetup chosen = setup();
    EveryModel result;
    for (const auto& model : models::allModels()) {
        const QString id = QString::fromStdString(model->info().id);
        if (const QString& refusal = m_models.refusal(m_model->findData(id)); !refusal.isEmpty()) {
            result.leftOut.add(id, refusal);
            continue;
        }
        const QString need = QString::fromStdString(model->info().brokerScheme);
        const BrokerField::Broker broker =
            model->info().usesBroker ? m_broker->brokerFor(need) : BrokerField::Broker{};
        const QString error = BrokerField::errorOf(need, broker.address);
        if (model->info().usesBroker && !error.isEmpty()) {
            result.leftOut.add(id, error);
            continue;
        }
        RunSetup each = id == chosen.model ? chosen : underModel(chosen, id);
        each.workers = model->info().usesWorkers ? std::optional(m_workers->value()) : std::nullopt;
        each.broker = broker.address;
        each.brokerPassword = broker.password;
        result.setups.push_back(std::move(each));
    }
    return result;
}

int SetupPanel::repeat() const {
    return m_repeat->value();
}

bool SetupPanel::canRun() const {
    return currentScenario() != nullptr && currentModel() != nullptr && m_parameters->isValid() &&
           (!currentModel()->usesBroker || m_broker->isValid());
}

void SetupPanel::setBusy(bool isBusy) {
    m_isBusy = isBusy;
    updateButtons();
}

/// The window says it once a run begins; a fault is of no use to a model that makes none.
void SetupPanel::setRunning(const std::optional<RunSetup>& setup) {
    const auto model = setup ? models::findModel(setup->model.toStdString())
                             : Result<const models::Model*>(nullptr);
    const bool canFail = model && *model != nullptr && (*model)->info().makesFaults;
    m_faults->setVisible(canFail);
    m_runAll->setVisible(!canFail); // in its place: it can't be used meanwhile
    if (canFail) {
        m_faults->setWorkers(setup->workers.value_or(m_workers->value()));
    }
}

void SetupPanel::updateButtons() {
    m_run->setEnabled(canRun() && !m_isBusy);
    m_runAll->setEnabled(canRun() && !m_isBusy);
    m_stop->setEnabled(m_isBusy);
    m_run->setToolTip(!m_parameters->isValid() ? m_parameters->errorText()
                      : !canRun() && currentModel() != nullptr && !m_broker->isValid()
                          ? m_broker->errorText()
                          : tr("Run (F5)"));
    m_runAll->setToolTip(tr("Run under every model, one after another (Ctrl+F5)"));
    m_stop->setToolTip(tr("Stop (Shift+F5)"));
}

void SetupPanel::setTheme(const Theme& theme) {
    m_parameters->setErrorColour(theme.error);
    m_broker->setErrorColour(theme.error);
    m_run->setIcon(iconNamed(QStringLiteral("run"), theme.accent));
    m_stop->setIcon(iconNamed(QStringLiteral("stop"), theme.error));
}

void SetupPanel::focusFirst() {
    m_scenario->setFocus(Qt::ShortcutFocusReason);
}

} // namespace interleave::ui
