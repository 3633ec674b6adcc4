// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/run_setup.h"

#include <gtest/gtest.h>

namespace interleave::ui {
namespace {

TEST(RunSetup, BecomesTheCommandLineOfTheRunner) {
    RunSetup setup;
    setup.scenario = QStringLiteral("my dishes.toml");
    setup.model = QStringLiteral("gil-threads");
    setup.workers = 3;
    setup.settings = {{"switch_interval", "1 ms"}};
    EXPECT_EQ(
        setup.arguments(QStringLiteral("/s"), QStringLiteral("/s/run.ilv")),
        (QStringList{"run", "my dishes.toml", "--model", "gil-threads", "--workers", "3", "--set",
                     "switch_interval=1 ms", "--session", "/s", "-o", "/s/run.ilv"}));
}

TEST(RunSetup, LeavesTheNumberOfWorkersToTheRunnerWhenItIsNotGiven) {
    RunSetup setup;
    setup.scenario = QStringLiteral("mixed");
    setup.model = QStringLiteral("sequential");
    EXPECT_FALSE(setup.arguments(QString(), QString()).contains(QStringLiteral("--workers")));
}

} // namespace
} // namespace interleave::ui
