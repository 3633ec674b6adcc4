// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/setup_panel.h"

#include "engine/models/registry.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <algorithm>
#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

scenario::Scenario scenarioNamed(const std::string& id, std::optional<int> workers) {
    scenario::Scenario scenario;
    scenario.id = id;
    scenario.name = id + " name";
    scenario.workers = workers;
    scenario::TaskTemplate task;
    task.name = "dish";
    task.count = 10;
    scenario.tasks.push_back(task);
    return scenario;
}

QPushButton* button(const SetupPanel& panel, const char* name) {
    return panel.findChild<QPushButton*>(QString::fromLatin1(name));
}

TEST(SetupPanel, CollectsScenarioModelAndWorkers) {
    SetupPanel panel;
    panel.addScenarios({scenarioNamed("mixed", 7), scenarioNamed("uneven", {})});
    panel.selectModel(QStringLiteral("threads"));
    const RunSetup setup = panel.setup();
    EXPECT_EQ(setup.scenario, QStringLiteral("mixed"));
    EXPECT_EQ(setup.scenarioName, QStringLiteral("mixed name"));
    EXPECT_EQ(setup.model, QStringLiteral("threads"));
    EXPECT_EQ(setup.workers, 7);
}

TEST(SetupPanel, AsksForNoWorkersWhereTheModelHasNone) {
    SetupPanel panel;
    panel.addScenario(scenarioNamed("mixed", 7));
    panel.selectModel(QStringLiteral("sequential"));
    EXPECT_EQ(panel.setup().workers, std::nullopt);
    EXPECT_FALSE(panel.findChild<QSpinBox*>(QStringLiteral("workers"))->isEnabled());
}

TEST(SetupPanel, OffersModelsThatCanRunTheScenario) {
    const auto publishing = scenario::parseScenario(R"(
        [[message_queue]]
        name = "q"
        [[task]]
        name = "t"
        steps = [{ compute = "1 ms" }, { publish = "", key = "q" }])",
                                                    "publishing.toml");
    ASSERT_TRUE(publishing);
    const auto crashing = scenario::parseScenario(
        "[[task]]\nname = \"t\"\nsteps = [{ crash = 0.5 }]\n", "crashing.toml");
    ASSERT_TRUE(crashing);
    SetupPanel panel;
    panel.addScenarios({scenarioNamed("plain", 2), *crashing, *publishing});
    panel.selectModel(QStringLiteral("threads"));
    auto* box = panel.findChild<QComboBox*>(QStringLiteral("model"));
    const auto isEnabled = [&](const char* id) {
        const QModelIndex index = box->model()->index(box->findData(QString::fromLatin1(id)), 0);
        return (box->model()->flags(index) & Qt::ItemIsEnabled) != 0;
    };
    EXPECT_TRUE(isEnabled("threads"));

    panel.selectScenario(QStringLiteral("crashing"));
    EXPECT_FALSE(isEnabled("threads"));
    EXPECT_TRUE(isEnabled("processes"));
    EXPECT_EQ(panel.setup().model, QStringLiteral("processes"));
    EXPECT_TRUE(box->itemData(box->findData(QStringLiteral("threads")), Qt::ToolTipRole)
                    .toString()
                    .contains(QStringLiteral("crash step")));
    for (const RunSetup& setup : panel.setupForEveryModel().setups) {
        EXPECT_TRUE(isEnabled(setup.model.toLatin1().constData())) << setup.model.toStdString();
    }

    panel.selectScenario(QStringLiteral("publishing"));
    EXPECT_FALSE(isEnabled("processes"));
    panel.selectScenario(QStringLiteral("plain"));
    EXPECT_EQ(panel.setup().model, QStringLiteral("threads")) << "what was chosen comes back";
}

TEST(SetupPanel, CanNotRunWithoutAScenario) {
    SetupPanel panel;
    EXPECT_FALSE(panel.canRun());
    EXPECT_FALSE(button(panel, "run")->isEnabled());
    panel.addScenario(scenarioNamed("mixed", 2));
    EXPECT_TRUE(button(panel, "run")->isEnabled());
}

TEST(SetupPanel, CanNotRunWithAWrongParameter) {
    SetupPanel panel;
    panel.addScenario(scenarioNamed("mixed", 2));
    panel.selectModel(QStringLiteral("gil-threads"));
    panel.findChild<QLineEdit*>(QStringLiteral("switch_interval"))->setText("soon");
    EXPECT_FALSE(button(panel, "run")->isEnabled());
}

TEST(SetupPanel, OffersStopOnlyWhileSomethingRuns) {
    SetupPanel panel;
    panel.addScenario(scenarioNamed("mixed", 2));
    QSignalSpy stops(&panel, &SetupPanel::stopRequested);
    EXPECT_FALSE(button(panel, "stop")->isEnabled());
    panel.setBusy(true);
    EXPECT_FALSE(button(panel, "run")->isEnabled());
    button(panel, "stop")->click();
    EXPECT_EQ(stops.count(), 1);
}

TEST(SetupPanel, EveryModelGetsOnlyItsOwnParameters) {
    SetupPanel panel;
    panel.addScenario(scenarioNamed("mixed", 2));
    panel.selectModel(QStringLiteral("gil-threads"));
    panel.findChild<QLineEdit*>(QStringLiteral("switch_interval"))->setText("1 ms");
    const auto setups = panel.setupForEveryModel().setups;
    const auto needsARealBroker = [](const auto& model) {
        return !model->info().brokerScheme.empty(); // and none was named
    };
    ASSERT_EQ(setups.size() + static_cast<std::size_t>(
                                  std::ranges::count_if(models::allModels(), needsARealBroker)),
              models::allModels().size());
    for (const RunSetup& setup : setups) {
        const std::string id = setup.model.toStdString();
        const auto model = models::findModel(id);
        ASSERT_TRUE(model) << id;
        const std::vector<models::ParameterInfo>& its = (*model)->info().parameters;
        const auto found = std::ranges::find(its, "switch_interval", &models::ParameterInfo::key);
        EXPECT_EQ(setup.settings.empty(), found == its.end()) << id;
    }
}

TEST(SetupPanel, AScenarioReadAgainTakesThePlaceOfTheOld) {
    SetupPanel panel;
    panel.selectModel(QStringLiteral("threads"));
    panel.addScenario(scenarioNamed("mixed", 2));
    panel.addScenario(scenarioNamed("mixed", 9));
    EXPECT_EQ(panel.setup().workers, 9);
    panel.selectScenario(QStringLiteral("nothing of that name"));
    EXPECT_EQ(panel.setup().scenario, QStringLiteral("mixed"));
}

TEST(SetupPanel, CountsTasksAndLocks) {
    scenario::Scenario scenario = scenarioNamed("mixed", 2);
    scenario.locks.push_back({"stove"});
    EXPECT_TRUE(factsOf(scenario).startsWith(QStringLiteral("10 task")));
    EXPECT_TRUE(factsOf(scenario).contains(QStringLiteral("1 lock")));
}

} // namespace
} // namespace interleave::ui
